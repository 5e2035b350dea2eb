import Core
import Testing

@testable import Collectors

@Suite("choice of the rule for an event")
struct RuleChoiceTests {
  private func decoding(_ rules: [EventRule]) -> Decoding {
    let order = SagaDefinition(type: "order", identities: [.init(name: "id", sources: [.path(["id"])])], events: rules)
    return Decoding(
      SystemDefinition(name: "test", topics: ["*"], fields: EventFields(type: [.path(["type"])]), sagas: [order]))
  }

  private func when(_ source: FieldSource, _ values: String...) -> [EventRule.Condition] { [.init(source, values)] }

  @Test(
    "the first rule of the type whose values are present",
    arguments: [
      (#""status":"OK""#, 0), (#""status":"FAILED""#, 1), (#""status":"REJECTED""#, 1), (#""status":"ERR-7""#, 2),
      (#""x":1"#, 3),
      (#""status":"""#, 3), (#""status":null"#, 3), (#""status":"ELSE""#, 4), (#""status":true"#, 5),
      (#""status":7.0"#, 6),
    ])
  func values(member: String, rule: UInt16) {
    let status = FieldSource.path(["status"])
    let decoding = decoding([
      EventRule(type: "t", conditions: when(status, "OK")),
      EventRule(type: "t", conditions: when(status, "FAILED", "REJECTED")),
      EventRule(type: "t", conditions: when(status, "ERR-*")), EventRule(type: "t", conditions: when(status, "")),
      EventRule(type: "t", conditions: when(status, "ELSE")), EventRule(type: "t", conditions: when(status, "true")),
      EventRule(type: "t", conditions: when(status, "7")),
    ])
    #expect(decoding.decode("{\"type\":\"t\",\"id\":1,\(member)}")?.link?.rule == rule)
  }

  @Test("all conditions must hold, for topics, headers and members; otherwise there is no rule")
  func conjunction() {
    let decoding = decoding([
      EventRule(type: "t", conditions: when(.topic, "pay.*") + when(.header("outcome"), "FAILURE")),
      EventRule(type: "t", conditions: when(.topic, "pay.*")),
    ])
    let body = #"{"type":"t","id":1}"#
    #expect(decoding.decode(body, headers: [("outcome", "FAILURE")], topic: "pay.reply")?.link?.rule == 0)
    #expect(decoding.decode(body, headers: [("outcome", "SUCCESS")], topic: "pay.reply")?.link?.rule == 1)
    #expect(
      decoding.decode(body, headers: [("outcome", "FAILURE")], topic: "stock.reply")?.link?.rule == EventRule.none)
  }

  @Test(
    "an exact name precedes a glob, and a glob precedes the next one",
    arguments: [
      ("pay-fail", 1), ("stock-fail", 2), ("stock-ok", 3), ("else", nil), ("StockReleased", 5), ("StockReserved", 4),
    ] as [(String, UInt16?)])
  func globs(type: String, rule: UInt16?) {
    let decoding = decoding([
      EventRule(type: "x"), EventRule(type: "pay-fail"), EventRule(type: "*-fail"), EventRule(type: "stock-*"),
      EventRule(type: "Stock*"),
      EventRule(type: "StockReleased"),
    ])
    for _ in 0..<2 {
      #expect(decoding.decode(#"{"type":"\#(type)","id":1}"#)?.link?.rule == rule ?? EventRule.none)
    }
  }

  @Test("if the conditions of the rules for the exact name do not hold, a glob's rule applies")
  func conditionThenGlob() {
    let decoding = decoding([EventRule(type: "a*"), EventRule(type: "ab", conditions: when(.path(["s"]), "x"))])
    #expect(decoding.decode(#"{"type":"ab","id":1,"s":"x"}"#)?.link?.rule == 1)
    #expect(decoding.decode(#"{"type":"ab","id":1,"s":"y"}"#)?.link?.rule == 0)
  }

  @Test("a saga with a matching rule is preferred to one that only has the type")
  func definitions() {
    let saga = { (type: String, value: String) in
      SagaDefinition(
        type: type, identities: [.init(name: "id", sources: [.path(["id"])])],
        events: [EventRule(type: "reply", conditions: [.init(.path(["kind"]), [value])])])
    }
    let system = SystemDefinition(
      name: "test", topics: ["*"], fields: EventFields(type: [.path(["type"])]),
      sagas: [
        SagaDefinition(type: "other", identities: [.init(name: "id", sources: [.path(["id"])])]), saga("order", "o"),
        saga("trip", "t"),
      ])
    let decoding = Decoding(system)
    let definition = { (kind: String) in
      decoding.decode(#"{"type":"reply","id":1,"kind":"\#(kind)"}"#)?.link?.definition
    }
    #expect(definition("o") == 1 && definition("t") == 2 && definition("x") == 1)
  }
}
