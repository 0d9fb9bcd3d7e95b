import TestSupport
import Testing

/// The demo as somebody at a desk sees it.
struct DemoInChromium {
  let folder: TemporaryFolder
  let service: RunningService
  let browser: Browser

  init(height: Int = 1000) async throws {
    folder = try TemporaryFolder()
    service = try await RunningService.demo(in: folder)
    browser = try await Browser()
    try await browser.resize(width: 1440, height: height)
  }

  func open(_ path: String) async throws { try await browser.open(service.site.address + path) }

  /// Ends both; the service must do so cleanly.
  func close() async throws {
    try await browser.close()
    #expect(try await service.stop() == 0)
  }
}
