import Clients
import Core

/// Decodes what a client received into a batch. Belongs to one thread.
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
  /// What was taken is not all decoded, and an answer comes soon.
  var isAwaiting: Bool { held.isAwaiting }
  /// Some of what was taken waits, be it for an answer or for a schema that could not be had.
  var isHolding: Bool { held.isHolding }
  /// No more may be taken until an answer comes.
  var isFull: Bool { held.isFull }

  mutating func symbol(_ name: String) -> Symbol { decoder.symbol(name) }
  mutating func symbol(_ name: UnsafeRawBufferPointer) -> Symbol { decoder.symbol(name) }

  /// Counts a message that may not be wanted.
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

  /// Decodes what has waited for its schema.
  mutating func resume() { held.resume(with: &decoder, into: &batch) }

  /// From where on partitions must be read again, because a schema has come for messages that were not kept. Each is given once.
  mutating func takeDropped() -> [HeldMessages.Place: Int64] { held.takeDropped() }

  /// All of a slice of the past was handed over.
  func endSlice(to sink: FoldingSink) {
    var batch = EventBatch()
    (batch.isPast, batch.endsSlice) = (true, true)
    sink.accept(batch)
  }

  /// Hands over what was taken since the last time. Returns whether there was something.
  @discardableResult
  mutating func flush(to sink: FoldingSink, isPast: Bool = false) -> Bool {
    batch.isPast = isPast
    return flush { sink.take(&$0) }
  }

  /// The same; `take` leaves an empty batch.
  mutating func flush(_ take: (inout EventBatch) -> Void) -> Bool {
    guard !batch.isEmpty else { return false }
    take(&batch)
    return true
  }
}
