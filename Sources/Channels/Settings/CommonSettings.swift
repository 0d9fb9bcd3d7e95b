import Domain

/// What every channel that writes to people lets a user set.
struct CommonSettings: Sendable {
  var rows: RowPolicy
  /// Certificates to trust, a PEM file; empty takes the system's.
  var caFile: String
  /// Events in a minute; 0 sets no limit.
  var perMinute: Int

  /// `perMinute` is what the receiver bears by default.
  static func declared(perMinute: Int) -> [ChannelSetting] {
    RowPolicy.declared + [
      ChannelSetting(
        key: "max_per_minute", label: "Most events in a minute", help: "More wait their turn; 0 sets no limit.",
        kind: .number, defaultValue: "\(perMinute)"),
      ChannelSetting(
        key: "ca_file", label: "Certificate authority", help: "A PEM file to trust in place of the system's."),
    ]
  }

  init(_ reader: SettingsReader) throws(ChannelSettingsError) {
    rows = try RowPolicy(reader)
    caFile = try reader.text("ca_file")
    perMinute = try reader.integer("max_per_minute", in: 0...100_000)
  }
}
