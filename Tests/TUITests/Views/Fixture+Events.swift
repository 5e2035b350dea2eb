import Core

@testable import TUI

extension Fixture {
  private static func event(
    _ type: String, _ milliseconds: Int64, saga: Int, offset: Int64, _ meaning: String, node: String? = "node-1",
    error: String? = nil
  ) -> EventRow {
    EventRow(
      type: type, time: now - .milliseconds(milliseconds), topic: type, partition: 0, offset: offset, node: node,
      meaning: meaning, error: error, saga: sampleSagas[saga].handle, sagaID: sampleSagas[saga].id,
      message: MessageRef(position: UInt64(offset)))
  }

  /// Newest first.
  static let sampleEvents: [EventRow] =
    [
      event("payment-completed", 20, saga: 5, offset: 88_017, "completes payment", node: "node-3"),
      event("inventory-reserved", 200, saga: 5, offset: 91_441, "completes inventory"),
      event("order-created", 400, saga: 5, offset: 120_034, "starts the saga, completes order"),
      event("inventory-released", 900, saga: 2, offset: 4_410, "compensates inventory", node: "node-3"),
      event("payment-failed", 1_800, saga: 2, offset: 4_409, "fails payment", node: "node-2", error: escapes),
      EventRow(
        type: "payment-completed", time: now - .milliseconds(2_000), topic: "payment-completed", partition: 2,
        offset: 77, message: MessageRef(position: 77), undecoded: "not JSON: unexpected byte 0x80 at 0"),
      event("inventory-reserved", 2_500, saga: 2, offset: 91_440, "completes inventory", node: "node-3"),
      event("order-created", 3_400, saga: 2, offset: 120_033, "starts the saga, completes order"),
      event("order-cancelled", 62_000, saga: 6, offset: 903, "compensates order, ends compensated", node: nil),
      event("inventory-failed", 64_000, saga: 6, offset: 902, "fails inventory", error: "stock short"),
      event("inventory-reserved", 252_000, saga: 1, offset: 91_001, "completes inventory", node: "node-2"),
      event("order-created", 252_600, saga: 1, offset: 120_001, "starts the saga, completes order"),
    ]

  static let sampleMessages: [MessageRef: Message] = [
    MessageRef(position: 4_409): Message(
      key: Array("19bb7a51".utf8),
      headers: [("__TypeId__", "com.example.PaymentFailed"), ("node", "node-2"), ("b3", "80f198ee56343ba8-1")],
      body: Array(
        #"{"orderId":1010,"productName":"한국 김치 \u001b[31m(1kg)","amount":12345678901234567890.10,"items":[{"sku":"A-1","quantity":2},{"sku":"B-7","quantity":1}],"tags":[],"reason":"card declined","retry":false,"note":null}"#
          .utf8), fullBodyLength: 229),
    MessageRef(position: 91_440): Message(
      key: [], headers: [], body: Array(#"{"orderId": 1010, "blob": "aaaaaaaa"#.utf8), fullBodyLength: 5_242_880),
    MessageRef(position: 77): Message(
      key: [0x80, 0x01], headers: [], body: (0..<70).map { UInt8(($0 * 37 + 128) & 0xff) }, fullBodyLength: 70),
  ]
}
