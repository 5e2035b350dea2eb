import Core

@testable import Collectors

/// Decodes messages without a broker.
final class Decoding {
  static let start = Timestamp(milliseconds: 1_769_508_000_000)

  let symbols = SymbolTable()
  private(set) var decoder: Decoder
  private(set) var batch = EventBatch()
  private var offset: Int64 = 0

  init(_ system: SystemDefinition, bodyLimit: Int = 4096) {
    decoder = Decoder(CompiledFields(system, symbols: symbols), symbols: symbols, bodyLimit: bodyLimit)
  }

  /// One saga type `order` with one id and no event types.
  convenience init(
    id: [FieldSource] = [.path(["orderId"])], fields: EventFields = EventFields(), steps: [FieldSource] = [],
    errors: [FieldSource] = [], bodyLimit: Int = 4096
  ) {
    let order = SagaDefinition(
      type: "order", identities: [.init(name: "id", sources: id)], stepSources: steps, errorSources: errors)
    self.init(SystemDefinition(name: "test", topics: ["*"], fields: fields, sagas: [order]), bodyLimit: bodyLimit)
  }

  /// A `nil` body is a tombstone. The message was received one second after `start`.
  @discardableResult
  func decode(
    _ body: String?, key: String = "", headers: [(String, String)] = [], topic: String = "orders",
    brokerTime: Timestamp? = start
  ) -> Event? {
    decode(bytes: body.map { Array($0.utf8) }, key: key, headers: headers, topic: topic, brokerTime: brokerTime)
  }

  @discardableResult
  func decode(_ body: String, keyBytes: [UInt8]) -> Event? { decode(bytes: Array(body.utf8), keyBytes: keyBytes) }

  @discardableResult
  func decode(
    bytes: [UInt8]?, key: String = "", keyBytes: [UInt8]? = nil, headers: [(String, String)] = [],
    topic: String = "orders",
    brokerTime: Timestamp? = start
  ) -> Event? {
    let before = batch.events.count
    offset += 1
    // A single array keeps all borrowed bytes alive during the call.
    var store =
      headers.flatMap { [Array($0.0.utf8), Array($0.1.utf8)] } + [keyBytes ?? Array(key.utf8), Array(topic.utf8)]
    store.append(bytes ?? [])
    withBuffers(store[...], []) { buffers in
      let message = ConsumedMessage(
        origin: Origin(topic: symbols.symbol(topic), partition: 0, offset: offset), brokerTime: brokerTime,
        receivedAt: Self.start + .seconds(1), key: buffers[buffers.count - 3],
        body: bytes == nil ? nil : buffers[buffers.count - 1],
        headers: headers.indices.map { .init(name: buffers[2 * $0], value: buffers[2 * $0 + 1]) })
      decoder.decode(message, topicName: buffers[buffers.count - 2], into: &batch)
    }
    return batch.events.count > before ? batch.events.last : nil
  }

  private func withBuffers(
    _ rest: ArraySlice<[UInt8]>, _ done: [UnsafeRawBufferPointer], _ body: ([UnsafeRawBufferPointer]) -> Void
  ) {
    guard let first = rest.first else { return body(done) }
    first.withUnsafeBytes { withBuffers(rest.dropFirst(), done + [$0], body) }
  }

  func text(_ symbol: Symbol) -> String { symbols.text(symbol) }

  var lastReason: String? { batch.undecoded.last?.reason }
}

extension FieldSource {
  /// A template with members of the message: `saga {status}`.
  static func named(_ text: String) -> FieldSource {
    let pieces = text.split(separator: "{", omittingEmptySubsequences: false)
    return .template(
      [.text(String(pieces[0]))]
        + pieces.dropFirst().flatMap { piece -> [Part] in
          let parts = piece.split(separator: "}", omittingEmptySubsequences: false)
          return [.field(.path(parts[0].split(separator: ".").map(String.init))), .text(String(parts[1]))]
        })
  }
}
