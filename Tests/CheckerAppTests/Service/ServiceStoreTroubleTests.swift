import Domain
import Foundation
import TestSupport
import Testing

@Suite("The service and its store in trouble") struct ServiceStoreTroubleTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static let longAgo = Date(timeIntervalSince1970: 1_700_000_000)
  private static let yaml = """
    version: 1
    namespace: shop
    data_sources:
      - {name: file, driver: sqlite, uri: EMPTY_DB}
    datasets:
      - {name: quick, data_source: file, sql: SELECT 1 AS one}
    checkers:
      - {name: quick, schedule: "0 0 29 2 *", rules: [{check: row_count, dataset: quick}]}
    """

  @Test("Another program that locks the store for long: it is said, and the run is recorded once it lets go")
  func lockedStore() async throws {
    try await folder.declare(Self.yaml, due: Date().addingTimeInterval(3))
    let service = try await folder.start()
    let holder = try StoreHolder(folder.path + "/store.sqlite")
    try await wait(until: "the lock is held") { holder.isHolding }
    try await wait(until: "a word about the lock") { service.program.errors.contains("locked by another program") }
    // Reading goes on.
    #expect(try await service.site.get("/checkers/shop/quick").status == 200)
    let answer = try await service.site.post("/checkers/shop/quick/run")
    #expect(answer.status == 503)
    #expect(answer.body.contains("locked by another program"))
    try await holder.letGo()
    try await service.state(of: "shop/quick", says: "Green")
    #expect(try await service.stop() == 0)
    #expect(try await folder.runs(of: "quick").count { $0.trigger == .schedule } == 1)
  }

  @Test("A store that is locked at the start is named") func lockedAtStart() async throws {
    try await folder.declare(Self.yaml)
    let holder = try StoreHolder(folder.path + "/store.sqlite")
    try await wait(until: "the lock is held") { holder.isHolding }
    let program = try await folder.refusal()
    #expect(program.exitStatus == 69)
    #expect(program.errors.contains("locked by another program"))
    #expect(program.errors.contains("store.sqlite"))
    try await holder.letGo()
    #expect(try await folder.start().stop() == 0)
  }

  @Test("A full disk: it is said, pages are shown, and once there is room runs are recorded again")
  func fullDisk() async throws {
    for kind in try await SmallDisk.kinds() { try await expectFullDisk(kind) }
  }

  private func expectFullDisk(_ kind: SmallDisk.Kind) async throws {
    let folder = try ServiceFolder()
    try await folder.declare(Self.yaml)
    let disk = try await SmallDisk(kind, copyOf: folder)
    let service = disk.service
    try await service.runNow("shop/quick")
    try disk.fill()
    let answer = try await service.site.post("/checkers/shop/quick/run")
    #expect(answer.status == 503)
    #expect(answer.body.contains("disk that holds the store"))
    let health = try await service.site.get("/api/v1/health")
    #expect(health.status == 503 && health.body.contains(#""store":"refuses_writes""#), "\(health)")
    #expect(health.body.contains("disk that holds the store"))
    let page = try await service.site.get("/checkers/shop/quick")
    #expect(page.status == 200)
    #expect(try await service.runCount("shop/quick") == 1)
    try disk.makeRoom()
    try await wait(until: "the service is well") { try await service.site.get("/api/v1/health").status == 200 }
    try await service.runNow("shop/quick")
    try await service.state(of: "shop/quick", says: "Green")
    #expect(try await service.stop() == 0)
  }
}
