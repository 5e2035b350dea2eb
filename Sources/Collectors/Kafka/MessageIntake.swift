import Clients
import Core

/// Decodes received messages into a batch. Used by one thread.
struct MessageIntake: ~Copyable {
  private var decoder: Decoder
  private var held: HeldMessages
  private var batch = EventBatch()
  private var headers: [ConsumedMessage.Header] = []
  private(set) var messages = 0
  private(set) var bytes = 0

  init(_ decoder: consuming Decoder, _ held: consuming HeldMessages) {
    self.decoder = decoder
    self.held = held
  }

  var notes: [String] { decoder.notes + held.notes }
  /// Whether messages are not decoded yet and a schema response is expected soon.
  var isAwaiting: Bool { held.isAwaiting }
  /// Whether messages are not decoded yet because the schema registry does not respond.
  var isOut: Bool { held.isOut }
  /// Whether messages may be decoded as soon as the registry responds.
  var isWaiting: Bool { isAwaiting || isOut }
  /// Whether messages are not decoded yet, also because of a schema that could not be loaded.
  var isHolding: Bool { held.isHolding }
  /// Whether messages that did not fit must be read again when their schemas arrive.
  var hasDropped: Bool { held.hasDropped }
  /// Whether no more messages may be taken until a schema response arrives.
  var isFull: Bool { held.isFull }
  /// As `isFull`, but also during an outage of the schema registry.
  var isCrowded: Bool { held.isCrowded }

  mutating func symbol(_ name: String) -> Symbol { decoder.symbol(name) }
  mutating func symbol(_ name: UnsafeRawBufferPointer) -> Symbol { decoder.symbol(name) }

  /// Counts a message, even if it is not decoded.
  mutating func count(_ received: borrowing Received) {
    messages += 1
    bytes += received.length
  }

  mutating func take(_ received: borrowing Received, topic: Symbol, at receivedAt: Timestamp) {
    received.readHeaders(into: &headers)
    let message = ConsumedMessage(
      origin: Origin(topic: topic, partition: received.partition, offset: received.offset), brokerTime: received.time,
      receivedAt: receivedAt, key: received.key, body: received.body, headers: headers)
    held.decode(message, topicName: received.topic, with: &decoder, into: &batch)
  }

  /// Decodes messages that were waiting for their schema.
  mutating func resume() { held.resume(with: &decoder, into: &batch) }

  /// Offsets from which partitions must be read again, because a schema arrived for messages that were dropped. Each is returned once.
  mutating func takeDropped() -> [HeldMessages.Place: Int64] { held.takeDropped() }

  /// Call when a partition is not read any more.
  mutating func forget(topic: Symbol, partition: Int32) { held.forget(.init(topic: topic, partition: partition)) }

  /// Marks the end of a slice of older messages.
  func endSlice(to sink: FoldingSink) {
    var batch = EventBatch()
    (batch.isPast, batch.endsSlice) = (true, true)
    sink.accept(batch)
  }

  /// Passes on the events since the last call. Returns whether there were any.
  @discardableResult
  mutating func flush(to sink: FoldingSink, isPast: Bool = false) -> Bool {
    batch.isPast = isPast
    return flush { sink.take(&$0) }
  }

  /// As above; `take` must leave an empty batch.
  mutating func flush(_ take: (inout EventBatch) -> Void) -> Bool {
    guard !batch.isEmpty else { return false }
    take(&batch)
    return true
  }
}
