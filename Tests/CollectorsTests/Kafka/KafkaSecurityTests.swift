import Collectors
import Core
import TestSupport
import Testing

@testable import Clients

@Suite("a Kafka cluster with TLS and SASL", .serialized)
struct KafkaSecurityTests {
  private typealias Properties = [(name: String, value: String)]

  /// A server with three messages, and TLS files.
  private final class Place {
    let server: NoidaServer
    let directory: TemporaryDirectory
    let authority: TestAuthority

    init() throws {
      (server, directory) = (try NoidaServer(), try TemporaryDirectory())
      authority = try TestAuthority(in: directory)
      let producer = try TestProducer(server.brokers)
      try producer.createTopic("orders")
      try producer.write(.orders(1...3))
    }

    func broker(names: String = "IP:127.0.0.1", days: Int = 6, _ options: [String] = []) throws -> SecureBroker {
      let own = try authority.issue("broker", for: names, days: days)
      return try SecureBroker(before: server, ["--certificate", own.certificate, "--key", own.key] + options)
    }

    var tls: Properties { [("security.protocol", "ssl"), ("ssl.ca.location", authority.certificate)] }
  }

  /// Reads all messages with every kind of client of a source.
  private func reads(_ broker: SecureBroker, _ properties: Properties) async throws -> SourceStatus {
    let reading = try Reading(broker.brokers, properties: properties)
    let isRead = await waitUntil(.seconds(20)) { reading.sink.count == 3 && reading.sink.status.phase == .up }
    #expect(isRead, "\(reading.sink.status)")
    return reading.sink.status
  }

  /// Waits for the error of a source whose connection or login is refused.
  private func error(_ brokers: String, _ properties: Properties, _ words: String) async throws {
    let reading = try Reading(brokers, properties: properties)
    let isTold = await waitUntil(.seconds(60)) { reading.sink.status.error?.contains(words) ?? false }
    #expect(isTold, "expected: \(words), found: \(reading.sink.status.error ?? "none")")
    #expect(reading.sink.status.phase == .down && reading.sink.count == 0 && !reading.sink.status.isComplete)
    #expect(reading.sink.status.error?.contains("sesame") != true)
  }

  @Test("everything is read over TLS, and an expiring certificate is reported, also by `doctor`")
  func tls() async throws {
    let place = try Place()
    let broker = try place.broker()
    let reading = try Reading(broker.brokers, properties: place.tls)
    let note = "certificate of broker \(broker.brokers) expires in 6 days"
    #expect(await waitUntil(.seconds(20)) { reading.sink.count == 3 && reading.sink.status.notes.contains(note) })
    let access = KafkaAccess(brokers: broker.brokers, properties: place.tls)
    let certificate = try #require(BrokerCertificate.ask(broker.brokers, access))
    #expect(certificate.problem == nil && certificate.expiry(at: SystemClock.now()) == "expires in 6 days")
    #expect(certificate.expiry(at: SystemClock.now() - .seconds(86_400 * 30)) == nil)
    #expect(certificate.expiry(at: SystemClock.now() + .seconds(86_400 * 30))?.hasPrefix("has expired on 20") == true)
    #expect(BrokerCertificate.ask(broker.brokers, KafkaAccess(brokers: broker.brokers)) == nil)
  }

  @Test("a broker that requires a client certificate is read with one; without one the error says so")
  func clientCertificate() async throws {
    let place = try Place()
    let broker = try place.broker(["--client-ca", place.authority.certificate])
    let own = try place.authority.issue("client", for: "DNS:client", days: 6)
    let mine: Properties = [("ssl.certificate.location", own.certificate), ("ssl.key.location", own.key)]
    _ = try await reads(broker, place.tls + mine)
    try await error(broker.brokers, place.tls, "it wants a client certificate: set `ssl.certificate.location`")
    let stranger = try TestAuthority(in: place.directory, name: "stranger").issue("strange", for: "DNS:x", days: 6)
    let theirs: Properties = [("ssl.certificate.location", stranger.certificate), ("ssl.key.location", stranger.key)]
    try await error(broker.brokers, place.tls + theirs, "it does not take the client certificate: its authority")
  }

  @Test("an unknown authority, an expired certificate and a wrong host name give different errors")
  func untrusted() async throws {
    let place = try Place()
    let other = try TestAuthority(in: place.directory, name: "other")
    let stranger: Properties = [("security.protocol", "ssl"), ("ssl.ca.location", other.certificate)]
    let start = "its certificate is not trusted: set `ssl.ca.location` to the file of the authority that signed it, or"
    let good = try place.broker()
    try await error(good.brokers, stranger, start)
    try await error(good.brokers, stranger, "(unable to get local issuer certificate)")
    let old = try place.broker(days: 0)
    try await error(old.brokers, place.tls, "(certificate has expired)")
    let elsewhere = try place.broker(names: "DNS:elsewhere.example")
    try await error(elsewhere.brokers, place.tls, "(IP address mismatch)")
  }

  @Test("TLS to a plaintext broker, and plaintext to a TLS broker, name the wrong property")
  func wrongProtocol() async throws {
    let place = try Place()
    let broker = try place.broker()
    try await error(broker.brokers, [], "where it wants TLS, set `security.protocol` to ssl or sasl_ssl")
    try await error(
      place.server.brokers, place.tls, "it does not speak TLS there: set `security.protocol` to plaintext")
  }

  @Test(
    "everything is read with a password, and a wrong password is reported",
    arguments: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
  func password(mechanism: String) async throws {
    let place = try Place()
    let broker = try place.broker(["--mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512", "--password", "sesame"])
    let properties: Properties =
      place.tls.dropFirst() + [
        ("security.protocol", "sasl_ssl"), ("sasl.mechanism", mechanism), ("sasl.username", "ops"),
      ]
    _ = try await reads(broker, properties + [("sasl.password", "sesame")])
    try await error(
      broker.brokers, properties + [("sasl.password", "sesame2")],
      "; check `sasl.username`, `sasl.password` and `sasl.mechanism`")
  }

  @Test("an unsupported SASL mechanism is reported with the supported ones; missing SASL is reported")
  func mechanism() async throws {
    let place = try Place()
    let broker = try SecureBroker(before: place.server, ["--mechanisms", "SCRAM-SHA-512", "--password", "sesame"])
    let properties: Properties = [
      ("security.protocol", "sasl_plaintext"), ("sasl.mechanism", "PLAIN"), ("sasl.username", "ops"),
      ("sasl.password", "sesame"),
    ]
    try await error(broker.brokers, properties, "SCRAM-SHA-512; set `sasl.mechanism` to one that it has")
    try await error(broker.brokers, [], "where it wants SASL, set `security.protocol` to sasl_plaintext or sasl_ssl")
  }

  @Test("everything is read with an OpenID token; a provider that refuses or is unreachable is reported")
  func tokens() async throws {
    let place = try Place()
    let broker = try place.broker(["--mechanisms", "OAUTHBEARER", "--password", "sesame"])
    func properties(_ secret: String, _ url: String) -> Properties {
      place.tls.dropFirst() + [
        ("security.protocol", "sasl_ssl"), ("sasl.mechanism", "OAUTHBEARER"), ("sasl.oauthbearer.method", "oidc"),
        ("sasl.oauthbearer.client.id", "ops"), ("sasl.oauthbearer.client.secret", secret),
        ("sasl.oauthbearer.token.endpoint.url", url), ("sasl.oauthbearer.scope", "kafka read"),
      ]
    }
    _ = try await reads(broker, properties("sesame", broker.tokenURL))
    try await error(
      broker.brokers, properties("other", broker.tokenURL),
      "HTTP 401 invalid_client: check `client.id` and `client.secret`")
    let echo = try RudeServer()
    echo.answer(
      "/token?key=word",
      #"{"error":"invalid_client","error_description":"not sesame4711, by Basic b3BzOnNlc2FtZTQ3MTE="}"#,
      status: "401 Unauthorized")
    try await error(
      broker.brokers, properties("sesame4711", echo.url("/token?key=word")),
      "127.0.0.1:\(echo.port)/token: HTTP 401 not ***, by Basic ***: check")
    echo.answer("/token", #"{"access_token":"a\nword","expires_in":60}"#)
    try await error(
      broker.brokers, properties("sesame", echo.url("/token")),
      "the `access_token` is too long, or has characters that no token has")
    echo.answer("/token", "", status: "302 Found")
    try await error(
      broker.brokers, properties("sesame", echo.url("/token")),
      "HTTP 302, a redirect, which is not followed: is `token.endpoint.url` right?")
    let nowhere = "http://127.0.0.1:\(try LoopbackPort.free())/token"
    try await error(broker.brokers, properties("sesame", nowhere), "Couldn't connect to server")
    let other = try place.broker(["--mechanisms", "OAUTHBEARER", "--password", "sesame"])
    try await error(broker.brokers, properties("sesame", other.tokenURL), "it does not take the token")
    let lacking = KafkaAccess(brokers: broker.brokers, properties: [("sasl.oauthbearer.method", "oidc")])
    #expect(throws: KafkaError.self) { try GroupClient(lacking) }
  }
}
