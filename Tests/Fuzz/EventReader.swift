import Core

@testable import Collectors

/// Decodes messages with one system's definition and folds them into a store, which is queried periodically.
final class EventReader {
  private static let start = Timestamp(milliseconds: 1_769_508_000_000)
  /// The number of messages after which the store is replaced by a new one.
  private static let life = 4096

  private let symbols = SymbolTable()
  private let system: SystemDefinition
  private var decoder: Decoder
  private(set) var store: Store
  private var offset: Int64 = 0

  init(_ system: SystemDefinition) {
    self.system = system
    decoder = Decoder(CompiledFields(system, symbols: symbols), symbols: symbols)
    store = Store(system, context: .init(name: "fuzz"), symbols: symbols, now: { Self.start })
  }

  func take(_ bytes: [UInt8]) {
    offset += 1
    if offset % Int64(Self.life) == 0 { begin() }
    let parts = bytes.split(separator: 0, maxSplits: 4, omittingEmptySubsequences: false).map(Array.init)
    func part(_ place: Int) -> [UInt8] { place < parts.count ? parts[place] : [] }
    let (topic, key, name, value) = (part(0), part(1), part(2), part(3))
    var batch = EventBatch()
    topic.withUnsafeBytes { topic in
      key.withUnsafeBytes { key in
        name.withUnsafeBytes { name in
          value.withUnsafeBytes { value in
            part(4).withUnsafeBytes { body in
              let origin = Origin(
                topic: symbols.symbol(String(decoding: topic, as: UTF8.self)), partition: 0, offset: offset)
              let message = ConsumedMessage(
                origin: origin, brokerTime: Self.start, receivedAt: Self.start, key: key,
                body: parts.count > 4 ? body : nil,
                headers: [.init(name: name, value: value)])
              decoder.decode(message, topicName: topic, into: &batch)
            }
          }
        }
      }
    }
    store.accept(batch)
    if offset % 64 == 0 { look() }
  }

  private func begin() {
    store = Store(system, context: .init(name: "fuzz"), symbols: symbols, now: { Self.start })
  }

  private func look() {
    let list = store.sagas(SagaQuery(limit: 5), now: Self.start)
    for row in list.rows {
      _ = store.saga(row.handle, now: Self.start)
      _ = store.diagnosis(row.handle, now: Self.start)
    }
    _ = store.overview(limit: 3, now: Self.start)
  }
}

extension SystemDefinition {
  /// Composed ids, lists, and fields from every kind of source.
  static var templates: SystemDefinition {
    let id = FieldSource.template([.field(.path(["tenant"])), .text("/"), .field(.path(["items", "*", "id"]))])
    let order = SagaDefinition(
      type: "order",
      identities: [.init(name: "a", sources: [id]), .init(name: "b", sources: [.key, .path(["orderId"])])],
      stepSources: [.path(["step"]), .topic], errorSources: [.path(["reason"]), .header("error")])
    return SystemDefinition(name: "templates", topics: ["*"], fields: EventFields(), sagas: [order])
  }
}
