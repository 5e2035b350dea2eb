import Core
import TestRandom

/// Messages of three kinds of systems, for tests of the inference.
package struct InferenceScenario {
  package struct Published {
    package var topic: String
    package var key: String
    package var time: Int64
    package var body: String
  }

  package private(set) var published: [Published] = []
  private var random: SeededRandom

  package static let start: Int64 = 1_769_508_000_000

  package init(seed: UInt64) {
    random = SeededRandom(seed: seed)
  }

  package mutating func publish(_ topic: String, key: String, at time: Int64, _ body: String) {
    published.append(Published(topic: topic, key: key, time: time, body: body))
  }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  package mutating func shop(orders: Int) {
    for order in 1...orders {
      var time = Self.start + Int64(order) * 200
      let user = Int.random(in: 1...40, using: &random)
      let product = Int.random(in: 1...10, using: &random)
      func body(_ rest: String) -> String { "{\"orderId\":\(order),\"productId\":\(product)\(rest)}" }
      publish("order-created", key: "\(order)", at: time, body(",\"userId\":\(user),\"totalPrice\":1200.00"))
      time += 40
      if chance(10) {
        publish("inventory-failed", key: "\(order)", at: time, body(",\"reason\":\"stock short\""))
        publish("order-cancelled", key: "\(order)", at: time + 20, body(",\"reason\":\"stock short\""))
        continue
      }
      publish("inventory-reserved", key: "\(order)", at: time, body(",\"quantity\":1"))
      time += 90
      if chance(10) {
        publish("payment-failed", key: "\(order)", at: time, body(",\"reason\":\"card declined\""))
        publish("inventory-released", key: "\(order)", at: time + 15, body(",\"quantity\":1"))
        publish("order-cancelled", key: "\(order)", at: time + 30, body(",\"reason\":\"card declined\""))
        continue
      }
      publish("payment-completed", key: "\(order)", at: time, body(",\"paymentId\":\(order + 9000)"))
      publish("delivery-started", key: "\(order)", at: time + 20, body(",\"deliveryId\":\(order + 500)"))
      publish("delivery-completed", key: "\(order)", at: time + 120, body(",\"deliveryId\":\(order + 500)"))
    }
  }

  package mutating func nest(sagas: Int) {
    for number in 1...sagas {
      let time = Self.start + Int64(number) * 150
      let (saga, flow, order) = ("saga-\(number)", "corr-\(number)", "order-\(number)")
      let hash = String(0x1000_0000 + number, radix: 16)
      func event(_ type: String, _ rest: String, at time: Int64) -> String {
        "{\"type\":\"\(type)\",\"timestamp\":\(time)\(rest)}"
      }
      let ids = ",\"sagaId\":\"\(saga)\",\"correlationId\":\"\(flow)\""
      publish(
        "saga-events-\(hash)", key: flow, at: time,
        event(
          "SagaStarted",
          ids
            + ",\"sagaType\":\"OrderProcessingSaga\",\"data\":{\"orderId\":\"\(order)\",\"userId\":\"u\(number % 7)\"}",
          at: time))
      publish(
        "order-events", key: flow, at: time + 5,
        event("OrderCreated", ",\"orderId\":\"\(order)\",\"correlationId\":\"\(flow)\"", at: time + 5))
      let isPaid = !chance(20)
      let payment = ",\"paymentId\":\"p\(number)\",\"orderId\":\"\(order)\",\"correlationId\":\"\(flow)\""
      publish(
        "payment-events", key: flow, at: time + 30,
        event(isPaid ? "PaymentProcessed" : "PaymentFailed", payment, at: time + 30))
      if isPaid {
        for (place, step) in ["payment_processing", "order_confirmation"].enumerated() {
          let at = time + 31 + Int64(place) * 30
          publish(
            "saga-events", key: saga, at: at,
            event("SagaStepCompleted", ",\"sagaId\":\"\(saga)\",\"stepName\":\"\(step)\"", at: at))
        }
        publish("saga-events-\(hash)", key: flow, at: time + 90, event("SagaCompleted", ids, at: time + 90))
      } else {
        publish(
          "saga-events-\(hash)", key: flow, at: time + 35,
          event(
            "SagaFailed", ids + ",\"failedStep\":\"payment_processing\",\"errorMessage\":\"no funds\"", at: time + 35))
        publish(
          "saga-events", key: saga, at: time + 50,
          event("SagaStepCompensated", ",\"sagaId\":\"\(saga)\",\"stepName\":\"order_cancelled\"", at: time + 50))
        publish("saga-events-\(hash)", key: flow, at: time + 60, event("SagaCompensated", ids, at: time + 60))
      }
    }
  }

  /// An event store's records: events of the saga, and events of its steps with different names and the step's name.
  package mutating func lab(sagas: Int) {
    for number in 1...sagas {
      var (version, time) = (0, Self.start + Int64(number) * 150)
      func event(_ type: String, _ step: String?) -> String {
        let step = step.map { ",\"step\":\"\($0)\"" } ?? ""
        return
          "{\"event_id\":\"evt-\(number)-\(version)\",\"aggregate_id\":\"order-\(number)\",\"event_type\":\"\(type)\""
          + ",\"version\":\(version),\"timestamp\":\(time),\"data\":{\"saga_id\":\"saga-\(number)\"\(step)}}"
      }
      func add(_ type: String, _ step: String? = nil) {
        version += 1
        time += 40
        publish("events", key: "", at: time, event(type, step))
      }
      add("SagaStarted")
      add("UserValidated", "validate_user")
      let isOrdered = !chance(15)
      add(isOrdered ? "OrderCreated" : "OrderCreationFailed", "create_order")
      let isPaid = isOrdered && !chance(20)
      if isOrdered { add(isPaid ? "PaymentProcessed" : "PaymentFailed", "process_payment") }
      guard !isPaid else {
        add("SagaCompleted")
        continue
      }
      if isOrdered { add("OrderCancelled", "create_order") }
      guard !chance(15) else {
        add("CompensationFailed", "validate_user")
        continue
      }
      add("UserUnlocked", "validate_user")
      add("SagaCompensated")
    }
  }

  /// Flows that alternate between the event names of the services' code and those of their library.
  package mutating func chat(requests: Int) {
    for number in 1...requests {
      let time = Self.start + Int64(number) * 30
      func body(_ type: String, _ dotted: String, _ rest: String) -> String {
        number % 2 == 0 ? "{\"__event_type__\":\"\(type)\"\(rest)}" : "{\"event_type\":\"\(dotted)\"\(rest)}"
      }
      let (user, friend) = (Int.random(in: 1...60, using: &random), Int.random(in: 1...60, using: &random))
      publish(
        "user.online_status", key: "\(user)", at: time,
        body("UserOnlineStatusChanged", "user.online_status_changed", ",\"user_id\":\(user)"))
      let ids = "\"friendship_id\":\(number),\"requester_id\":\(user),\"addressee_id\":\(friend)"
      publish(
        "friend.events", key: "\(number)", at: time + 2, body("FriendRequestSent", "friend.request_sent", "," + ids))
      switch Int.random(in: 0..<100, using: &random) {
      case ..<60:
        publish(
          "friend.events", key: "\(number)", at: time + 150,
          body("FriendRequestAccepted", "friend.request_accepted", "," + ids))
        talk(number, user, at: time + 200, body)
      case ..<80:
        publish(
          "friend.events", key: "\(number)", at: time + 150,
          body("FriendRequestRejected", "friend.request_rejected", "," + ids))
      case ..<90:
        publish(
          "friend.events.dlq", key: "\(number)", at: time + 150, "{\"error\":\"server has gone\",\"payload\":{\(ids)}}")
      default: break
      }
    }
  }

  private mutating func talk(_ room: Int, _ user: Int, at time: Int64, _ body: (String, String, String) -> String) {
    let id = ",\"room_id\":\(room)"
    publish("chat.events", key: "\(room)", at: time, body("ChatRoomCreated", "chat.room_created", id))
    for place in 1...3 {
      publish(
        "message.events", key: "\(room)", at: time + Int64(place),
        body("MessageSent", "message.sent", id + ",\"message_id\":\(room * 10 + place),\"user_id\":\(user)"))
    }
    publish("message.events", key: "\(room)", at: time + 5, body("MessagesRead", "messages.read", id))
  }

  /// The inferred system. The messages are added in a random order if there is a seed.
  package func inferred(shuffledBy seed: UInt64? = nil) -> InferredSystem {
    var set = SampleSet()
    var order = Array(published.indices)
    if let seed {
      var random = SeededRandom(seed: seed)
      order.shuffle(using: &random)
    }
    for place in order {
      let one = published[place]
      let message = Message(
        key: Array(one.key.utf8), headers: [], body: Array(one.body.utf8), fullBodyLength: one.body.utf8.count)
      set.add(
        message, topic: one.topic, partition: 0, offset: Int64(place), time: Timestamp(milliseconds: one.time))
    }
    return Inference.system(of: set, name: "inferred")
  }
}
