import Collectors
import Core
import TestSupport
import Testing
import Text

@Suite("counts while topics appear")
struct ConsistentCountsTests {
  /// Steps have one id, orders the other one. Only the start event has both, so only it links them to one saga.
  private static let system = SystemDefinition(
    name: "test", topics: ["saga-events*"], fields: EventFields(type: [.path(["type"])]),
    sagas: [
      SagaDefinition(
        type: "order", coordination: .orchestration,
        identities: [
          .init(name: "sagaId", sources: [.path(["sagaId"])]), .init(name: "chain", sources: [.path(["chain"])]),
        ],
        steps: [StepDefinition(name: "payment")],
        events: [
          EventRule(type: "Started", startsSaga: true), EventRule(type: "Ordered"),
          EventRule(type: "Paid", effects: [.init(.completes, .named("payment"))]),
          EventRule(type: "Done", ends: .completed),
        ])
    ])

  @Test("no saga is counted twice or without its start while a new topic that contains the start is being read")
  func appearing() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("saga-events")
    let symbols = SymbolTable()
    let store = Store(
      Self.system, context: .init(name: "test"), symbols: symbols, now: { SystemClock.now() })
    let source = KafkaSource(
      KafkaSettings(brokers: server.brokers, topics: [try NamePattern("saga-events*")]), system: Self.system,
      symbols: symbols, sink: store)
    source.start()
    defer { source.stop() }
    #expect(await waitUntil { store.sources.contains { $0.readUntil != nil } })
    for number in 0..<10 {
      try producer.write([.init("saga-events", #"{"type":"Paid","sagaId":"s\#(number)"}"#)])
      try producer.write([.init("saga-events", #"{"type":"Ordered","chain":"c\#(number)"}"#)])
      try producer.createTopic("saga-events-\(number)")
      try producer.write([
        .init("saga-events-\(number)", #"{"type":"Started","sagaId":"s\#(number)","chain":"c\#(number)"}"#)
      ])
    }
    var halves = 0
    #expect(
      await waitUntil {
        let rows = store.overview(limit: 100, now: SystemClock.now()).sagas.rows
        halves += rows.count { $0.flags.contains(.incomplete) }
        return rows.count == 10
      })
    #expect(halves == 0)
    try producer.write([.init("saga-events", #"{"type":"Done","sagaId":"lost"}"#)])
    #expect(
      await waitUntil(.seconds(12)) {
        store.overview(limit: 100, now: SystemClock.now()).sagas.rows.count == 11
      }, "a saga whose start is nowhere is counted in the end")
  }
}
