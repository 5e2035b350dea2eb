import Core
import TestSupport
import Testing

@testable import Actions

@Suite("Paths through proxies")
struct ProxyTests {
  enum Proxy: CaseIterable, Sendable {
    case none, nginx, nginxThatDecodes, haproxy, haproxyThatNormalizes
  }

  /// Ids that a proxy or server may resolve to another path, and ids that are only unusual.
  private static let ids =
    [
      "x/../../admin/delete", "../../admin/delete", "..", ".", "..;/admin", "%2e%2e", "%2E%2E%2Fadmin", "a%2Fb",
      "a%252Fb",
      "%252e%252e%252fadmin", "a\\..\\admin", "..\\..\\admin", "a%5C..%5Cadmin", "/admin", "//admin", "a/b", "a;b=c",
      "a b",
      "a?b", "a#b", "a%", "a%zz", "%2", "7f3a", "caf\u{e9}", "a+b", "a&b", "a:b@c", "..a", "a..b", "...", "-", "~a",
    ]

  /// The URL of the server behind the proxy, and an object that must be retained while it is in use.
  private func front(_ proxy: Proxy, _ server: ActionServer, _ directory: TemporaryDirectory) async throws -> (
    url: String, keep: AnyObject?
  ) {
    func nginx(_ place: String) async throws -> (String, AnyObject?) {
      let nginx = try await NginxServer.start(in: directory) { port in
        "server { listen 127.0.0.1:\(port); location / { proxy_pass http://127.0.0.1:\(server.port)\(place); } }"
      }
      return ("http://127.0.0.1:\(nginx.port)", nginx)
    }
    func haproxy(_ rules: String) async throws -> (String, AnyObject?) {
      let haproxy = try await HAProxyServer.start(in: directory, backend: server.port, rules: rules)
      return ("http://127.0.0.1:\(haproxy.port)", haproxy)
    }
    switch proxy {
    case .none: return (server.url, nil)
    case .nginx: return try await nginx("")
    case .nginxThatDecodes: return try await nginx("/")
    case .haproxy: return try await haproxy("")
    case .haproxyThatNormalizes:
      return try await haproxy(
        "http-request normalize-uri percent-decode-unreserved\n  http-request normalize-uri path-strip-dotdot full\n"
          + "  http-request normalize-uri path-strip-dot\n  http-request normalize-uri path-merge-slashes")
    }
  }

  @Test(
    "for any saga id the server receives a path with one segment below /retry, or no request",
    arguments: Proxy.allCases)
  func onePart(proxy: Proxy) async throws {
    let scene = try ActionScene([
      ActionDefinition(name: .retry, call: try ActionScene.http(), expectation: .init(within: .milliseconds(10)))
    ])
    let server = try ActionServer { _ in .answer(200, "") }
    let (url, keep) = try await front(proxy, server, scene.directory)
    let gate = scene.gate { $0.apis[0].url = url }
    var sent = 0
    for id in Self.ids {
      scene.fail(id)
      guard let plan = try? scene.plan(gate, id) else { continue }
      #expect(gate.run(plan, answer: .yes) == nil)
      _ = try await scene.outcomes(gate, plan)
      sent += 1
      let path = try #require(server.requests.last?.path)
      #expect(server.requests.count == sent, "\(id)")
      #expect(Self.isBelowRetry(path, decodings: 2), "\(id) arrived as \(path)")
    }
    #expect(sent >= 12)
    withExtendedLifetime(keep) {}
  }

  /// The same after up to `decodings` additional percent-decodings.
  private static func isBelowRetry(_ path: String, decodings: Int) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, parts[1] == "retry", !parts[2].isEmpty, parts[2] != ".", parts[2] != ".."
    else { return false }
    return decodings == 0 || isBelowRetry(decoded(path), decodings: decodings - 1)
  }

  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.count >= 2 ? String(decoding: rest.prefix(2), as: UTF8.self) : ""
      if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16), !digits.hasPrefix("+") {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("an empty header value is sent, a request without a body has no content type, and the key has the API's format")
  func headers() async throws {
    let call = ActionCall.http(
      .init(
        api: "shop", target: try ActionScene.template("/retry/{saga.id}", .url),
        headers: [.init(name: "X-Empty", value: try ActionScene.template("", .header))]))
    let scene = try ActionScene([
      ActionDefinition(name: .retry, call: call, expectation: .init(within: .milliseconds(10)))
    ])
    let server = try ActionServer { _ in .answer(200, "") }
    for (place, isQuoted) in [false, true].enumerated() {
      scene.fail("\(place)")
      let gate = scene.gate(server) { $0.apis[0].quotesIdempotencyKey = isQuoted }
      let plan = try scene.plan(gate, "\(place)")
      #expect(gate.run(plan, answer: .yes) == nil)
      _ = try await scene.outcomes(gate, plan)
      let request = try #require(server.requests.last)
      #expect(request.headers["x-empty"] == "")
      #expect(request.headers["content-type"] == nil)
      let key = plan.items[0].idempotencyKey
      #expect(request.key == (isQuoted ? "\"\(key)\"" : key))
      #expect(plan.request.contains("Idempotency-Key: \(request.key)") && plan.request.contains("X-Empty: "))
    }
  }
}
