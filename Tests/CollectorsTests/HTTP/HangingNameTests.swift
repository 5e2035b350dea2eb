import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("Unresolved names")
struct HangingNameTests {
  @Test("a silent name server delays no other endpoint, and the pending look-up is reported")
  func silent() async throws {
    let server = try RudeServer()
    server.answer("/ok", #"{"status":"UP"}"#)
    let names = try HangingNames()
    let hanging = (0..<20).map { number in
      endpoint("hang-\(number)", "http://shop-\(number).hanging.invalid/", timeout: .seconds(5), interval: .seconds(60))
    }
    let fine = (0..<50).map {
      endpoint("ok-\($0)", server.url("/ok"), timeout: .seconds(5), interval: .milliseconds(200))
    }
    let sink = CollectingSink()
    let source = HTTPSource(hanging + fine, sink: sink)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { names.waiting == 20 })
    try #require(await waitUntil { sink.services.contains { $0.service.hasPrefix("hang") } })
    let all = sink.services
    let first = try #require(all.firstIndex { $0.service.hasPrefix("hang") })
    let before = Dictionary(grouping: all[..<first], by: \.service).mapValues(\.count)
    for number in 0..<50 { #expect(before["ok-\(number)"] ?? 0 >= 2, "ok-\(number): \(before["ok-\(number)"] ?? 0)") }
    guard case .failed(let text) = all[first].outcome else {
      Issue.record("\(all[first].outcome)")
      return
    }
    #expect(text.hasSuffix(".hanging.invalid: the name was not resolved within 5.0 s"), "\(text)")
  }

  private func endpoint(_ name: String, _ url: String, timeout: Duration, interval: Duration) -> HTTPEndpoint {
    HTTPEndpoint(
      service: name, instance: 0, purpose: .health(HealthBodyReader()), url: url, interval: interval, timeout: timeout)
  }
}
