import Glibc

/// What truly happened, as JSON lines, each with all of these members:
///
/// * `time`: the event's own time, milliseconds since 1970; the same as its Kafka timestamp.
/// * `orderId`: null for a message that is no event.
/// * `event`: the event's type, which is its topic's name too; null for what is told without an event of a service.
/// * `service`, `node`: who did it.
/// * `step`: `order`, `inventory`, `payment` or `delivery`.
/// * `effect`: what it did to the step: `started`, `completed`, `failed`, `compensated`; `stalled` for a step that
///   failed without an event and waits for a retry; `attempted` for each call to the payment gateway; `poison` for a
///   message that is no event. Of an operator's request: `requested` by each service that took it to work, `repeated`
///   where its key was known, so that nothing was done.
/// * `attempt`: which call to the gateway it was, from 1; null for all else.
/// * `key`: the request's idempotency key; null for all else.
/// * `error`: the event's reason; null without one.
/// * `duplicate`: true when the same event had been sent before.
/// * `topic`, `partition`, `offset`: where the event or the request lies in Kafka; null without one.
///
/// A line is written when the broker has the event. An order is completed once `delivery-completed` is there,
/// compensated once `order-cancelled` is, and `inventory-released` too if `inventory-reserved` was.
final class Ledger {
  /// One line; its members are those of the file.
  struct Entry {
    let time: Int64
    let orderId: Int?
    let event: String?
    let service: Service
    let node: String
    let step: String
    let effect: String
    var error: String?
    var attempt: Int?
    var key: String?
    var isDuplicate = false
    var topic: String?
    var delivery: Delivery?
  }

  private let descriptor: Descriptor?
  /// Why a line is missing; `nil` while all are there.
  private(set) var failure: String?

  /// Appends to the file at `path`, or writes nothing without one.
  init(path: String?) throws(SystemFailure) {
    guard let path else {
      descriptor = nil
      return
    }
    let number = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .last("opening the ledger \(path)") }
    descriptor = Descriptor(number)
  }

  func write(_ entry: Entry) {
    guard let descriptor else { return }
    if !Output.write(Self.line(entry).text + "\n", to: descriptor.number), failure == nil {
      failure = "the ledger is not complete: \(String(cString: strerror(errno)))"
    }
  }

  static func line(_ entry: Entry) -> JSON {
    .members([
      "time": .number(String(entry.time)), "orderId": entry.orderId.map(JSON.integer) ?? .null,
      "event": optional(entry.event), "service": .string(entry.service.rawValue), "node": .string(entry.node),
      "step": .string(entry.step), "effect": .string(entry.effect), "error": optional(entry.error),
      "attempt": entry.attempt.map(JSON.integer) ?? .null, "key": optional(entry.key),
      "duplicate": .bool(entry.isDuplicate), "topic": optional(entry.topic),
      "partition": entry.delivery.map { .number(String($0.partition)) } ?? .null,
      "offset": entry.delivery.map { .number(String($0.offset)) } ?? .null,
    ])
  }

  private static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}
