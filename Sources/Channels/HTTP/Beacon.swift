package import Domain

/// Asks for an address, so that whoever watches it knows that somebody is alive.
package struct Beacon: Sendable {
  private let environment: [String: String]

  /// `environment` answers the `${NAME}` in an address.
  package init(environment: [String: String]) { self.environment = environment }

  /// Posts nothing to `address`, and returns at a 2xx answer. No error shows the address: it is often a secret.
  package func ping(_ address: String) async throws(DeliveryError) {
    let receiver: HTTPReceiver
    let target: HTTPAddress
    do throws(ChannelSettingsError) {
      let setting = ChannelSetting(key: "url", label: "Address", help: "", kind: .secret)
      let reader = try SettingsReader(["url": address], declared: [setting], environment: environment)
      target = try HTTPAddress(try reader.text("url"), key: "url")
      receiver = HTTPReceiver(target, secrets: reader.allVariables, caFile: "")
    } catch {
      throw .permanent(error.message)
    }
    do throws(DeliveryError) {
      try await receiver.post([], to: target.url, headers: [])
    } catch {
      await receiver.close()
      throw error
    }
    await receiver.close()
  }
}
