import Foundation
import Testing

@Suite("Presets with messages of their systems")
struct PresetTests {
  private struct Message {
    var topic: String
    var key: String
    var body: String
    /// Seconds before the snapshot.
    var age: Double
  }

  private static let now = 1_795_993_800.0

  /// A snapshot of a recording that contains every message twice and is not in order of time.
  private func snapshot(_ preset: String, _ messages: [Message]) throws -> SnapshotDocument {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("preset-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    var lines = [
      #"{"schema":"sagatop.recording/v1","version":"0.1.0","context":"t","system":"t","startedAt":"2026-01-01T00:00:00.000Z"}"#
    ]
    let at = Int((Self.now - 2) * 1e9)
    let shuffled = (messages + messages).enumerated().sorted { ($0.offset * 7919) % 101 < ($1.offset * 7919) % 101 }
    for (offset, entry) in shuffled.enumerated() {
      let message = entry.element
      let line: [String: Any] = [
        "at": at + offset * 1000, "received": at + offset * 1000, "kind": "message", "topic": message.topic,
        "partition": 0, "offset": offset, "time": Int((Self.now - message.age) * 1e3) * 1_000_000, "key": message.key,
        "body": message.body,
      ]
      lines.append(String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self))
    }
    lines.append(#"{"at":\#(at + 1_000_000),"kind":"status","reading":{"name":"kafka","phase":"up","complete":true}}"#)
    lines.append(#"{"at":\#(Int(Self.now * 1e9)),"kind":"end"}"#)
    try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    let run = try Run.sagatop(["snapshot", "--from", file.path, "--preset", preset, "-o", "json"])
    #expect(run.code == 0, "\(run.errors)")
    return try SnapshotDocument(run.output)
  }

  private static func time(_ age: Double, zone: String = "Z", digits: Int = 3) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd'T'HH:mm:ss.SSS"
    let text = format.string(from: Date(timeIntervalSince1970: now - age))
    return text + String(repeating: "0", count: digits - 3) + zone
  }

  // MARK: nest

  /// Events of a saga. The first one is `age` seconds old; the others follow at intervals of half a second.
  private func saga(_ number: Int, age: Double, _ types: [String]) -> [Message] {
    let (saga, order, correlation) = ("saga-\(number)", "order-\(number)", "correlation-\(number)")
    return types.enumerated().map { place, type in
      let at = age - Double(place) / 2
      let words = type.split(separator: " ").map(String.init)
      let isSaga = words[0].hasPrefix("Saga"), isStep = words[0].hasPrefix("SagaStep")
      var body: [String: Any] = ["type": words[0], isSaga ? "timestamp" : "occurredAt": Self.time(at)]
      if isSaga { body["sagaId"] = saga } else { body["orderId"] = order }
      if !isStep { body["correlationId"] = correlation }
      switch words[0] {
      case "OrderCreated": body["nodeId"] = "node-\(number % 3 + 1)"
      case "SagaStarted":
        (body["sagaType"], body["data"]) = ("OrderProcessingSaga", ["orderId": order, "userId": "u"])
      case "SagaStepCompleted", "SagaStepCompensated": body["stepName"] = words[1]
      case "PaymentFailed": body["failureReason"] = "card declined"
      case "OrderCancelled": body["reason"] = "Payment failed: card declined"
      case "SagaFailed": (body["failedStep"], body["errorMessage"]) = (words[1], "row is locked")
      case "SagaCompensated": body["compensationSteps"] = words.dropFirst().map { $0 }
      case "SagaCompleted": body["completedSteps"] = words.dropFirst().map { $0 }
      case "SagaCompensationFailed":
        (body["error"], body["requiresManualIntervention"]) = ("Compensation failed: deadlock", true)
      default: break
      }
      let topic = isStep ? "saga-events" : isSaga ? "saga-events-0000000\(number)" : "order-events"
      let text = (try? JSONSerialization.data(withJSONObject: body)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      return Message(topic: topic, key: isStep ? saga : correlation, body: text, age: at)
    }
  }

  private static let start = ["OrderCreated", "SagaStarted", "SagaStepCompleted payment_processing"]
  private static let undone = ["SagaFailed order_confirmation", "SagaStepCompensated compensate_payment_processing"]

  @Test(
    "nest: confirmed, declined without a saga event, completed after a compensation, stranded, waiting for the payment"
  )
  func nest() throws {
    let confirmed = ["PaymentProcessed", "OrderConfirmed", "SagaStepCompleted order_confirmation"]
    let messages =
      saga(1, age: 60, Self.start + confirmed + ["SagaCompleted payment_processing order_confirmation"])
      + saga(2, age: 50, Self.start + ["PaymentFailed", "OrderCancelled", "OrderStatusChanged"])
      + saga(
        3, age: 40,
        Self.start + ["PaymentProcessed"] + Self.undone
          + ["SagaCompensated compensate_payment_processing", "SagaCompleted payment_processing"])
      + saga(4, age: 30, Self.start + ["PaymentProcessed", "SagaFailed order_confirmation", "SagaCompensationFailed"])
      + saga(5, age: 25, Self.start)
      + saga(6, age: 20, ["OrderCreated", "SagaStarted", "SagaFailed payment_processing", "SagaCompensated"])
    let items = try items(snapshot("nest", messages))
    #expect(items.count == 6)
    for (id, status, flags, failed, error, payment, confirmation) in [
      ("saga-1", "completed", [], nil, nil, "completed", "completed"),
      ("saga-2", "compensated", [], "payment_processing", "card declined", "failed", "open"),
      ("saga-3", "compensated", ["inconsistent"], "order_confirmation", "row is locked", "compensated", "failed"),
      ("saga-4", "failed", [], "order_confirmation", "row is locked", "compensationFailed", "failed"),
      ("saga-5", "running", ["stuck"], nil, nil, "completed", "open"),
      ("saga-6", "compensated", [], "payment_processing", "row is locked", "failed", "open"),
    ] as [(String, String, [String], String?, String?, String, String)] {
      let item = try #require(items[id], "\(id)")
      #expect(item["status"] as? String == status && item["flags"] as? [String] == flags, "\(id): \(item)")
      #expect(item["failedStep"] as? String == failed && item["error"] as? String == error, "\(id): \(item)")
      let steps = SnapshotDocument.saga(item).steps.mapValues(\.status)
      #expect(steps == ["payment_processing": payment, "order_confirmation": confirmation], "\(id): \(steps)")
    }
    #expect(items["saga-5"]?["step"] as? String == "order_confirmation")
    #expect(items["saga-2"]?["node"] as? String == "node-3")
  }

  private func items(_ document: SnapshotDocument) -> [String: [String: Any]] {
    Dictionary(document.items.map { ($0["id"] as? String ?? "", $0) }) { first, _ in first }
  }

  // MARK: chat

  private func friend(_ event: String, id: Int, _ pair: (Int, Int), age: Double, isDotted: Bool = false) -> Message {
    let key = isDotted ? "event_type" : "__event_type__"
    let body =
      #"{"timestamp":"\#(Self.time(age, zone: "", digits: 6))","friendship_id":\#(id),"requester_id":\#(pair.0),"addressee_id":\#(pair.1),"\#(key)":"\#(event)"}"#
    return Message(topic: "friend.events", key: "\(id == 0 ? pair.0 : id)", body: body, age: age)
  }

  @Test(
    "chat: accepted, rejected, cancelled with id 0, requested again, dead-lettered; waiting for a person is never late"
  )
  func chat() throws {
    let parked = friend("FriendRequestSent", id: 6, (6, 7), age: 400)
    let letter = Message(
      topic: "friend.events.dlq", key: "6",
      body:
        #"{"original_topic":"friend.events","original_partition":0,"original_offset":8,"original_key":"6","original_value":\#(parked.body),"error":"smtp timeout","consumer_group":"notification-service","failed_at":12345.678}"#,
      age: 399)
    let messages = [
      friend("FriendRequestSent", id: 1, (1, 2), age: 3500), friend("FriendRequestAccepted", id: 1, (1, 2), age: 3400),
      friend("FriendRequestSent", id: 2, (1, 3), age: 3300), friend("FriendRequestRejected", id: 0, (1, 3), age: 3200),
      friend("FriendRequestSent", id: 3, (1, 4), age: 3100), friend("FriendRequestCancelled", id: 0, (1, 4), age: 3000),
      friend("FriendRequestSent", id: 4, (1, 3), age: 2000), friend("FriendRequestAccepted", id: 4, (1, 3), age: 1900),
      friend("FriendRequestSent", id: 5, (5, 1), age: 90_000), parked, letter,
      friend("friend.request_sent", id: 8, (8, 9), age: 300, isDotted: true),
      friend("friend.request_rejected", id: 0, (8, 9), age: 200, isDotted: true),
    ]
    let document = try snapshot("chat", messages)
    let items = items(document)
    let statuses = items.mapValues { $0["status"] as? String ?? "" }
    #expect(
      statuses == [
        "1": "completed", "2": "completed", "3": "declined", "5": "running", "6": "failed", "8": "declined",
      ])
    #expect(
      items.values.allSatisfy { ($0["flags"] as? [String])?.isEmpty == true }, "\(items.mapValues { $0["flags"] })")
    #expect(items["6"]?["failedStep"] as? String == "answer" && items["6"]?["error"] as? String == "smtp timeout")
    #expect(document.compensations.map { $0["saga"] as? String } == ["6"])
    #expect(document.counts["stuck"] == 0)
  }
}
