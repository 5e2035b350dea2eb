import TestRandom
import Testing
import Text

@testable import Collectors

@Suite("Decoding Protobuf to JSON")
struct ProtobufReaderTests {
  private static func read(_ bytes: [UInt8], _ schema: ProtobufSchema, _ indexes: [Int32] = [0]) -> String {
    let reader = ProtobufReader()
    do throws(SchemaFault) {
      return try bytes.withBytes { (bytes) throws(SchemaFault) in
        String(decoding: try reader.read(bytes, schema, indexes).json, as: UTF8.self)
      }
    } catch { return error.reason }
  }

  private static func schema(_ fields: String) throws -> ProtobufSchema {
    try ProtobufSchema(
      Array(
        """
        syntax = "proto3"; package shop;
        import "google/protobuf/timestamp.proto"; import "google/protobuf/any.proto"; import "google/protobuf/duration.proto";
        message M { \(fields) }
        """.utf8))
  }

  @Test(
    "by its schema",
    arguments: [
      ("int64 order_id = 1;", "08ffffffffffffffff7f", #"{"orderId":9223372036854775807}"#),
      (#"int64 order_id = 1 [json_name = "id"];"#, "0801", #"{"id":1}"#),
      ("enum E { A = 0; B = 1; } E e = 1; E f = 2; bool b = 3;", "1001", #"{"e":"A","f":"B","b":false}"#),
      ("enum E { A = 0; } E e = 1;", "0807", #"{"e":7}"#),
      ("string text = 1; bytes raw = 2; int32 n = 3;", "", "{}"),
      ("google.protobuf.Timestamp at = 1;", "0a0708d60110c0843d", #"{"at":"1970-01-01T00:03:34.001Z"}"#),
      ("google.protobuf.Duration d = 1;", "0a0408031000", #"{"d":"3s"}"#),
      ("repeated int32 packed = 1;", "0a03010203", #"{"packed":[1,2,3]}"#),
      ("map<string,int32> tags = 1;", "0a050a01611001", #"{"tags":{"a":1}}"#),
      ("oneof what { string note = 1; int32 code = 2; }", "1000", #"{"code":0}"#),
      ("google.protobuf.Any any = 1;", "0a08 0a03612f62 12 01 78", #"{"any":{"@type":"a/b","value":"eA=="}}"#),
      ("double d = 1; float f = 2;", "09000000000000f87f 150000807f", #"{"d":"NaN","f":"Infinity"}"#),
    ])
  func values(fields: String, hex: String, json: String) throws {
    #expect(Self.read(try #require(Hex.bytes(hex)), try Self.schema(fields)) == json)
  }

  @Test("the message indexes select a top-level or nested message of the schema")
  func indexes() throws {
    let schema = try ProtobufSchema(
      Array("syntax = \"proto3\"; message A { message B { int32 b = 1; } } message C { int32 c = 1; }".utf8))
    #expect(Self.read([8, 5], schema, [1]) == #"{"c":5}"#)
    #expect(Self.read([8, 5], schema, [0, 0]) == #"{"b":5}"#)
    #expect(Self.read([8, 5], schema, [2]) == "it is of a message that the schema does not have")
  }

  @Test("imports are found in the references or are built in; a missing one is reported")
  func imports() throws {
    let text = """
      syntax = "proto3"; import "shop/money.proto"; import "confluent/meta.proto"; import "google/protobuf/struct.proto";
      message Order { Money total = 1; google.protobuf.Struct more = 2; option (confluent.message_meta).doc = "x"; }
      """
    let money = "syntax = \"proto3\"; message Money { int64 cents = 1; }"
    let schema = try ProtobufSchema(
      Array(text.utf8), references: [.init(name: "shop/money.proto", text: Array(money.utf8))])
    #expect(Self.read([0x0a, 2, 8, 9], schema) == #"{"total":{"cents":9}}"#)
    let fault = #expect(throws: SchemaFault.self) { try ProtobufSchema(Array(text.utf8)) }
    #expect(fault?.reason == "shop/money.proto: it is imported, but no reference contains it")
  }

  @Test(
    "an unusable schema gives a reason",
    arguments: [
      "", "message", "syntax = \"proto3\"; message A { B b = 1; }", "import \"schema.proto\";",
      String(repeating: "message A {", count: 100_000), "syntax = \"proto3\"; message A { int32 a = 1; int32 b = 1; }",
      "syntax = \"proto3\"; " + (0..<3000).map { "message M\($0) { M\($0 + 1) m = 1; }" }.joined() + "message M3000 {}",
    ])
  func badSchemas(text: String) {
    let fault = #expect(throws: SchemaFault.self) {
      let schema = try ProtobufSchema(Array(text.utf8))
      // An empty file is valid and has no message type to read.
      throw SchemaFault(Self.read([], schema))
    }
    #expect(fault.map { !$0.reason.isEmpty && $0.reason != "{}" } ?? false)
  }

  @Test("recursive messages are decoded up to a limit")
  func recursion() throws {
    let schema = try ProtobufSchema(Array("syntax = \"proto3\"; message L { L l = 1; }".utf8))
    func nested(_ levels: Int) -> [UInt8] {
      (0..<levels).reduce([]) { inner, _ in
        var head: [UInt8] = [0x0a]
        var rest = inner.count
        repeat {
          head.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
          rest >>= 7
        } while rest > 0
        return head + inner
      }
    }
    #expect(Self.read(nested(3), schema) == #"{"l":{"l":{"l":{}}}}"#)
    #expect(Self.read(nested(80), schema) == "it is nested too deeply")
    #expect(Self.read(nested(5000), schema) == "its bytes are no such message")
  }

  @Test("any bytes give JSON or a reason", arguments: [1, 2, 3] as [UInt64])
  func mutations(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let schema = try Self.schema(
      "int64 a = 1; string b = 2; M c = 3; map<string, M> d = 4; repeated double e = 5; google.protobuf.Timestamp f = 6; google.protobuf.Any g = 7;"
    )
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        Bool.random(using: &random) ? UInt8.random(in: 0...60, using: &random) : .random(in: 0...255, using: &random)
      }
      let text = Self.read(bytes, schema)
      #expect(text.hasPrefix("{") ? JSONValue(Array(text.utf8)) != nil : !text.isEmpty, "seed \(seed): \(bytes)")
    }
  }
}
