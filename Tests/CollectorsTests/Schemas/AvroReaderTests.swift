import Core
import TestRandom
import Testing
import Text

@testable import Collectors

@Suite("Decoding Avro to JSON")
struct AvroReaderTests {
  /// Returns the JSON of hexadecimal bytes, or the reason why they are invalid.
  private static func read(_ hex: String, _ schema: String, references: [String] = []) throws -> String {
    try read(
      try #require(Hex.bytes(hex)), try AvroSchema(Array(schema.utf8), references: references.map { Array($0.utf8) }))
  }

  private static func read(_ bytes: [UInt8], _ schema: AvroSchema) throws -> String {
    let output = JSONOutput()
    do throws(AvroReader.Fault) {
      _ = try bytes.withBytes { (bytes) throws(AvroReader.Fault) in try AvroReader.read(bytes, schema, into: output) }
    } catch { return error.sentence }
    return String(decoding: output.bytes, as: UTF8.self)
  }

  @Test(
    "by its schema",
    arguments: [
      // A primitive type as a bare name and as a JSON string.
      ("06666f6f", #""string""#, #""foo""#), ("0a", "long", "5"),
      // Two's complement of 1234 and −1234, and a number with fewer digits than its scale.
      ("0404d2", #"{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}"#, "12.34"),
      ("04fb2e", #"{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}"#, "-12.34"),
      ("0201", #"{"type":"bytes","logicalType":"decimal","precision":4,"scale":3}"#, "0.001"),
      // A timestamp beyond the calendar's range stays a number.
      ("ffffffffffffffffff01", #"{"type":"long","logicalType":"timestamp-millis"}"#, "-9223372036854775808"),
      ("00", #"{"type":"int","logicalType":"date"}"#, #""1970-01-01""#),
      ("ffffffffffffffffff01", #"{"type":"int","logicalType":"date"}"#, "-9223372036854775808"),
      ("ffffffffffffffffff01", #"{"type":"long","logicalType":"time-micros"}"#, "-9223372036854775808"),
      (
        "ffffffffffffffffff01", #"{"type":"long","logicalType":"timestamp-nanos"}"#,
        #""1677-09-21T00:12:43.145224192Z""#
      ),
      ("01", #"{"type":"long","logicalType":"timestamp-micros"}"#, #""1969-12-31T23:59:59.999999Z""#),
      ("00", #"{"type":"long","logicalType":"local-timestamp-nanos"}"#, #""1970-01-01T00:00:00.000000000""#),
      (
        "00112233445566778899aabbccddeeff", #"{"type":"fixed","name":"I","size":16,"logicalType":"uuid"}"#,
        #""00112233-4455-6677-8899-aabbccddeeff""#
      ),
      (
        "010000000200000003000000", #"{"type":"fixed","name":"D","size":12,"logicalType":"duration"}"#,
        #"{"months":1,"days":2,"millis":3}"#
      ),
      // An array block with a byte count, and a block without.
      ("03040204 020600", #"{"type":"array","items":"int"}"#, "[1,2,3]"),
      ("00", #"{"type":"map","values":"int"}"#, "{}"),
      // Invalid UTF-8, and characters that JSON must escape.
      ("06ff2241", #""string""#, #""\#u{fffd}\"A""#),
    ])
  func values(hex: String, schema: String, json: String) throws {
    #expect(try Self.read(hex, schema) == json)
  }

  @Test("a union of several records contains the name of the record, except for the message itself")
  func tags() throws {
    let union = #"""
      [{"type":"record","name":"Paid","namespace":"shop","fields":[{"name":"sum","type":"int"}]},
       {"type":"record","name":"Refused","namespace":"shop","fields":[]}]
      """#
    #expect(try Self.read("0006", union) == #"{"sum":3}"#)
    let wrapped = #"{"type":"record","name":"Event","fields":[{"name":"what","type":\#(union)}]}"#
    #expect(try Self.read("0006", wrapped) == #"{"what":{"@type":"shop.Paid","sum":3}}"#)
    #expect(try Self.read("02", wrapped) == #"{"what":{"@type":"shop.Refused"}}"#)
  }

  @Test("types of other schemas are found by their full names")
  func references() throws {
    let money = #"{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}"#
    let order = #"{"type":"record","name":"Order","fields":[{"name":"total","type":"shop.Money"}]}"#
    #expect(try Self.read("06", order, references: [money]) == #"{"total":{"cents":3}}"#)
    #expect(throws: SchemaFault.self) { try AvroSchema(Array(order.utf8)) }
  }

  static let list =
    #"{"type":"record","name":"List","fields":[{"name":"value","type":"int"},{"name":"next","type":["null","List"]}]}"#

  @Test(
    "damaged data gives a reason",
    arguments: [
      ("", #""int""#, "it ends too early"), ("0a61", #""string""#, "it ends too early"),
      ("01", #""string""#, "a length is negative or too large"),
      // The length is 2⁶³ − 1.
      ("feffffffffffffffff01", #""bytes""#, "it ends too early"),
      ("ffffffffffffffffffff01", #""long""#, "a number has more than 64 bits"),
      ("04", #"["null","int"]"#, "it chooses a branch that its union does not have"),
      ("06", #"{"type":"enum","name":"E","symbols":["A","B"]}"#, "it names a symbol that its enum does not have"),
      ("0001", #""int""#, "bytes are left over at its end"),
      // Billions of elements of zero bytes.
      ("feffffffff3f", #"{"type":"array","items":"null"}"#, "a length is negative or too large"),
      ("ffffffffffffffffff01", #"{"type":"array","items":"null"}"#, "a length is negative or too large"),
    ])
  func damage(hex: String, schema: String, reason: String) throws {
    #expect(try Self.read(hex, schema) == reason)
  }

  @Test("a recursive record is decoded up to 60 levels")
  func recursion() throws {
    let schema = try AvroSchema(Array(Self.list.utf8))
    func list(_ length: Int) -> [UInt8] { (0..<length).flatMap { _ in [UInt8](arrayLiteral: 2, 2) } + [2, 0] }
    #expect(try Self.read(list(20), schema).hasPrefix(#"{"value":1,"next":{"value":1,"#))
    #expect(try Self.read(list(100_000), schema) == "it is nested deeper than 60 levels")
  }

  /// Records within records, each in a field `f`, or arrays within arrays, around a text.
  private static func nested(_ levels: Int, isRecord: Bool, isOptional: Bool = false) -> String {
    (0..<levels).reduce(#""string""#) { inner, level in
      let type = isOptional ? #"["null",\#(inner)]"# : inner
      return isRecord
        ? #"{"type":"record","name":"D\#(level)","fields":[{"name":"f","type":\#(type)}]}"#
        : #"{"type":"array","items":\#(type)}"#
    }
  }

  @Test("types within types are read to 60 levels, and a schema of more says so", arguments: [true, false])
  func nesting(isRecord: Bool) throws {
    for levels in [25, 40, 60] {
      let (open, close) = isRecord ? (#"{"f":"#, "}") : ("[", "]")
      let text = String(repeating: open, count: levels) + #""x""# + String(repeating: close, count: levels)
      let begins = String(repeating: isRecord ? "" : "02", count: levels)
      let ends = String(repeating: isRecord ? "" : "00", count: levels)
      #expect(try Self.read(begins + "0278" + ends, Self.nested(levels, isRecord: isRecord)) == text)
      let optional = String(repeating: isRecord ? "02" : "0202", count: levels)
      #expect(
        try Self.read(optional + "0278" + ends, Self.nested(levels, isRecord: isRecord, isOptional: true)) == text)
    }
    for levels in [61, 100, 2000] {
      let schema = Array(Self.nested(levels, isRecord: isRecord).utf8)
      let fault = #expect(throws: SchemaFault.self) { try AvroSchema(schema) }
      #expect(fault?.reason.contains("nested deeper than 60 levels") ?? false)
    }
  }

  @Test(
    "an unusable schema gives a reason",
    arguments: [
      ("{", "it is no JSON, or its types are nested deeper than 60 levels"),
      (#"{"type":"record","name":"R"}"#, "a record has no `fields`"),
      (#"{"type":"array"}"#, "an array does not say what it holds"), (#""Order""#, "the type `Order` is not defined"),
      (#"{"type":"fixed","name":"F","size":-1}"#, "a fixed type has no `size`"),
      ("7", "a type is neither a name, an object nor a union"),
    ])
  func badSchemas(schema: String, reason: String) {
    let fault = #expect(throws: SchemaFault.self) { try AvroSchema(Array(schema.utf8)) }
    #expect(fault?.reason == reason)
  }

  @Test("any bytes with any schema give JSON or a reason", arguments: [1, 2, 3] as [UInt64])
  func mutations(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let union = #"["null","string",{"type":"array","items":"List"},{"type":"map","values":"double"}]"#
    let schema = try AvroSchema(
      Array(
        #"{"type":"record","name":"All","fields":[{"name":"list","type":\#(Self.list)},{"name":"u","type":\#(union)}]}"#
          .utf8))
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        Bool.random(using: &random) ? UInt8.random(in: 0...6, using: &random) : .random(in: 0...255, using: &random)
      }
      let text = try Self.read(bytes, schema)
      #expect(text.hasPrefix("{") ? JSONValue(Array(text.utf8)) != nil : !text.isEmpty, "seed \(seed): \(bytes)")
    }
  }
}
