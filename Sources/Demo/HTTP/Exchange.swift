import CMicrohttpd

/// One request on a connection and what became of it. Lives as long as libmicrohttpd knows the request.
final class Exchange {
  enum Outcome {
    case unasked
    case awaited
    case answered(HTTPResponse?)
  }

  private static let longestBody = 1 << 20

  let connection: OpaquePointer
  private let method: String
  private let path: String
  private var body: [UInt8] = []
  var outcome = Outcome.unasked

  init(_ connection: OpaquePointer, method: String, path: String) {
    self.connection = connection
    self.method = method
    self.path = path
  }

  /// Adds a part of the body; false when it is too long.
  func take(_ part: UnsafeRawBufferPointer) -> Bool {
    guard body.count + part.count <= Self.longestBody else { return false }
    body.append(contentsOf: part)
    return true
  }

  var request: HTTPRequest {
    HTTPRequest(
      method: method, path: path, query: values(.GET_ARGUMENT_KIND), headers: values(.HEADER_KIND), body: body)
  }

  func resume() {
    MHD_resume_connection(connection)
  }

  func send(_ answer: HTTPResponse?) -> MHD_Result {
    guard let answer else { return .NO }
    let response = answer.body.withUnsafeBytes {
      MHD_create_response_from_buffer(
        $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", answer.type)
    for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
    return MHD_queue_response(connection, answer.status, response)
  }

  private func values(_ kind: MHD_ValueKind) -> [String: String] {
    var result = Values()
    withUnsafeMutablePointer(to: &result) { _ = MHD_get_connection_values(connection, kind, collectValue, $0) }
    guard kind == .HEADER_KIND else { return result.all }
    return Dictionary(result.all.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
  }
}

private struct Values {
  var all: [String: String] = [:]
}

private func collectValue(
  context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, value: UnsafePointer<CChar>?
) -> MHD_Result {
  guard let context, let name else { return .YES }
  let values = context.assumingMemoryBound(to: Values.self)
  values.pointee.all[String(cString: name)] = value.map { String(cString: $0) } ?? ""
  return .YES
}
