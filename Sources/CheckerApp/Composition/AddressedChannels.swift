import Channels
import Domain
import WebUI

/// The channels, with links to the pages where the service knows its own address now.
struct AddressedChannels: ChannelMaking {
  let environment: [String: String]
  let address: PublicAddress

  private var catalogue: ChannelCatalogue {
    ChannelCatalogue(environment: environment, links: Links(base: address.base ?? ""))
  }

  var kinds: [ChannelKind] { catalogue.kinds }

  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel { try catalogue.make(action) }

  func makeToSend(_ action: Action) throws(ChannelSettingsError) -> any Channel { try catalogue.makeToSend(action) }

  func preview(_ action: Action, event: Event?) -> [TemplatePreview] { catalogue.preview(action, event: event) }
}
