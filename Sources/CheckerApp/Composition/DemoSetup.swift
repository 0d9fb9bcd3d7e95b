import CheckFiles
import Checking
import Demo
import Domain
import Foundation

/// Puts the demo's shop, checkers and history into a store that has none of them.
struct DemoSetup {
  let service: CheckerService
  let folder: String

  /// The shop's newest rows must look new, so it is made again when it is older than this, in seconds.
  private static let freshness: Double = 12 * 3600

  func prepare() async throws {
    let path = (folder as NSString).appendingPathComponent("demo-shop.db")
    let absolute = URL(fileURLWithPath: path).path
    try makeShop(at: absolute)
    let isNew = try await service.store.dataSource("shop") == nil
    guard isNew else { return }
    for text in DemoFile.texts(databasePath: absolute) {
      let file = try CheckFileReader.read(text, file: "demo")
      let declared = Declarations(dataSources: file.dataSources, datasets: file.datasets, checkers: file.checkers)
      _ = try await service.apply(declared, author: "demo")
    }
    try await DemoHistory(service: service).write()
    for stored in try await service.store.checkers() {
      _ = try await service.runNow(stored.checker.id, trigger: .manual)
    }
  }

  private func makeShop(at path: String) throws {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let age = (attributes?[.modificationDate] as? Date).map { service.now().timeIntervalSince($0) }
    if let age, age < Self.freshness { return }
    try ShopDatabase.write(to: path, now: service.now())
  }
}
