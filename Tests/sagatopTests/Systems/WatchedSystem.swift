import Collectors
import Core
import Testing

@testable import Configuration

/// A system defined by a configuration text. Tests pass its messages directly.
final class WatchedSystem {
  static let now = Timestamp(milliseconds: 1_769_508_000_000)

  let store: Store
  private let symbols = SymbolTable()
  private var decoder: Decoder
  private var offset: Int64 = 0

  /// `text` is a preset of at most 25 lines: users should not need more.
  init(_ text: String) throws {
    try #require(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 25)
    let system = try Presets.read(Array(text.utf8), file: "system.yaml", environment: [:])
    store = Store(system, context: .init(name: "test"), symbols: symbols, now: { Self.now })
    decoder = Decoder(CompiledFields(system, symbols: symbols), symbols: symbols)
  }

  func send(_ body: String, topic: String = "events", key: String = "", headers: [(String, String)] = []) {
    send(Array(body.utf8), topic: topic, key: key, headers: headers.map { ($0, Array($1.utf8)) })
  }

  func send(_ body: [UInt8], topic: String = "events", key: String = "", headers: [(String, [UInt8])] = []) {
    offset += 1
    var batch = EventBatch()
    let parts = [Array(topic.utf8), Array(key.utf8), body] + headers.flatMap { [Array($0.utf8), $1] }
    Self.borrow(parts[...], []) { buffers in
      let message = ConsumedMessage(
        origin: Origin(topic: symbols.symbol(topic), partition: 0, offset: offset),
        brokerTime: Self.now - .seconds(60) + .milliseconds(offset), receivedAt: Self.now, key: buffers[1],
        body: buffers[2],
        headers: headers.indices.map { .init(name: buffers[3 + 2 * $0], value: buffers[4 + 2 * $0]) })
      decoder.decode(message, topicName: buffers[0], into: &batch)
    }
    store.accept(batch)
  }

  func saga(_ id: String) -> SagaView? { store.find(id: id).flatMap { store.saga($0, now: Self.now) } }

  /// Status of the saga and its steps in one line.
  func summary(_ id: String) -> String? {
    saga(id)?.row.summary
  }

  /// Reasons why messages could not be decoded.
  var undecoded: [String] { store.events(EventQuery(), now: Self.now).rows.compactMap(\.undecoded) }

  private static func borrow(
    _ rest: ArraySlice<[UInt8]>, _ done: [UnsafeRawBufferPointer], _ body: ([UnsafeRawBufferPointer]) -> Void
  ) {
    guard let first = rest.first else { return body(done) }
    // An empty array has no base address, and a body without an address would be a tombstone.
    (first + [0]).withUnsafeBytes {
      borrow(rest.dropFirst(), done + [UnsafeRawBufferPointer(rebasing: $0[..<first.count])], body)
    }
  }
}

extension SagaRow {
  fileprivate var summary: String {
    "\(type) \(status.name): " + steps.map { "\($0.name) \($0.status.rawValue)" }.joined(separator: ", ")
  }
}
