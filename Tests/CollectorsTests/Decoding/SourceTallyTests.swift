import Core
import Testing

@testable import Collectors

@Suite("Values found per source")
struct SourceTallyTests {
  private static let system = SystemDefinition(
    name: "test", topics: ["*"],
    fields: EventFields(
      type: [.path(["type"]), .header("type")], time: [.path(["at"])], id: [.path(["eventId"])], node: [.header("node")]
    ),
    sagas: [
      SagaDefinition(
        type: "order",
        identities: [
          .init(name: "orderId", sources: [.path(["orderId"]), .key]),
          .init(name: "trace", sources: [.header("trace")]),
        ],
        events: [
          EventRule(type: "Paid", effects: [.init(.completes, .named("payment"))], ends: .completed),
          EventRule(type: "Refused", effects: [.init(.fails, .named("payment"))]),
        ], errorSources: [.path(["reason"])])
    ])

  private func tally(_ bodies: [String]) -> SourceTally {
    let messages = bodies.map { body in
      Message(key: Array("k".utf8), headers: [], body: Array(body.utf8), fullBodyLength: body.utf8.count)
    }
    return SourceTally(
      messages.map { ($0, "orders", Decoding.start) }, of: Self.system, readAt: Decoding.start + .seconds(1))
  }

  @Test("each source is counted separately; errors are counted in failure messages only")
  func counts() throws {
    let tally = tally([
      #"{"type":"Paid","orderId":1,"at":"2026-01-27T10:00:00Z"}"#,
      #"{"type":"Paid","orderId":2,"at":"2026-01-27T10:00:01Z"}"#,
      #"{"type":"Refused","orderId":3,"at":"2026-01-27T10:00:02Z","why":"no funds"}"#,
    ])
    func field(_ name: String) throws -> SourceTally.Field { try #require(tally.fields.first { $0.name == name }) }
    #expect(tally.messages == 3 && tally.timeNotes.isEmpty)
    #expect(try field("type").sources.map(\.found) == [3, 0] && field("type").found == 3)
    #expect(try field("time").found == 3 && field("id").found == 0 && field("node").found == 0)
    #expect(try field("id orderId").sources.map(\.found) == [3, 3])
    #expect(try field("id trace").found == 0 && field("id trace").messages == 3)
    #expect(try field("error").messages == 1 && field("error").found == 0)
  }

  @Test("an invalid time is reported with an example")
  func times() {
    let tally = tally([#"{"type":"Paid","orderId":1,"at":"27/01/2026 10.00"}"#])
    #expect(tally.timeNotes.contains { $0.contains("27/01/2026 10.00") }, "\(tally.timeNotes)")
  }
}
