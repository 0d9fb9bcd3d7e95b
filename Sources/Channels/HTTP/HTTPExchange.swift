/// One request to a web service and its answer, for whoever waits: commands of the command line.
package struct HTTPExchange: Sendable {
  package var status: Int
  package var body: [UInt8]

  /// No answer came: why, in a few words.
  package struct Failure: Error {
    package var message: String
  }

  /// Blocks the thread. A `body` makes it a POST request.
  ///
  /// - Parameters:
  ///   - caFile: Certificates to trust, a PEM file; empty takes the system's.
  ///   - totalSeconds: The longest that it may take.
  ///   - maximumBytes: How much of the answer is read.
  package init(
    _ url: String, headers: [(name: String, value: String)], body: [UInt8]? = nil, caFile: String = "",
    totalSeconds: Int, maximumBytes: Int
  ) throws(Failure) {
    do throws(HTTPFailure) {
      let response = try HTTPClient(totalSeconds: totalSeconds).send(
        HTTPRequest(
          isGet: body == nil, url: url, headers: headers, body: body ?? [], caFile: caFile, maximumBytes: maximumBytes))
      (status, self.body) = (response.status, response.body)
    } catch {
      throw Failure(message: error.message)
    }
  }
}
