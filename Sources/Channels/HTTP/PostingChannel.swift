import Domain

/// One request of a channel.
struct Posting: Sendable {
  var url: String
  var headers: HTTPReceiver.Headers = [HTTPReceiver.json]
  var body: [UInt8]

  init(_ url: String, _ json: JSON, headers: HTTPReceiver.Headers = []) {
    self.url = url
    self.headers += headers
    body = json.encoded
  }
}

/// A channel that tells of each event by a few requests to one service, in their order. A request that is repeated
/// after a later one failed changes nothing.
protocol PostingChannel: TemplatedChannel {
  var outlet: Outlet { get }

  func postings(for event: Event) -> [Posting]
}

extension PostingChannel {
  package var wantsEveryRun: Bool { false }

  var wording: Wording { outlet.wording }

  package func send(_ event: Event) async throws(DeliveryError) {
    try await outlet.gate.pass()
    for posting in postings(for: outlet.rows.applied(to: event)) {
      try await outlet.receiver.post(posting.body, to: posting.url, headers: posting.headers)
    }
  }

  package func close() async { await outlet.receiver.close() }

  func message(for event: Event) -> Message { Message(event, outlet.templates, links: outlet.links) }
}

/// What the channels that post have in common.
struct Outlet: Sendable {
  var address: HTTPAddress
  var receiver: HTTPReceiver
  var templates: Templates
  var rows: RowPolicy
  var links: Links
  let gate: RateGate

  var wording: Wording { Wording(templates: templates, rows: rows, links: links) }

  /// `key` is the setting that holds the address; `secrets` must not show up in any message, beside whatever the
  /// settings take from the environment.
  init(
    _ setup: ChannelSetup, _ reader: SettingsReader, _ slots: [TemplateSlot], address key: String = "url",
    secrets: [String] = []
  ) throws(ChannelSettingsError) {
    address = try HTTPAddress(try reader.text(key), key: key)
    let common = try CommonSettings(reader)
    receiver = HTTPReceiver(address, secrets: secrets + reader.allVariables, caFile: common.caFile)
    templates = try Templates(slots, reader, isLenient: setup.isLenient)
    rows = common.rows
    links = setup.links
    gate = RateGate(perMinute: common.perMinute)
  }
}
