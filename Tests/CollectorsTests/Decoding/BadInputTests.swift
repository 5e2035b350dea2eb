import Core
import TestRandom
import TestSupport
import Testing

@testable import Collectors

@Suite("messages that cannot be decoded")
struct BadInputTests {
  @Test(
    "are kept with their reason and do not stop the reader",
    arguments: [
      ("binary", [0xff, 0xfe, 0x00, 0x01], "not valid UTF-8"),
      ("random letters", Array("hello".utf8), "not valid JSON"),
      ("empty", [], "empty"), ("only blanks", Array("  \n".utf8), "empty"),
      ("cut in a string", Array(#"{"orderId":"12"#.utf8), "JSON that ends inside a string"),
      ("cut behind a name", Array(#"{"orderId""#.utf8), "JSON that ends too early"),
      ("cut behind a value", Array(#"{"orderId":12,"a":{"b":1}"#.utf8), "not valid JSON"),
      ("two documents", Array(#"{"orderId":1}{"orderId":2}"#.utf8), "more than one JSON value"),
      ("a number", Array("42".utf8), "neither a JSON object nor an array"),
      ("a string", Array("\"42\"".utf8), "neither a JSON object nor an array"),
      ("null", Array("null".utf8), "neither a JSON object nor an array"),
      ("a broken escape", Array(#"{"orderId":"\x"}"#.utf8), "JSON with a broken string"),
      (
        "AWS Glue", [3, 0] + [UInt8](0x10...0x1f) + [1],
        "AWS Glue schema registry, schema version 10111213-1415-1617-1819-1a1b1c1d1e1f: not decoded"
      ),
      (
        "Avro behind a registry's frame", [0, 0, 0, 0, 7, 2, 4, 6],
        "Avro or Protobuf, schema id 7: not decoded without the registry that has it"
      ),
      ("overlong UTF-8", Array(#"{"orderId":""#.utf8) + [0xc0, 0xaf] + Array("\"}".utf8), "not valid UTF-8"),
    ] as [(String, [UInt8], String)])
  func reasons(why: String, body: [UInt8], reason: String) {
    let decoding = Decoding()
    #expect(decoding.decode(bytes: body, key: "k") == nil, Comment(rawValue: why))
    #expect(decoding.lastReason == reason, Comment(rawValue: why))
    let text = decoding.batch.undecoded.first?.text
    #expect(text?.fullBodyLength == body.count && text?.keyLength == 1, Comment(rawValue: why))
    #expect(decoding.decode(#"{"orderId":1}"#)?.link?.key.value == "1", "the next message is read")
  }

  @Test("JSON after a schema registry's frame is decoded")
  func framed() {
    #expect(Decoding().decode(bytes: [0, 0, 0, 0, 7] + Array(#"{"orderId":1}"#.utf8))?.link?.key.value == "1")
  }

  @Test("too deep nesting is refused without overflowing the stack", arguments: ["[", #"{"a":"#])
  func deep(opening: String) {
    let decoding = Decoding(id: [.path(["a", "a"]), .path(["*", "*"])])
    #expect(decoding.decode(String(repeating: opening, count: 100_000)) == nil)
    #expect(decoding.batch.undecoded.count == 1)
  }

  @Test("a message of five megabytes is decoded, and only a limited part is stored")
  func large() {
    let decoding = Decoding()
    let body = #"{"blob":"\#(String(repeating: "x", count: 5_000_000))","orderId":9}"#
    let event = decoding.decode(body)
    #expect(event?.link?.key.value == "9")
    #expect(event?.text.bodyLength == 4096 && event?.text.fullBodyLength == body.utf8.count)
    #expect(decoding.batch.arena.count < 5000)
    #expect(decoding.decode(#"{"orderId":1}"#)?.link?.key.value == "1")
  }

  @Test("surplus values are dropped, and the values requested first are kept")
  func many() {
    let decoding = Decoding(id: [.path(["orderId"])], steps: [.path(["steps", "*"])])
    let steps = (0..<2000).map { "\"s\($0)\"" }.joined(separator: ",")
    let event = decoding.decode(#"{"orderId":1,"steps":[\#(steps)]}"#)
    #expect(event?.link?.key.value == "1")
    #expect(event?.link?.steps.count == 64)
  }

  @Test("an id after a long list is found")
  func idAfterMany() {
    let decoding = Decoding(id: [.path(["orderId"])], steps: [.path(["steps", "*"])])
    let steps = (0..<2000).map { "\"s\($0)\"" }.joined(separator: ",")
    #expect(decoding.decode(#"{"steps":[\#(steps)],"orderId":1}"#)?.link?.key.value == "1")
  }

  @Test("random bytes and truncations never crash the decoder", arguments: 0..<50 as Range<UInt64>)
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let decoding = Decoding(id: [.path(["a"]), .path(["*"])], steps: [.path(["b", "*", "c"])])
    for round in 0..<200 {
      var bytes = RandomJSON.document(&random).bytes
      if round % 2 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) }
      for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let before = decoding.batch.events.count + decoding.batch.undecoded.count
      decoding.decode(bytes: bytes)
      #expect(decoding.batch.events.count + decoding.batch.undecoded.count == before + 1, "seed \(seed), \(bytes)")
    }
  }
}
