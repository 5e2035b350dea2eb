import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("Probing an unknown document")
struct DocumentProbeTests {
  private let server: RudeServer

  init() throws {
    server = try RudeServer()
  }

  private func find(_ path: String) throws(DocumentProbe.Failure) -> DocumentDefinition {
    let definition = DocumentDefinition(name: "events", url: server.url(path), timeout: .milliseconds(300))
    return try DocumentProbe.find(DocumentTarget(definition: definition, url: definition.url))
  }

  private func list(_ numbers: ClosedRange<Int>) -> String {
    let events = numbers.map { "{\"id\":\"e\($0)\",\"time\":\"2026-01-27T10:00:0\($0)Z\"}" }
    return "{\"total\":9,\"tags\":[\"x\"],\"links\":[{}],\"page\":{\"events\":[\(events.joined(separator: ","))]}}"
  }

  @Test("the messages are in the longest list of objects; a continuation parameter in the middle gives the pages")
  func found() throws {
    server.answer("/api/events?limit=9", list(1...5))
    for parameter in DocumentProbe.parameters { server.answer("/api/events?limit=9&\(parameter)=e3", list(1...5)) }
    server.answer("/api/events?limit=9&cursor=e3", list(4...5))
    let definition = try find("/api/events?limit=9")
    #expect(definition.messages == [MessageRule(each: ["page", "events", "*"])])
    #expect(definition.paging == .init(parameter: "cursor", member: ["id"]))
  }

  @Test("without a continuation there is only one page")
  func unpaged() throws {
    server.answer("/events", "[\(#"{"name":"a"},"# + #"{"name":"b"},"# + #"{"name":"c"}"#)]")
    let definition = try find("/events")
    #expect(definition.messages == [MessageRule(each: ["*"])] && definition.paging == nil)
  }

  @Test(
    "a failed probe reports the reason",
    arguments: [
      ("/gone", "HTTP 404"), ("/hang", "no answer within"), ("/flood", ""), ("/nonsense", ""),
      ("/text", "no whole JSON"),
      ("/state", "there is no list of objects in it"), ("/loop", "HTTP 302"),
    ])
  func failures(path: String, reason: String) {
    server.answer("/text", "<html>")
    server.answer("/state", "{\"status\":\"ok\",\"tags\":[\"a\"],\"a\":{\"a\":{\"a\":{\"a\":{\"a\":[{}]}}}}}")
    do throws(DocumentProbe.Failure) {
      _ = try find(path)
      Issue.record("something was found at \(path)")
    } catch {
      #expect(error.reason.contains(reason), "\(error.reason)")
    }
  }
}
