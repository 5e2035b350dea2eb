import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("TLS to services")
struct CertificateTests {
  private let sink = CollectingSink()

  /// Reads one endpoint until something answers or fails for another reason than that the server has not started.
  private func outcome(_ port: UInt16, _ access: HTTPAccess) async throws -> ServiceReading.Outcome {
    let endpoint = HTTPEndpoint(
      service: "shop", instance: 0, purpose: .health(HealthBodyReader()), url: "https://localhost:\(port)/",
      interval: .milliseconds(100), timeout: .seconds(10), access: access)
    let source = HTTPSource([endpoint], sink: sink)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { !sink.services.isEmpty })
    return sink.services[0].outcome
  }

  @Test("a certificate is verified, and its end is read")
  func certificate() async throws {
    let directory = try TemporaryDirectory()
    let (key, certificate) = ("\(directory.path)/key.pem", "\(directory.path)/certificate.pem")
    let maker = try Server([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "10",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
    ])
    try #require(await waitUntil { !maker.isRunning })
    let port = try LoopbackPort.free()
    let server = try Server([
      "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate, "-www", "-quiet",
    ])
    defer { server.end() }
    try #require(await waitUntil { LoopbackPort.accepts(port) })
    var trusting = HTTPAccess()
    trusting.authorities = certificate
    guard case .answered(let answer) = try await outcome(port, trusting) else {
      Issue.record("\(sink.services)")
      return
    }
    let left = try #require(answer.certificateEnd) - SystemClock.now()
    #expect(left > .seconds(9 * 86_400) && left <= .seconds(10 * 86_400))
    #expect(answer.status == 200 && answer.phases.tls > .zero)
    let other = CertificateTests()
    guard case .failed(let text) = try await other.outcome(port, HTTPAccess()) else {
      Issue.record("\(other.sink.services)")
      return
    }
    #expect(text.hasPrefix("localhost:\(port): its certificate is not trusted: "), "\(text)")
  }
}
