import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("Services behind nginx")
struct NginxTests {
  private static let up = #"return 200 '{"status":"UP"}';"#
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func endpoint(_ name: String, _ url: String, _ access: HTTPAccess = HTTPAccess()) -> HTTPEndpoint {
    HTTPEndpoint(
      service: name, instance: 0, purpose: .health(HealthBodyReader()), url: url, interval: .milliseconds(100),
      timeout: .seconds(10), access: access)
  }

  private func access(_ change: (inout HTTPAccess) -> Void) -> HTTPAccess {
    var access = HTTPAccess()
    change(&access)
    return access
  }

  /// Polls until every endpoint has an outcome and returns the services view after the first outcome of each.
  private func judge(_ endpoints: [HTTPEndpoint], sink: CollectingSink = CollectingSink()) async throws
    -> [String: ServiceRow]
  {
    let services = endpoints.map { ServiceDefinition(name: $0.service, instances: [.init(url: $0.url)]) }
    let store = Store(
      SystemDefinition(name: "", topics: [], sagas: []), context: .init(name: ""), services: services,
      symbols: SymbolTable(), now: SystemClock.now)
    let source = HTTPSource(endpoints, sink: sink)
    source.start()
    defer { source.stop() }
    let names = Set(endpoints.map(\.service))
    try #require(await waitUntil { Set(sink.services.map(\.service)) == names })
    var rows: [String: ServiceRow] = [:]
    for name in names {
      let sample = try #require(sink.services.first { $0.service == name })
      store.accept(sample)
      rows[name] = store.services(ServiceQuery(limit: .max), now: sample.time).services.first { $0.name == name }
    }
    return rows
  }

  /// `localhost` may also resolve to `::1`, where this nginx does not listen.
  private func tls(_ port: UInt16, _ certificate: TestCertificate, _ body: String = up, _ more: String = "") -> String {
    """
    server {
      listen 127.0.0.1:\(port) ssl;
      ssl_certificate \(certificate.certificate);
      ssl_certificate_key \(certificate.key);
      \(more)
      location / { \(body) }
    }
    """
  }

  @Test(
    "a certificate is reported during its last two weeks only",
    arguments: [(10, ServiceVerdict.degraded, "its certificate expires in 9 days"), (60, .up, "says UP")])
  func expiry(days: Int, verdict: ServiceVerdict, reason: String) async throws {
    let certificate = try await TestCertificate(in: directory, name: "server", days: days)
    let nginx = try await NginxServer.start(in: directory) { tls($0, certificate) }
    let trusting = access { $0.authorities = certificate.certificate }
    let row = try await judge([endpoint("shop", "https://localhost:\(nginx.port)/", trusting)])["shop"]
    #expect(row?.verdict == verdict)
    #expect(row?.reason == reason)
    let answer = try #require(row?.instances.first?.answer)
    let left = try #require(answer.certificateEnd) - SystemClock.now()
    #expect(left > .seconds((days - 1) * 86_400) && left <= .seconds(days * 86_400))
    #expect(answer.phases.tls > .zero)
  }

  @Test("a compressed response is decoded; a damaged one gives an unknown state with the reason")
  func compressed() async throws {
    let nginx = try await NginxServer.start(in: directory) { port in
      """
      server {
        listen 127.0.0.1:\(port);
        gzip on; gzip_types *; gzip_min_length 1;
        location /good { return 200 '{"status":"DOWN","detail":"\(String(repeating: "a", count: 200))"}'; }
        location /bad { gzip off; add_header Content-Encoding gzip; \(Self.up) }
      }
      """
    }
    let rows = try await judge([
      endpoint("good", "http://127.0.0.1:\(nginx.port)/good"), endpoint("bad", "http://127.0.0.1:\(nginx.port)/bad"),
    ])
    #expect(rows["good"]?.verdict == .down && rows["good"]?.reason.contains("says DOWN") == true)
    #expect(rows["bad"]?.verdict == .unknown && rows["bad"]?.reason.contains("compression is damaged") == true)
  }

  @Test("an untrusted certificate, or one for another host, is refused, and the reason is reported")
  func untrusted() async throws {
    let certificate = try await TestCertificate(in: directory, name: "server", days: 60)
    let nginx = try await NginxServer.start(in: directory) { tls($0, certificate) }
    let rows = try await judge([
      endpoint("unknown", "https://localhost:\(nginx.port)/"),
      endpoint(
        "other", "https://127.0.0.1:\(nginx.port)/", access { $0.authorities = certificate.certificate }),
    ])
    for (name, place) in [("unknown", "localhost"), ("other", "127.0.0.1")] {
      #expect(rows[name]?.verdict == .down)
      let reason = rows[name]?.reason ?? ""
      #expect(reason.hasPrefix("\(place):\(nginx.port): its certificate is not trusted: "), "\(reason)")
    }
    #expect(rows["unknown"]?.reason.contains("self-signed certificate") == true)
    #expect(rows["other"]?.reason.contains("127.0.0.1") == true)
  }

  @Test("a client certificate is accepted; without one, or with a wrong key, the reason is reported")
  func clientCertificate() async throws {
    let certificate = try await TestCertificate(in: directory, name: "server", days: 60)
    let client = try await TestCertificate(in: directory, name: "client", days: 60)
    let nginx = try await NginxServer.start(in: directory) {
      tls($0, certificate, Self.up, "ssl_verify_client on; ssl_client_certificate \(client.certificate);")
    }
    let url = "https://localhost:\(nginx.port)/"
    func access(_ certificateFile: String?, _ key: String?) -> HTTPAccess {
      self.access { ($0.authorities, $0.certificate, $0.key) = (certificate.certificate, certificateFile, key) }
    }
    let rows = try await judge([
      endpoint("known", url, access(client.certificate, client.key)), endpoint("nobody", url, access(nil, nil)),
      endpoint("unfit", url, access(client.certificate, certificate.key)),
    ])
    #expect(rows["known"]?.verdict == .up)
    #expect(rows["nobody"]?.verdict == .unknown)
    #expect(rows["nobody"]?.reason == "does not let sagatop in without a client certificate (HTTP 400)")
    #expect(rows["unfit"]?.verdict == .unknown)
    let unfit = rows["unfit"]?.reason ?? ""
    #expect(
      unfit.hasPrefix("localhost:\(nginx.port): the client certificate \(client.certificate) cannot be used: "),
      "\(unfit)")
  }

  @Test("a user with a password is accepted; a refused user gives an unknown state")
  func basic() async throws {
    try directory.write("ada:{PLAIN}s3cret\n", to: "users")
    let nginx = try await NginxServer.start(in: directory) { port in
      """
      server {
        listen 127.0.0.1:\(port);
        auth_basic shop;
        auth_basic_user_file \(directory.path)/users;
        location / { try_files /none @up; }
        location @up { \(Self.up) }
      }
      """
    }
    let url = "http://127.0.0.1:\(nginx.port)/"
    let rows = try await judge([
      endpoint("ada", url, access { ($0.user, $0.password) = ("ada", "s3cret") }),
      endpoint("eve", url, access { ($0.user, $0.password) = ("eve", "guess") }), endpoint("nobody", url),
    ])
    #expect(rows["ada"]?.verdict == .up)
    for name in ["eve", "nobody"] {
      #expect(rows[name]?.verdict == .unknown)
      #expect(rows[name]?.reason == "does not let sagatop in (HTTP 401)")
    }
  }

  @Test("connections are reused, also with TLS and on a Unix socket, and the host header is the configured one")
  func kept() async throws {
    let certificate = try await TestCertificate(in: directory, name: "server", days: 60)
    let body = "return 200 '$connection $host';"
    let nginx = try await NginxServer.start(in: directory) {
      tls($0, certificate, body) + "\nserver { listen unix:\(directory.path)/socket; location / { \(body) } }"
    }
    let sink = CollectingSink()
    let source = HTTPSource(
      [
        endpoint(
          "tls", "https://localhost:\(nginx.port)/", access { $0.authorities = certificate.certificate }),
        endpoint(
          "socket", "http://shop/", access { ($0.unixSocket, $0.host) = ("\(directory.path)/socket", "api.local") }),
      ], sink: sink)
    source.start()
    defer { source.stop() }
    for (name, host) in [("tls", "localhost"), ("socket", "api.local")] {
      try #require(await waitUntil { sink.services.count { $0.service == name } >= 4 })
      let bodies = sink.services.filter { $0.service == name }.map { reading -> String in
        guard case .answered(let answer) = reading.outcome else { return "\(reading.outcome)" }
        return String(decoding: answer.excerpt, as: UTF8.self)
      }
      #expect(Set(bodies).count == 1, "\(bodies)")
      #expect(bodies.first?.hasSuffix(" \(host)") == true, "\(bodies)")
    }
  }
}
