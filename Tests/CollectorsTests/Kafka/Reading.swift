import Collectors
import Core
import TestSupport
import Text

/// A Kafka source that reads from a broker into a sink during a test.
final class Reading {
  let sink: CollectingSink
  let symbols = SymbolTable()
  let source: KafkaSource
  private let registry: SchemaRegistry?

  /// `topics` are patterns. `newest` and `slice` are numbers of messages.
  init(
    _ brokers: String, topics: [String] = ["*"], since: ReadSpan = .usual, newest: Int? = nil, slice: Int? = nil,
    properties: [(name: String, value: String)] = [], sample: (messages: Int, perTopic: Int)? = nil,
    registry: SchemaSettings.Registry? = nil, mostHeld: Int? = nil, system: SystemDefinition = Reading.system,
    whenComplete: @escaping @Sendable () -> Void = {}
  ) throws {
    sink = CollectingSink(whenComplete: whenComplete)
    var settings = KafkaSettings(
      brokers: brokers, properties: properties, topics: try topics.map { try NamePattern($0) }, since: since)
    settings.sample = sample
    settings.schemas.registry = registry
    self.registry = registry.map { [sink] in SchemaRegistry($0, sink: sink) }
    if let mostHeld { settings.mostHeld = mostHeld }
    if let newest { settings.newest = newest }
    if let slice { settings.slice = slice }
    source = KafkaSource(
      settings, system: system, symbols: symbols, registry: self.registry, sink: sink)
    self.registry?.start()
    source.start()
  }

  deinit { stop() }

  func stop() {
    source.stop()
    registry?.stop()
  }

  static let system = SystemDefinition(
    name: "test", topics: ["*"], fields: EventFields(type: [.topic]),
    sagas: [SagaDefinition(type: "order", identities: [.init(name: "orderId", sources: [.path(["orderId"])])])])

  /// Names of the topics with at least one event, sorted.
  var topics: [String] { Set(sink.events.map(\.origin.topic)).map(symbols.text).sorted() }

  /// The `orderId`s of the bodies, in order of arrival.
  var ids: [String] { sink.events.compactMap { $0.link?.key.value } }
}

extension [TestProducer.Record] {
  /// One order per number.
  static func orders(_ numbers: ClosedRange<Int>, topic: String = "orders", partition: Int32 = 0) -> Self {
    numbers.map { .init(topic, #"{"orderId":\#($0)}"#, partition: partition) }
  }
}
