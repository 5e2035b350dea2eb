import Glibc
import Testing

@testable import Demo

/// Client for the nest's HTTP port, with one connection per request.
struct NestClient {
  struct Answer {
    let status: Int
    let headers: String
    let body: JSON
  }

  let port: UInt16
  var token: String?

  init(port: UInt16) {
    self.port = port
  }

  /// A logged-in client.
  static func operatorClient(port: UInt16) throws -> NestClient {
    var client = NestClient(port: port)
    client.token = try client.login()
    return client
  }

  func login() throws -> String {
    let words: JSON = .members(["email": .string(NestTokens.email), "password": .string(NestTokens.password)])
    return try #require(post("/auth/login", body: words)?.body["accessToken"]?.stringValue)
  }

  func get(_ path: String) throws -> Answer? { try call("GET", path, key: nil, body: nil, patience: 10) }

  /// `nil` if there is no response within `patience` seconds.
  func post(_ path: String, key: String? = nil, body: JSON? = nil, patience: Int = 10) throws -> Answer? {
    try call("POST", path, key: key, body: body, patience: patience)
  }

  private func call(_ method: String, _ path: String, key: String?, body: JSON?, patience: Int) throws -> Answer? {
    let socket = try LoopbackSocket.connect(port: port)
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(socket.number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout.size(ofValue: limit)))
    let text = body?.text ?? ""
    var lines = [
      "\(method) \(path) HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Content-Length: \(text.utf8.count)",
    ]
    if let token { lines.append("Authorization: Bearer \(token)") }
    if let key { lines.append("Idempotency-Key: \(key)") }
    Output.write((lines + ["", text]).joined(separator: "\r\n"), to: socket.number)
    return Self.answer(Self.readToEnd(socket.number))
  }

  private static func readToEnd(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    return bytes
  }

  private static func answer(_ bytes: [UInt8]) -> Answer? {
    let end = Array("\r\n\r\n".utf8)
    guard let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
    let head = String(decoding: bytes[..<split], as: UTF8.self)
    let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return status.map {
      Answer(status: $0, headers: head, body: JSONParser.parse(Array(bytes[(split + 4)...])) ?? .null)
    }
  }
}
