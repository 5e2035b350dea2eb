import Core
import TestSupport
import Testing
import Text

@testable import Collectors

@Suite("Decoding messages by schema")
struct MessageOpenerTests {
  private static let order =
    #"{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"orderId","type":"long"}]}"#

  /// The decoded key, body and name of a message.
  private struct Opened: Equatable {
    var key = ""
    var body = ""
    var name: String?
  }

  /// Decodes one message and waits for the registry. `problem` is the reason if it cannot be decoded.
  private static func open(
    _ body: String, key: String = "", headers: [(String, String)] = [], topic: String = "orders",
    settings: SchemaSettings, _ registry: SchemaRegistry?
  ) async throws -> (Opened, problem: String?) {
    let bytes = try #require(Hex.bytes(body))
    let keyBytes = try #require(Hex.bytes(key))
    let parts = try headers.map { (Array($0.0.utf8), try #require(Hex.bytes($0.1))) }
    var result: (Opened, String?)?
    _ = await waitUntil {
      result = once(bytes, keyBytes, parts, topic, settings, registry)
      return result != nil
    }
    return try #require(result)
  }

  /// `nil` while the registry has not responded.
  private static func once(
    _ body: [UInt8], _ key: [UInt8], _ headers: [([UInt8], [UInt8])], _ topic: String, _ settings: SchemaSettings,
    _ registry: SchemaRegistry?
  ) -> (Opened, String?)? {
    var opener = MessageOpener(settings, registry)
    return body.withUnsafeBytes { body in
      key.withUnsafeBytes { key in
        var held: [HeldMessage] = []
        let plain = ConsumedMessage(
          origin: Origin(topic: .none, partition: 0, offset: 0), brokerTime: nil, receivedAt: .distantPast, key: key,
          body: body)
        headers.withHeaders { given in
          var message = plain
          message.headers = given
          held = [HeldMessage(message, topicName: Bytes.empty, schema: .number(0))]
        }
        return Array(topic.utf8).withUnsafeBytes { topicName in
          held[0].withMessage { message, _ in
            let opened = opener.open(message, topicName: topicName)
            switch opened {
            case .waits: return nil
            case .ready(let message):
              let name = message.headers.first { Bytes.string($0.name) == "schema-message-name" }
              return (
                Opened(
                  key: Bytes.string(message.key), body: message.body.map(Bytes.string) ?? "",
                  name: name.map { Bytes.string($0.value) }), nil
              )
            case .refused, .damaged: return (Opened(), opened.problem)
            }
          }
        }
      }
    }
  }

  private static func answering() throws -> (RudeServer, SchemaSettings.Registry) {
    let server = try RudeServer()
    let avro = #"{"schema":"\#(JSONString.escaped(order))"}"#
    server.answer("/schemas/types", "[]")
    server.answer("/schemas/ids/7", avro)
    server.answer("/schemas/guids/00112233-4455-6677-8899-aabbccddeeff", avro)
    server.answer("/schemas/ids/8", #"{"schema":"\"string\""}"#)
    server.answer(
      "/schemas/ids/9",
      #"{"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; message A {} message B { message C { int32 c = 1; } int32 b = 1; }"}"#
    )
    server.answer("/schemas/ids/10", #"{"schemaType":"JSON","schema":"{}"}"#)
    return (server, .init(url: server.url("")))
  }

  private struct Case: Sendable {
    var why: String
    var body: String
    var key = ""
    var headers: [(String, String)] = []
    var opened: Opened
  }

  private static let guid = "0100112233445566778899aabbccddeeff"
  private static let record = Opened(body: #"{"orderId":5}"#, name: "shop.Order")

  private static let cases = [
    Case(why: "an id before the record", body: "00 00000007 0a", opened: record),
    Case(why: "a GUID before the record", body: "\(guid) 0a", opened: record),
    Case(why: "a GUID in the header", body: "0a", headers: [("__value_schema_id", guid)], opened: record),
    Case(why: "an id in the header", body: "0a", headers: [("__value_schema_id", "0000000007")], opened: record),
    Case(
      why: "an id of eight bytes, as Apicurio has it", body: "0a",
      headers: [("apicurio.value.contentId", "0000000000000007")], opened: record),
    Case(
      why: "the first message", body: "00 00000009 00 ", opened: Opened(body: "{}", name: "A")),
    Case(
      why: "the second", body: "00 00000009 0202 0803", opened: Opened(body: #"{"b":3}"#, name: "B")),
    Case(
      why: "one that lies in another", body: "00 00000009 040200 0803", opened: Opened(body: #"{"c":3}"#, name: "B.C")),
    Case(
      why: "indexes behind the id in the header", body: "0803", headers: [("__value_schema_id", "0000000009 0202")],
      opened: Opened(body: #"{"b":3}"#, name: "B")),
    Case(
      why: "an id and three bytes of indexes in the header, eight bytes in all", body: "0803",
      headers: [("__value_schema_id", "0000000009 040200")], opened: Opened(body: #"{"c":3}"#, name: "B.C")),
    Case(why: "JSON by a schema", body: "00 0000000a 7b7d", opened: Opened(body: "{}")),
    Case(
      why: "a text of 16 bytes that is JSON: its length is a blank",
      body: "00 00000008 20 7b226964223a2231323334353637227d",
      opened: Opened(body: #""{\"id\":\"1234567\"}""#)),
    Case(
      why: "a text of 5 bytes: its length is a line feed", body: "00 00000008 0a 5b312c325d",
      opened: Opened(body: #""[1,2]""#)),
    Case(why: "JSON whose schema is not there", body: "00 00000063 7b7d", opened: Opened(body: "{}")),
    Case(
      why: "a text as key", body: "7b7d", key: "00 00000008 06616263", opened: Opened(key: #""abc""#, body: "{}")),
    Case(
      why: "a record as key", body: "7b7d", key: "00 00000007 0a", opened: Opened(key: #"{"orderId":5}"#, body: "{}")),
    Case(
      why: "a number of eight bytes as key", body: "7b7d", key: "0000000000000005",
      opened: Opened(key: "\0\0\0\0\0\0\0\u{5}", body: "{}")),
    Case(
      why: "what only looks like a frame", body: "7b7d", key: "0000000007ff",
      opened: Opened(key: "\0\0\0\0\u{7}\u{fffd}", body: "{}")),
    Case(why: "no schema at all", body: "7b7d", opened: Opened(body: "{}")),
  ]

  @Test("the schema id at any position that serializers use")
  func wireFormats() async throws {
    let (server, registry) = try Self.answering()
    let source = SchemaRegistry(registry, sink: CollectingSink())
    source.start()
    defer { source.stop() }
    for entry in Self.cases {
      let (opened, problem) = try await Self.open(
        entry.body, key: entry.key, headers: entry.headers, settings: SchemaSettings(registry: registry), source)
      #expect(opened == entry.opened && problem == nil, "\(entry.why): \(problem ?? "")")
    }
    _ = server
  }

  @Test("ids of eight bytes, if configured")
  func longIDs() async throws {
    var (server, registry) = try Self.answering()
    registry.idBytes = 8
    let source = SchemaRegistry(registry, sink: CollectingSink())
    source.start()
    defer { source.stop() }
    let (opened, _) = try await Self.open(
      "00 0000000000000007 0a", settings: SchemaSettings(registry: registry), source)
    #expect(opened == Self.record)
    _ = server
  }

  @Test("data that does not match its schema gives a reason")
  func damage() async throws {
    let (server, registry) = try Self.answering()
    let source = SchemaRegistry(registry, sink: CollectingSink())
    source.start()
    defer { source.stop() }
    let settings = SchemaSettings(registry: registry)
    let cut = try await Self.open("00 00000007 8a", settings: settings, source)
    #expect(cut.problem == "not of its schema 7: it ends too early")
    let other = try await Self.open("00 00000009 0206 00", settings: settings, source)
    #expect(other.problem == "not of its schema 9: it is of a message that the schema does not have")
    _ = server
  }

  @Test("by a schema file, if the configuration names one for the topic")
  func files() async throws {
    let proto = "syntax = \"proto3\"; package shop; message A {} message B { int32 b = 1; }"
    let settings = SchemaSettings(files: [
      .init(topics: try NamePattern("orders*"), path: "o.avsc", bytes: Array(Self.order.utf8), message: nil),
      .init(topics: try NamePattern("*"), path: "o.proto", bytes: Array(proto.utf8), message: "shop.B"),
    ])
    func open(_ body: String, _ topic: String) async throws -> (Opened, problem: String?) {
      try await Self.open(body, topic: topic, settings: settings, nil)
    }
    #expect(try await open("0a", "orders-eu").0 == Self.record)
    // After a frame, and as an Avro single object.
    #expect(try await open("00 00000063 0a", "orders").0 == Self.record)
    #expect(try await open("c301 0011223344556677 0a", "orders").0 == Self.record)
    #expect(try await open("0803", "payments").0 == Opened(body: #"{"b":3}"#, name: "shop.B"))
    // From before the topic had a schema.
    #expect(try await open("7b7d", "orders").0 == Opened(body: "{}"))
    #expect(try await open("ff", "orders").problem == "not of the topic's schema: it ends too early")
    #expect(settings.files.allSatisfy { $0.problem == nil })
    let wrong = SchemaSettings.File(
      topics: try NamePattern("*"), path: "o.desc", bytes: [1], message: nil)
    #expect(wrong.problem?.contains("FileDescriptorSet") ?? false)
  }

  @Test("a body that begins with a blank is Avro where a file says so, whatever it looks like")
  func blanks() async throws {
    let settings = SchemaSettings(files: [
      .init(topics: try NamePattern("*"), path: "t.avsc", bytes: Array(#""string""#.utf8))
    ])
    let opened = try await Self.open("20 7b226964223a2231323334353637227d", settings: settings, nil).0
    #expect(opened == Opened(body: #""{\"id\":\"1234567\"}""#))
  }

  @Test(
    "a file without a usable schema is a problem",
    arguments: [
      ("o.proto", "", "it defines no message"), ("o.proto", " \n", "it defines no message"),
      ("o.proto", "syntax = \"proto3\"; enum E { A = 0; }", "it defines no message"),
      ("o.avsc", "", "it is no JSON, or its types are nested deeper than 60 levels"),
      ("o.avsc", "\n", "it is no JSON, or its types are nested deeper than 60 levels"),
      ("o.desc", "", "it is not a FileDescriptorSet as written by `protoc --include_imports --descriptor_set_out`"),
    ])
  func badFiles(path: String, text: String, problem: String) throws {
    let file = SchemaSettings.File(topics: try NamePattern("*"), path: path, bytes: Array(text.utf8))
    #expect(file.problem == problem)
  }

  @Test("a held message keeps all its parts")
  func held() {
    let body: [UInt8]? = nil
    [([UInt8]("a".utf8), [UInt8]("1".utf8)), ([UInt8]("b".utf8), [])].withHeaders { headers in
      let message = ConsumedMessage(
        origin: Origin(topic: .none, partition: 3, offset: 9), brokerTime: Timestamp(milliseconds: 5),
        receivedAt: Timestamp(milliseconds: 6), key: Bytes.empty, body: body.map { _ in Bytes.empty }, headers: headers)
      let held = HeldMessage(message, topicName: Bytes.empty, schema: .number(1))
      held.withMessage { copy, _ in
        #expect(copy.origin == message.origin && copy.brokerTime == message.brokerTime)
        #expect(copy.body == nil && copy.headers.map { Bytes.string($0.name) } == ["a", "b"])
        #expect(copy.headers.map { Bytes.string($0.value) } == ["1", ""])
      }
    }
  }
}

extension [([UInt8], [UInt8])] {
  fileprivate func withHeaders(_ body: ([ConsumedMessage.Header]) -> Void) { Self.with(self[...], [], body) }

  private static func with(
    _ rest: ArraySlice<Element>, _ done: [ConsumedMessage.Header], _ body: ([ConsumedMessage.Header]) -> Void
  ) {
    guard let (name, value) = rest.first else { return body(done) }
    name.withUnsafeBytes { name in
      value.withUnsafeBytes { with(rest.dropFirst(), done + [.init(name: name, value: $0)], body) }
    }
  }
}
