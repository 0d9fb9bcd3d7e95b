import CCurl
import Foundation

/// A POST request, or a GET without a body.
struct HTTPRequest: Sendable {
  var isGet = false
  var url: String
  var headers: [(name: String, value: String)]
  var body: [UInt8]
  /// Certificates to trust, a PEM file; empty takes the system's.
  var caFile: String
  /// How much of the response is read; the rest is of no interest.
  var maximumBytes = HTTPClient.maximumBytes
}

struct HTTPResponse: Sendable {
  var status: Int
  /// At most the request's `maximumBytes` of it.
  var body: [UInt8]
  var retryAfter: String?
}

/// No response came: why, in a few words.
struct HTTPFailure: Error {
  var message: String
}

/// Makes one request at a time and keeps the connection for the next. Owns libcurl's handle; used from one thread at
/// a time.
final class HTTPClient {
  /// Of an answer that only says how it went.
  static let maximumBytes = 64 << 10
  private static let connectSeconds = 10

  /// curl asks for this once per process, before anything else.
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let handle: UnsafeMutableRawPointer
  private let totalSeconds: Int

  /// `totalSeconds` bounds each request, from the name's resolution to the last byte.
  init(totalSeconds: Int = 22) throws(HTTPFailure) {
    guard Self.isReady, let handle = curl_easy_init() else { throw HTTPFailure(message: "libcurl does not start") }
    self.handle = handle
    self.totalSeconds = totalSeconds
  }

  deinit {
    curl_easy_cleanup(handle)
  }

  func send(_ request: HTTPRequest) throws(HTTPFailure) -> HTTPResponse {
    curl_easy_reset(handle)
    setLimits()
    checker_curl_set_text(handle, CURLOPT_URL, request.url)
    if !request.caFile.isEmpty { checker_curl_set_text(handle, CURLOPT_CAINFO, request.caFile) }
    let headers = list(of: request.headers)
    defer { curl_slist_free_all(headers) }
    checker_curl_set_headers(handle, headers)
    checker_curl_set_long(handle, request.isGet ? CURLOPT_HTTPGET : CURLOPT_POST, 1)
    if !request.isGet { checker_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, request.body.count) }
    let body = ResponseBody(room: request.maximumBytes)
    let code = request.body.withUnsafeBytes { bytes in
      withExtendedLifetime(body) {
        if !request.isGet {
          checker_curl_set_text(handle, CURLOPT_POSTFIELDS, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
        checker_curl_set_sink(handle, collect, Unmanaged.passUnretained(body).toOpaque())
        return curl_easy_perform(handle)
      }
    }
    let status = checker_curl_status(handle)
    // A body that is too long ends the transfer early, when the status is known already.
    guard code == CURLE_OK || (code == CURLE_WRITE_ERROR && body.isFull && status > 0) else {
      throw HTTPFailure(message: Self.text(of: code, handle))
    }
    return HTTPResponse(status: status, body: body.bytes, retryAfter: header("Retry-After"))
  }

  private func setLimits() {
    // Signals would interrupt other threads; the resolver keeps to the limits by itself.
    checker_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    checker_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, Self.connectSeconds)
    checker_curl_set_long(handle, CURLOPT_TIMEOUT, totalSeconds)
    checker_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    checker_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    checker_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    checker_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    checker_curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
    checker_curl_set_text(handle, CURLOPT_USERAGENT, "malleable-checker")
  }

  private func list(of headers: [(name: String, value: String)]) -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    // curl waits a second for leave to send a long body unless told not to ask.
    for line in headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
      list = curl_slist_append(list, line) ?? list
    }
    return list
  }

  private func header(_ name: String) -> String? {
    var found: UnsafeMutablePointer<curl_header>?
    guard curl_easy_header(handle, name, 0, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK,
      let value = found?.pointee.value
    else { return nil }
    return String(cString: value)
  }

  /// `cannot connect: connection refused`.
  static func noConnection(_ handle: UnsafeMutableRawPointer) -> String {
    let number = checker_curl_system_error(handle)
    if number == 0 { return "cannot connect" }
    let reason = String(cString: strerror(Int32(number)))
    return "cannot connect: \(reason.prefix(1).lowercased())\(reason.dropFirst())"
  }

  private static func text(of code: CURLcode, _ handle: UnsafeMutableRawPointer) -> String {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: "its name cannot be resolved"
    case CURLE_COULDNT_CONNECT: noConnection(handle)
    case CURLE_OPERATION_TIMEDOUT: "no answer in time"
    case CURLE_PEER_FAILED_VERIFICATION: "its certificate cannot be verified. Set 'ca_file' for one of your own"
    case CURLE_GOT_NOTHING: "it closed the connection without an answer"
    default: String(cString: curl_easy_strerror(code))
    }
  }
}

private final class ResponseBody {
  let room: Int
  var bytes: [UInt8] = []
  var isFull = false

  init(room: Int) { self.room = room }
}

/// Called by curl with a piece of the response; a count other than what was given ends the transfer.
private func collect(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let body = Unmanaged<ResponseBody>.fromOpaque(context).takeUnretainedValue()
  let room = body.room - body.bytes.count
  body.bytes += UnsafeRawBufferPointer(start: bytes, count: min(room, size * count))
  body.isFull = size * count > room
  return body.isFull ? 0 : size * count
}
