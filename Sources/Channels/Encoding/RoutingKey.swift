import Domain

/// `<namespace>.<checker>.<state>`, so that a queue can bind `shop.*.red` or `shop.#`.
enum RoutingKey {
  /// AMQP's short string takes 255 bytes: two names of 120, two dots and the state.
  private static let longestName = 120

  static func of(_ event: Event) -> String {
    let state = CloudEvent.state(of: event)
    return "\(word(event.alarmName.namespace)).\(word(event.alarmName.name)).\(state)"
  }

  /// A dot would make two words of one name.
  private static func word(_ name: String) -> String {
    var word = name.replacing(".", with: "_")
    while word.utf8.count > longestName { word.removeLast() }
    return word
  }
}
