import Domain

/// Nobody is told of anything.
struct NoChannels: ChannelMaking {
  var kinds: [ChannelKind] { [] }
  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    throw ChannelSettingsError(key: "channel", message: "there are no channels here")
  }
}
