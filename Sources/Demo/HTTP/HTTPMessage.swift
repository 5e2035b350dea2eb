/// A request as it was read to its end.
struct HTTPRequest {
  let method: String
  /// Decoded, without the query.
  let path: String
  /// The last value of each parameter of the query.
  let query: [String: String]
  /// The last value of each header, by its name in small letters.
  let headers: [String: String]
  let body: [UInt8]

  /// The parts of the path between its slashes.
  var segments: [String] { path.split(separator: "/").map(String.init) }
}

/// An answer with a body of text, JSON mostly.
struct HTTPResponse {
  let status: UInt32
  let body: [UInt8]
  let type: String
  var headers: [(name: String, value: String)] = []

  init(_ status: UInt32, _ body: JSON, type: String = "application/json; charset=utf-8") {
    self.init(status, text: body.text, type: type)
  }

  init(_ status: UInt32, text: String, type: String) {
    self.status = status
    body = Array(text.utf8)
    self.type = type
  }
}
