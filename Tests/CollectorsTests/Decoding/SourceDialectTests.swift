import Core
import Testing

@testable import Collectors

@Suite("templates, list elements and keys")
struct SourceDialectTests {
  private func template(_ parts: FieldSource.Part...) -> FieldSource { .template(parts) }

  @Test("a template joins the values of its sources, and gives nothing if one of them is missing")
  func templates() {
    let id = template(.field(.path(["tenant"])), .text("/"), .field(.path(["orderId"])))
    let decoding = Decoding(
      id: [id], fields: EventFields(type: [template(.field(.topic), .text(" "), .field(.path(["status"]))), .topic]))
    let event = decoding.decode(#"{"tenant":"a","orderId":1,"status":"DONE"}"#, topic: "orders")
    #expect(event?.link?.key.value == "a/1" && event.map { decoding.text($0.type) } == "orders DONE")
    let bare = decoding.decode(#"{"orderId":1}"#, topic: "orders")
    #expect(bare?.link == nil && bare.map { decoding.text($0.type) } == "orders")
  }

  @Test("a template of keys, headers and members below an envelope")
  func mixedTemplate() {
    let id = template(
      .field(.key), .text("-"), .field(.header("h")), .text("-"), .field(.keyPath(["id"])), .text("-"),
      .field(.path(["payload", "n"])))
    let decoding = Decoding(id: [id], fields: EventFields(envelope: [.path(["payload"])]))
    #expect(
      decoding.decode(#"{"payload":"{\"n\":7}"}"#, key: #"{"id":5}"#, headers: [("h", "x")])?.link?.key.value
        == #"{"id":5}-x-5-7"#)
  }

  @Test(
    "a list element by its index from the start or the end",
    arguments: [
      (["items", "0", "id"], "a"), (["items", "1", "id"], "b"), (["items", "-1", "id"], "c"),
      (["items", "-3", "id"], "a"),
      (["items", "3", "id"], nil), (["items", "-4", "id"], nil), (["numbered", "0"], "member"),
      (["pairs", "1", "0"], "3"),
    ] as [([String], String?)])
  func indexes(path: [String], id: String?) {
    let body = #"{"items":[{"id":"a"},{"id":"b"},{"id":"c"}],"numbered":{"0":"member"},"pairs":[[1,2],[3,4]]}"#
    #expect(Decoding(id: [.path(path)]).decode(body)?.link?.key.value == id)
  }

  @Test("several elements of the same list can be read from one message")
  func severalElements() {
    let paths: [FieldSource] = [
      ["items", "0", "a"], ["items", "-1", "b"], ["items", "*", "c"], ["items", "1", "a"],
    ].map(FieldSource.path)
    let body = #"{"items":[{"a":"first","b":"x"},{"a":"second","c":"any"},{"b":"last"}]}"#
    let id = FieldSource.template(paths.flatMap { [.field($0), .text(" ")] })
    #expect(Decoding(id: [id]).decode(body)?.link?.key.value == "first last any second ")
    let steps = Decoding(id: [paths[0]], steps: [.path(["items", "*", "a"])])
    #expect(steps.decode(body)?.link?.steps.map(steps.text) == ["first", "second"])
  }

  @Test(
    "all spellings of an integral number give the same text; other texts are unchanged",
    arguments: [
      ("7", "7"), ("7.0", "7"), ("7e0", "7"), ("0.7e1", "7"), ("700e-2", "7"), ("7.5", "7.5"), ("\"007\"", "007"),
      ("\"7.0\"", "7.0"),
      ("9007199254740993.0", "9007199254740993"), ("-7.0", "-7"), ("0.0", "0"), ("-0.0", "0"), ("1e3", "1000"),
      ("1e99", "1e99"),
      ("1.5e1", "15"), ("1e999999", "1e999999"),
    ])
  func numbers(number: String, id: String) {
    #expect(Decoding().decode("{\"orderId\": \(number) }")?.link?.key.value == id)
  }

  @Test("a member of a JSON key, with and without the frame of a schema registry")
  func jsonKeys() {
    let decoding = Decoding(id: [.keyPath(["payload", "id"]), .keyPath(["id"])])
    #expect(decoding.decode("{}", key: #"{"id": 5}"#)?.link?.key.value == "5")
    #expect(decoding.decode("{}", key: #"{"schema":{},"payload":{"id":"x"}}"#)?.link?.key.value == "x")
    #expect(decoding.decode("{}", key: "\u{0}\u{0}\u{0}\u{0}\u{1}{\"id\":6}")?.link?.key.value == "6")
    #expect(decoding.decode("{}", key: "plain")?.link == nil)
    #expect(decoding.decode("{}", key: #"{"id": broken"#)?.link == nil)
  }

  @Test(
    "binary keys are a GUID or a number",
    arguments: [
      (
        [0x0f, 0x8f, 0xad, 0x5b, 0xd9, 0xcb, 0x46, 0x9f, 0xa1, 0x65, 0x70, 0x86, 0x77, 0x28, 0x95, 0x0e],
        "0f8fad5b-d9cb-469f-a165-70867728950e"
      ),
      ([0, 0, 0, 0, 0, 0, 0, 7], "7"), ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], "-2"), ([0, 0, 0, 42], "42"),
      (Array("order-12".utf8), "order-12"), (Array("abcd".utf8), "abcd"), (Array("\"o-1\"".utf8), "o-1"),
      (Array("주문주문주".utf8), "주문주문주"),
      (Array("order-0000000001".utf8), "order-0000000001"),
    ] as [([UInt8], String)])
  func binaryKeys(key: [UInt8], id: String) {
    #expect(Decoding(id: [.key]).decode("{}", keyBytes: key)?.link?.key.value == id)
    #expect(
      Decoding(id: [.template([.text("k "), .field(.key)])]).decode("{}", keyBytes: key)?.link?.key.value == "k \(id)")
  }

  @Test("configured placeholder values count as missing, and the next source is used")
  func ignored() {
    let order = SagaDefinition(
      type: "order", identities: [.init(name: "id", sources: [.path(["a"]), .path(["b"])], ignored: ["0", "-"])])
    let decoding = Decoding(SystemDefinition(name: "test", topics: ["*"], sagas: [order]))
    #expect(decoding.decode(#"{"a":0,"b":7}"#)?.link?.key.value == "7")
    #expect(decoding.decode(#"{"a":"-","b":0.0}"#)?.link == nil)
    #expect(decoding.decode(#"{"a":1}"#)?.link?.key.value == "1")
  }

  @Test("aliases of a step")
  func aliases() {
    let order = SagaDefinition(
      type: "order", identities: [.init(name: "id", sources: [.path(["id"])])],
      steps: [StepDefinition(name: "payment", aliases: ["compensate_payment", "*.Pay?"])],
      stepSources: [.path(["step"])])
    let decoding = Decoding(SystemDefinition(name: "test", topics: ["*"], sagas: [order]))
    for name in ["payment", "compensate_payment", "com.shop.Pay1"] {
      let link = decoding.decode(#"{"id":1,"step":"\#(name)"}"#)?.link
      #expect(link?.steps.map(decoding.text) == ["payment"])
    }
    #expect(decoding.decode(#"{"id":1,"step":"com.shop.Pay"}"#)?.link?.steps.map(decoding.text) == ["com.shop.Pay"])
  }

  @Test(
    "a failure's error text may be a list or an object",
    arguments: [
      (#"["first","second"]"#, "first"), (#"[{"code":7,"message":"no stock"}]"#, "no stock"),
      (#"{"code":7,"details":{"reason":"expired"}}"#, "expired"), (#"{"a":{"b":"deep"}}"#, "deep"),
      (#""plain""#, "plain"),
      ("[]", nil), ("{}", nil), ("[1,2]", nil), ("7", "7"),
    ] as [(String, String?)])
  func errors(error: String, text: String?) {
    #expect(Decoding(errors: [.path(["error"])]).decode(#"{"orderId":1,"error":\#(error)}"#)?.link?.error == text)
  }

  @Test("a value and one of its members can both be read from one message")
  func wholeAndMember() {
    let decoding = Decoding(errors: [.path(["error"]), .path(["error", "code"])])
    #expect(decoding.decode(#"{"orderId":1,"error":{"code":"E7"}}"#)?.link?.error == "E7")
    let other = Decoding(id: [.path(["error", "order"])], errors: [.path(["error"])])
    #expect(
      other.decode(#"{"error":{"order":"o","message":"m"}}"#)?.link.map { [$0.key.value, $0.error] } == ["o", "m"])
  }
}
