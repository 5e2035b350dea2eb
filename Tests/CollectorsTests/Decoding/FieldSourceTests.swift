import Core
import Testing

@testable import Collectors

@Suite("sources of a field")
struct FieldSourceTests {
  @Test(
    "an id at a path",
    arguments: [
      ("a string", #"{"orderId":"o-1"}"#, ["orderId"], "o-1"),
      ("a number stands as it is written", #"{"orderId":1234567890123456789}"#, ["orderId"], "1234567890123456789"),
      ("a number with blanks behind", "{\"orderId\": 42 \n}", ["orderId"], "42"),
      ("a decimal", #"{"orderId":1.50}"#, ["orderId"], "1.50"),
      ("a truth value", #"{"orderId":true}"#, ["orderId"], "true"),
      ("nested", #"{"data":{"order":{"id":"x"}}}"#, ["data", "order", "id"], "x"),
      ("a dot in the name is part of the name", #"{"data.orderId":"x","data":{"orderId":"y"}}"#, ["data.orderId"], "x"),
      ("nested beside such a name", #"{"data.orderId":"x","data":{"orderId":"y"}}"#, ["data", "orderId"], "y"),
      ("the first element of an array", #"{"items":[{"id":"a"},{"id":"b"}]}"#, ["items", "*", "id"], "a"),
      ("elements at the top", #"[{"id":7}]"#, ["*", "id"], "7"),
      ("arrays in arrays", "[[[3]]]", ["*", "*", "*"], "3"),
      ("elements of other kinds are passed over", #"{"items":[1,"x",null,{"id":"a"}]}"#, ["items", "*", "id"], "a"),
      ("the first of equal names", #"{"id":"a","id":"b"}"#, ["id"], "a"),
      ("escapes", #"{"id":"a\"\\\/\b\f\n\r\tz"}"#, ["id"], "a\"\\/\u{8}\u{c}\n\r\tz"),
      ("escaped Unicode", #"{"id":"\u00fc\ud83d\ude80"}"#, ["id"], "ü🚀"),
      ("plain Unicode", #"{"id":"주문-7"}"#, ["id"], "주문-7"),
      ("a name in Unicode", #"{"주문":"7"}"#, ["주문"], "7"),
      ("not at another depth", #"{"data":{"orderId":"x"}}"#, ["orderId"], nil),
      ("an object is no value", #"{"orderId":{"value":1}}"#, ["orderId"], nil),
      ("an array is no value", #"{"orderId":[1]}"#, ["orderId"], nil),
      ("null", #"{"orderId":null}"#, ["orderId"], nil),
      ("an empty string", #"{"orderId":""}"#, ["orderId"], nil),
      ("what programs write for no id", #"{"orderId":"undefined"}"#, ["orderId"], nil),
      ("a byte order mark in front", "\u{feff}{\"orderId\":1}", ["orderId"], "1"),
    ] as [(String, String, [String], String?)])
  func path(why: String, body: String, path: [String], id: String?) {
    let decoding = Decoding(id: [.path(path)])
    let event = decoding.decode(body)
    #expect(event != nil, "\(why): \(decoding.lastReason ?? "")")
    #expect(event?.link?.key.value == id, Comment(rawValue: why))
  }

  @Test("escaped member names are matched")
  func escapedName() {
    #expect(Decoding(id: [.path(["order/id"])]).decode(#"{"order\/id":"x"}"#)?.link?.key.value == "x")
  }

  @Test(
    "the first source with a value is used, regardless of its position in the message",
    arguments: [
      ([.path(["a"]), .path(["b"])], "a"), ([.path(["b"]), .path(["a"])], "b"), ([.path(["none"]), .path(["b"])], "b"),
      ([.path(["empty"]), .header("h")], "from header"), ([.header("none"), .header("h")], "from header"),
      ([.header("empty"), .key], "from key"), ([.topic, .path(["a"])], "orders"),
      ([.header("traceparent")], "0af7651916cd43dd8448eb211c80319c"), ([.header("H")], nil), ([], nil),
    ] as [([FieldSource], String?)])
  func preference(sources: [FieldSource], id: String?) {
    let event = Decoding(id: sources).decode(
      #"{"a":"a","b":"b","empty":""}"#, key: "from key",
      headers: [
        ("h", "from header"), ("empty", ""), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
      ])
    #expect(event?.link?.key.value == id)
  }

  @Test(
    "a traceparent gives its trace id; an invalid one gives nothing",
    arguments: [
      ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c"),
      ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", "0af7651916cd43dd8448eb211c80319c"),
      ("00-00000000000000000000000000000000-b7ad6b7169203331-01", nil), ("00-short-b7ad6b7169203331-01", nil),
      ("", nil), (String(repeating: "-", count: 55), nil),
      ("00-zzf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", nil),
    ])
  func traceparent(header: String, id: String?) {
    let event = Decoding(id: [.header("traceparent")]).decode("{}", headers: [("traceparent", header)])
    #expect(event?.link?.key.value == id)
  }

  @Test("steps are all values of the first source that has any; errors are truncated")
  func stepsAndErrors() {
    let decoding = Decoding(
      steps: [.path(["none"]), .path(["steps", "*"]), .path(["step"])], errors: [.path(["why"])])
    let long = String(repeating: "é", count: 400)
    let event = decoding.decode(#"{"orderId":1,"step":"x","steps":["a",null,"b"],"why":"\#(long)"}"#)
    #expect(event?.link?.steps.map(decoding.text) == ["a", "b"])
    #expect(event?.link?.error == String(repeating: "é", count: 250))
    #expect(decoding.decode(#"{"orderId":1,"step":"x"}"#)?.link?.steps.map(decoding.text) == ["x"])
  }

  @Test("different ids of more than 200 bytes stay different")
  func longIDs() {
    let decoding = Decoding()
    let ids = ["a", "b"].map { last in
      decoding.decode(#"{"orderId":"\#(String(repeating: "x", count: 300) + last)"}"#)?.link?.key.value ?? ""
    }
    #expect(ids[0] != ids[1] && ids[0].utf8.count < 220)
  }

  @Test("a saga type with a rule for the event type is chosen; otherwise the first one whose ids are present")
  func definitions() {
    let saga = { (type: String, id: String, event: String) in
      SagaDefinition(
        type: type, identities: [.init(name: "id", sources: [.path([id])])], events: [EventRule(type: event)])
    }
    let system = SystemDefinition(
      name: "test", topics: ["*"],
      sagas: [saga("order", "orderId", "order-created"), saga("refund", "refundId", "refunded")])
    let decoding = Decoding(system)
    let body = #"{"orderId":1,"refundId":2}"#
    #expect(decoding.decode(body, topic: "refunded")?.link?.definition == 1)
    #expect(decoding.decode(body, topic: "order-created")?.link?.definition == 0)
    #expect(decoding.decode(body, topic: "else")?.link?.definition == 0)
    #expect(decoding.decode(#"{"refundId":2}"#, topic: "else")?.link?.definition == 1)
    #expect(decoding.decode(#"{"refundId":2}"#, topic: "order-created")?.link?.definition == 1)
    #expect(decoding.decode(#"{}"#, topic: "order-created")?.link == nil)
  }
}
