import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/events`: what happens, as server-sent events (WHATWG HTML, 9.2). Pages fetch themselves again when one comes.
struct LiveEvents: RouteGroup {
  let site: Site

  /// Seconds between comments that keep the connection open and find out that a page has gone.
  private static let heartbeat = Duration.seconds(15)

  func add(to router: Router<WebContext>) {
    router.get("/events") { _, _ in
      guard let news = site.events.listen() else {
        throw WebProblem(.serviceUnavailable, "Too many open pages", "Close some pages of this service.")
      }
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: ResponseBody { writer in
          try await Self.write(news, to: &writer)
          try await writer.finish(nil)
        })
    }
  }

  private static func write(
    _ news: AsyncStream<Broadcaster.News>, to writer: inout any ResponseBodyWriter
  ) async throws {
    try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
    let (lines, feed) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(256))
    let sources = Task {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for await item in news { feed.yield(text(of: item)) }
        }
        group.addTask {
          while (try? await Task.sleep(for: heartbeat)) != nil { feed.yield(": still here\n\n") }
        }
        // The news end when the service stops.
        _ = await group.next()
        group.cancelAll()
      }
      feed.finish()
    }
    defer { sources.cancel() }
    for await line in lines { try await writer.write(ByteBuffer(string: line)) }
  }

  /// Names hold no line ends (`NameRule`), so they need no escaping here.
  private static func text(of news: Broadcaster.News) -> String {
    "event: \(news.event)\ndata: \(Link.checker(news.checker))\n\n"
  }
}
