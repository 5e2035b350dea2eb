import Core
import Reports
import Testing

@testable import Collectors
@testable import sagatop

@Suite("Findings of the doctor about a description")
struct DoctorFindingsTests {
  private static let system = SystemDefinition(
    name: "test", topics: ["*"],
    fields: EventFields(type: [.path(["type"]), .header("type")], time: [.path(["at"])]),
    sagas: [
      SagaDefinition(
        type: "order",
        identities: [
          .init(name: "orderId", sources: [.path(["orderId"])]), .init(name: "trace", sources: [.header("trace")]),
        ],
        events: [
          EventRule(type: "Paid", ends: .completed),
          EventRule(type: "Refused", effects: [.init(.fails, .named("pay"))]),
        ], errorSources: [.path(["reason"])])
    ])

  private func findings(_ bodies: [String], isShipped: Bool = false) -> [Finding] {
    let time = Timestamp(milliseconds: 1_769_508_000_000)
    let messages = bodies.map { body in
      (Message(key: [], headers: [], body: Array(body.utf8), fullBodyLength: body.utf8.count), "orders", time)
    }
    let tally = SourceTally(messages.map { (message: $0.0, topic: $0.1, time: $0.2) }, of: Self.system, readAt: time)
    return TallyFindings(tally, isShipped: isShipped).findings
  }

  private func states(_ findings: [Finding], _ text: String) -> [Finding.State] {
    findings.filter { $0.text.hasPrefix(text) }.map(\.state)
  }

  @Test("if each source finds something, there is one line")
  func well() {
    let system = #"{"type":"Paid","orderId":1,"at":"2026-01-27T10:00:00Z"}"#
    let found = findings([system])
    #expect(states(found, "type: no value at `header:type`") == [.note])
    // Of several kinds of id one is enough.
    #expect(states(found, "id trace of saga order: no value") == [.note])
    #expect(DoctorReport.worst(found) == .ok)
  }

  @Test("a missing id, time or error gives a warning with the value used instead")
  func missing() {
    let found = findings([#"{"type":"Paid"}"#, #"{"type":"Refused","why":"no funds"}"#])
    #expect(states(found, "id orderId of saga order: no value in 2 messages") == [.warning])
    #expect(states(found, "time: no value in 2 messages") == [.warning])
    #expect(states(found, "error of saga order: no value in 1 messages of failures") == [.warning])
    #expect(found.first { $0.text.hasPrefix("time") }?.advice?.contains("the broker's time is used") == true)
  }

  @Test(
    "a template that finds a value in only one of two messages is counted for each message",
    arguments: [false, true])
  func template(isFirstFound: Bool) {
    var system = Self.system
    system.fields.type = [.template([.field(.topic), .text(" "), .field(.path(["status"]))])]
    let bodies = [#"{"orderId":1,"status":"OK"}"#, #"{"orderId":1}"#]
    let time = Timestamp(milliseconds: 1_769_508_000_000)
    let messages = (isFirstFound ? bodies : bodies.reversed()).map { body in
      (
        message: Message(key: [], headers: [], body: Array(body.utf8), fullBodyLength: body.utf8.count),
        topic: "orders",
        time: time
      )
    }
    let type = SourceTally(messages, of: system, readAt: time).fields.first { $0.name == "type" }
    #expect(type?.messages == 2)
    // The template has a value in the message with a status. Its parts are counted for the other message.
    let found = { (source: FieldSource) in type?.sources.first { $0.source == source }?.found }
    #expect(found(system.fields.type[0]) == 1)
    #expect(found(.topic) == 1 && found(.path(["status"])) == 0)
  }

  @Test("a shipped preset may contain sources that this system does not use")
  func shipped() {
    let found = findings([#"{"type":"Paid","orderId":1}"#], isShipped: true)
    #expect(states(found, "time: no value") == [.note])
    #expect(DoctorReport.worst(found) == .ok)
  }

  @Test("an invalid time is reported with an example")
  func times() {
    let found = findings([#"{"type":"Paid","orderId":1,"at":"27.1.2026"}"#])
    #expect(found.contains { $0.state == .warning && $0.text.contains("`27.1.2026`") }, "\(found)")
  }

  @Test("unmatched types, rules and messages are reported with counts, by topic and reason")
  func coverage() {
    let coverage = CoverageView(
      unknownTypes: [.init(name: "Noted", count: 4, ofSagas: 3), .init(name: "Clicked", count: 9, ofSagas: 0)],
      unseenTypes: [.init(saga: "order", type: "Gone")],
      unmatched: [
        .init(topic: "clicks", isTypeKnown: false, count: 9), .init(topic: "orders", isTypeKnown: true, count: 2),
      ], unmatchedCount: 11)
    let found = CoverageFindings(coverage: coverage).findings.map { "\($0.state.rawValue) \($0.text)" }
    #expect(
      found == [
        "warning event types of sagas without a rule: Noted (3)",
        "note event types that belong to no saga: Clicked (9)",
        "note topic clicks: 9 messages belong to no saga: no rule has their type",
        "warning topic orders: 2 messages have a known type but no id",
        "note rules whose type did not occur: Gone (order)",
      ])
  }
}
