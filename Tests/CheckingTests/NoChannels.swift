import Checking
import DataSources
import Domain
import Persistence
import TestSupport

/// Nobody is told of anything.
struct NoChannels: ChannelMaking {
  var kinds: [ChannelKind] { [] }
  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    throw ChannelSettingsError(key: "channel", message: "there are no channels here")
  }
}

extension CheckerService {
  /// One whose time passes as `clock` says, and that wakes nobody.
  init(trying store: SQLiteStore, _ clock: ManualClock, channels: any ChannelMaking = NoChannels()) {
    self.init(
      store: store, engines: EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [])),
      channels: channels, now: { clock.now }, wake: {})
  }
}
