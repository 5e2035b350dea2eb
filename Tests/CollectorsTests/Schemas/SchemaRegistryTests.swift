import Core
import TestSupport
import Testing
import Text

@testable import Collectors

@Suite("A schema registry")
struct SchemaRegistryTests {
  private let server: RudeServer

  init() throws { server = try RudeServer() }

  private static let order =
    #"{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"orderId","type":"long"}]}"#

  /// Confluent's frame and an Avro record with the order, which must be below 64.
  private static func frame(_ schema: Int, order: Int) -> [UInt8] {
    [0] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: schema >> (8 * $0)) } + [UInt8(2 * order)]
  }

  private func answer(schema: Int, _ text: String = order) {
    server.answer("/schemas/types", #"["AVRO","JSON","PROTOBUF"]"#)
    server.answer("/schemas/ids/\(schema)", #"{"schema":"\#(JSONString.escaped(text))"}"#)
  }

  private var registry: SchemaSettings.Registry { .init(url: server.url("")) }

  private static func record(_ schema: Int, order: Int) -> TestProducer.Record {
    var record = TestProducer.Record("orders", "")
    record.value = frame(schema, order: order)
    return record
  }

  private func reading(_ broker: NoidaServer, _ records: [TestProducer.Record]) throws -> Reading {
    try TestProducer(broker.brokers).write(records)
    return try Reading(broker.brokers, topics: ["orders"], registry: registry)
  }

  @Test("returns each schema once for all messages")
  func decodes() async throws {
    let broker = try NoidaServer()
    answer(schema: 7)
    let reading = try reading(broker, (1...20).map { Self.record(7, order: $0) })
    try #require(await waitUntil { reading.ids.count == 20 })
    #expect(reading.ids.sorted() == (1...20).map(String.init).sorted())
    #expect(reading.sink.bodies.first == #"{"orderId":1}"#)
    #expect(reading.sink.headers.first == "schema-message-name: shop.Order\n")
    #expect(server.requests.count { $0.path == "/schemas/ids/7" } == 1)
    #expect(reading.sink.undecoded.isEmpty)
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.isComplete ?? false })
    #expect(reading.sink.status(of: "schemas")?.phase == .up)
  }

  @Test("that does not respond is down; messages that need it are reported and decoded when it returns")
  func outage() async throws {
    let broker = try NoidaServer()
    for path in ["/schemas/types", "/schemas/ids/7"] { server.answer(path, "", status: "503 Service Unavailable") }
    let reading = try reading(broker, (1...20).map { Self.record(7, order: $0) })
    try #require(await waitUntil { reading.sink.undecoded.count == 20 })
    let place = "127.0.0.1:\(server.port): HTTP 503"
    #expect(reading.sink.undecoded.first?.reason == "schema 7: \(place)")
    #expect(reading.sink.status(of: "schemas")?.phase == .down)
    #expect(reading.sink.status(of: "schemas")?.error == "\(place); trying again")
    let note = "20 messages wait for schema 7; registry \(place)"
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.notes == [note] })
    #expect(reading.sink.statuses.allSatisfy { $0.name != "kafka" || !$0.isComplete })
    answer(schema: 7)
    try #require(await waitUntil { reading.ids.count == 20 })
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.isComplete ?? false })
    #expect(reading.sink.withdrawn.count == 20 && Set(reading.sink.withdrawn).count == 20)
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.notes == [] })
    #expect(reading.sink.status(of: "schemas")?.isComplete ?? false)
  }

  @Test("that does not answer while older messages are read: these wait, and the source is not complete without them")
  func older() async throws {
    let broker = try NoidaServer()
    for path in ["/schemas/types", "/schemas/ids/7"] { server.answer(path, "", status: "503 Service Unavailable") }
    let now = SystemClock.now().milliseconds
    var records = (1...60).map { Self.record(7, order: $0) } + .orders(101...160)
    for place in records.indices { records[place].time = now - Int64(records.count - place) * 60_000 }
    try TestProducer(broker.brokers).write(records)
    let reading = try Reading(
      broker.brokers, topics: ["orders"], since: .everything, newest: 30, slice: 40, registry: registry)
    try #require(await waitUntil { reading.sink.undecoded.count == 60 && reading.ids.count == 60 })
    try #require(await waitUntil { reading.sink.status(of: "kafka")?.hasWholeWindow ?? false })
    #expect(reading.sink.status(of: "kafka")?.isComplete == false)
    answer(schema: 7)
    try #require(await waitUntil { reading.sink.status(of: "kafka")?.isSettled ?? false })
    #expect(reading.ids.count == 120 && reading.sink.withdrawn.count == 60)
  }

  @Test("that hangs does not block messages that do not need it")
  func hanging() async throws {
    let broker = try NoidaServer()
    let silent = try SilentServer()
    try TestProducer(broker.brokers).write(
      [Self.record(7, order: 1)] + .orders(2...5))
    let reading = try Reading(
      broker.brokers, topics: ["orders"], registry: .init(url: "http://127.0.0.1:\(silent.port)"))
    try #require(await waitUntil { reading.ids == ["2", "3", "4", "5"] })
    try #require(await waitUntil(.seconds(20)) { reading.sink.undecoded.count == 1 })
    #expect(reading.sink.undecoded.first?.reason.contains("no answer within 5") ?? false)
    #expect(reading.sink.status(of: "schemas")?.phase == .down)
  }

  @Test("that refuses connections is down, and the messages that wait for it are counted with the reason")
  func refused() async throws {
    let broker = try NoidaServer()
    let port = try LoopbackPort.free()
    try TestProducer(broker.brokers).write([Self.record(7, order: 1)] + .orders(2...5))
    let reading = try Reading(broker.brokers, topics: ["orders"], registry: .init(url: "http://127.0.0.1:\(port)"))
    try #require(await waitUntil { reading.ids == ["2", "3", "4", "5"] && reading.sink.undecoded.count == 1 })
    let reason = "127.0.0.1:\(port): connection refused"
    #expect(reading.sink.undecoded.first?.reason == "schema 7: \(reason)")
    let note = "1 message waits for schema 7; registry \(reason)"
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.notes == [note] })
    #expect(reading.sink.status(of: "schemas")?.phase == .down)
    #expect(reading.sink.status(of: "kafka")?.isComplete == false)
  }

  @Test("that has a fault with one schema only is not down: the others are decoded, and its messages are not")
  func partialFault() async throws {
    let broker = try NoidaServer()
    answer(schema: 7)
    server.answer("/schemas/ids/8", "", status: "500 Internal Server Error")
    let reading = try reading(broker, [Self.record(8, order: 1), Self.record(7, order: 2)])
    try #require(await waitUntil { reading.ids == ["2"] && reading.sink.undecoded.count == 1 })
    let reason = "schema 8: 127.0.0.1:\(server.port): HTTP 500, for this schema only"
    #expect(reading.sink.undecoded.first?.reason == reason)
    try #require(await waitUntil { reading.sink.status(of: "schemas")?.phase == .degraded })
    #expect(reading.sink.statuses.allSatisfy { $0.phase != .down })
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.isComplete ?? false })
  }

  @Test(
    "that is overloaded or unavailable for schemas is down until it responds, although it lists its types",
    arguments: ["429 Too Many Requests", "503 Service Unavailable"])
  func overload(status: String) async throws {
    let broker = try NoidaServer()
    answer(schema: 7)
    let body = "{}"
    server.answer("/schemas/types", "[]")
    server.answer("/schemas/ids/8", body, status: status)
    let reading = try reading(broker, [Self.record(8, order: 1), Self.record(7, order: 2)])
    try #require(await waitUntil { reading.sink.statuses.contains { $0.kind == .schemas && $0.phase == .down } })
    #expect(reading.sink.wholes.isEmpty)
    server.answer("/schemas/ids/8", #"{"schema":"\"long\""}"#)
    #expect(await waitUntil(.seconds(30)) { reading.sink.status(of: "kafka")?.isComplete ?? false })
    #expect(reading.sink.status(of: "schemas")?.phase == .up)
  }

  @Test("without the schema stays up, and the messages are reported")
  func absence() async throws {
    let broker = try NoidaServer()
    answer(schema: 7)
    server.answer("/schemas/ids/8", #"{"error_code":40403,"message":"Schema 8 not found"}"#, status: "404 Not Found")
    let reading = try reading(broker, [Self.record(8, order: 1), Self.record(7, order: 2)])
    try #require(await waitUntil { reading.ids == ["2"] && reading.sink.undecoded.count == 1 })
    let reason = "schema 8: 127.0.0.1:\(server.port) does not have it (HTTP 404: Schema 8 not found)"
    #expect(reading.sink.undecoded.first?.reason == reason)
    try #require(await waitUntil { reading.sink.status(of: "kafka")?.isComplete ?? false })
    #expect(reading.sink.status(of: "schemas")?.phase == .up)
    #expect(reading.sink.status(of: "schemas")?.notes == ["\(reason); asking again every 30 s"])
  }

  @Test("that denies one schema stays up and returns the others")
  func forbidden() async throws {
    let broker = try NoidaServer()
    answer(schema: 7)
    server.answer("/schemas/ids/8", #"{"error_code":403,"message":"denied"}"#, status: "403 Forbidden")
    let reading = try reading(broker, [Self.record(8, order: 1), Self.record(7, order: 2)])
    try #require(await waitUntil { reading.ids == ["2"] && reading.sink.undecoded.count == 1 })
    let reason = "schema 8: 127.0.0.1:\(server.port): HTTP 403: its user may not read it: denied"
    #expect(reading.sink.undecoded.first?.reason == reason)
    #expect(reading.sink.status(of: "schemas")?.phase == .up)
  }

  @Test(
    "that returns an invalid schema is degraded, and its messages are counted as not decoded",
    arguments: [
      ("[1,2]", "200 OK", "gives no schema for it"), ("<html>", "200 OK", "gives no schema for it"),
      ("", "200 OK", "gives no schema for it"),
      ("{\"schema\":{\"type\":\"string\"}}", "200 OK", "gives no schema for it"),
      (#"{"error_code":42201,"message":"no"}"#, "422 Unprocessable Entity", ": HTTP 422: no"),
      (#"{"schema":"{}"}"#, "200 OK", "gives one that cannot be used: an object has no `type`"),
      (
        #"{"schema":"x","schemaType":"XML"}"#, "200 OK",
        "gives one that cannot be used: its type is XML, which sagatop does not know"
      ),
      (
        #"{"schema":"syntax = \"proto3\";","schemaType":"PROTOBUF"}"#, "200 OK",
        "gives one that cannot be used: it defines no message"
      ),
      (#"{"schema":"\"long\"","references":[{}]}"#, "200 OK", "gives a reference without name, subject or version"),
      (String(repeating: "a", count: 9 << 20), "200 OK", "gives one longer than 8 MiB"),
    ])
  func garbage(body: String, status: String, reason: String) async throws {
    let broker = try NoidaServer()
    answer(schema: 7)
    server.answer("/schemas/ids/8", body, status: status)
    let reading = try reading(broker, [Self.record(8, order: 1), Self.record(7, order: 2), Self.record(8, order: 3)])
    try #require(await waitUntil { reading.sink.undecoded.count == 2 && reading.ids == ["2"] })
    let text = "schema 8: 127.0.0.1:\(server.port)\(reason.hasPrefix(":") ? "" : " ")\(reason)"
    #expect(reading.sink.undecoded.first?.reason == text)
    try #require(await waitUntil { reading.sink.status(of: "kafka")?.isComplete ?? false })
    #expect(reading.sink.status(of: "kafka")?.notes == ["2 messages of topic orders are not decoded: \(text)"])
    let schemas = try #require(reading.sink.status(of: "schemas"))
    #expect(schemas.phase == .degraded && schemas.isSettled && schemas.error == "\(text); asking again every 30 s")
    #expect(schemas.lastSuccess.map { schemas.isWhole(at: $0) } ?? false)
  }

  @Test("a reference that cannot be used is named")
  func badReference() async throws {
    server.answer("/schemas/types", "[]")
    server.answer(
      "/schemas/ids/9",
      #"{"schema":"\"shop.Money\"","references":[{"name":"shop.Money","subject":"money","version":3}]}"#)
    server.answer("/subjects/money/versions/3?deleted=true", "<html>")
    guard let client = RegistryClient(registry, isStopping: { false }) else { throw CancellationError() }
    let text = "its reference to subject money, version 3: 127.0.0.1:\(server.port) gives no schema for it"
    #expect(throws: RegistryClient.Failure.refusal(text)) { try Self.fetch(client, .number(9)) }
  }

  @Test("is reported if its URL is that of another server")
  func wrongServer() async throws {
    let sink = CollectingSink()
    let source = SchemaRegistry(registry, sink: sink)
    source.start()
    defer { source.stop() }
    #expect(
      await waitUntil {
        sink.status(of: "schemas")?.error
          == "127.0.0.1:\(server.port) answers 404 to \(server.url("/schemas/types")): is the registry's URL right?; trying again"
      })
  }

  @Test("with ten thousand schemas gets one request for each")
  func many() async throws {
    let broker = try NoidaServer()
    for id in 1...10_000 { answer(schema: id) }
    let reading = try reading(broker, (1...10_000).map { Self.record($0, order: $0 % 60 + 1) })
    try #require(await waitUntil(.seconds(60)) { reading.ids.count == 10_000 })
    #expect(server.requests.count { $0.path.hasPrefix("/schemas/ids/") } == 10_000)
    #expect(reading.sink.undecoded.isEmpty)
  }

  @Test("is not queried without limit for data that only looks like schema ids")
  func noise() async throws {
    let broker = try NoidaServer()
    answer(schema: 1)
    let reading = try reading(broker, (1...5000).map { Self.record(1000 + $0, order: 1) })
    try #require(await waitUntil { reading.sink.undecoded.count == 5000 })
    #expect(server.requests.count { $0.path.hasPrefix("/schemas/ids/") } < 1100)
  }

  @Test("gets the configured credentials, and no output contains the password")
  func access() async throws {
    answer(schema: 7)
    var registry = registry
    (registry.access.user, registry.access.password) = ("reader", "s3cret")
    let source = SchemaRegistry(registry, sink: CollectingSink())
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { !server.requests.isEmpty })
    #expect(server.requests.allSatisfy { $0.head.contains("Authorization: Basic cmVhZGVyOnMzY3JldA==\r\n") })
  }

  @Test("returns referenced schemas by their escaped names")
  func references() async throws {
    server.answer("/schemas/types", "[]")
    server.answer(
      "/schemas/ids/9",
      #"""
      {"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; import \"shop/money.proto\"; message O { shop.Money m = 1; }",
       "references":[{"name":"shop/money.proto","subject":"shop/money","version":3}]}
      """#)
    server.answer(
      "/subjects/shop%2Fmoney/versions/3?deleted=true",
      #"{"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; package shop; message Money { int64 cents = 1; }"}"#)
    let source = SchemaRegistry(registry, sink: CollectingSink())
    source.start()
    defer { source.stop() }
    let isThere = await waitUntil { if case .schema(.protobuf) = source.find(.number(9)) { true } else { false } }
    #expect(isThere, "\(source.find(.number(9)))")
  }

  @Test("supports two schemas that reference a third one by different names")
  func names() async throws {
    server.answer("/schemas/types", "[]")
    for (id, name) in [(9, "x/money.proto"), (10, "y/money.proto"), (11, "x/money.proto")] {
      server.answer(
        "/schemas/ids/\(id)",
        #"""
        {"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; import \"\#(name)\"; message O { shop.Money m = 1; }",
         "references":[{"name":"\#(name)","subject":"money","version":1}]}
        """#)
    }
    server.answer(
      "/subjects/money/versions/1?deleted=true",
      #"{"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; package shop; message Money { int64 cents = 1; }"}"#)
    guard let client = RegistryClient(registry, isStopping: { false }) else { throw CancellationError() }
    for id in [9, 10, 11, 10, 9] {
      #expect(throws: Never.self) { try Self.fetch(client, .number(UInt64(id))) }
    }
  }

  private static func fetch(_ client: RegistryClient, _ id: SchemaID) throws { _ = try client.schema(id) }
}
