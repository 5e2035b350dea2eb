import Core
import TestMessages
import Testing

struct InferenceTests {
  private func rule(_ type: String, in saga: SagaDefinition) throws -> EventRule {
    try #require(saga.events.first { $0.type == type }, "no rule for \(type)")
  }

  @Test(
    "a choreographed shop is inferred with order ids, ordered steps, compensations and ends",
    arguments: 1...20)
  func shop(seed: UInt64) throws {
    var scenario = InferenceScenario(seed: seed)
    scenario.shop(orders: 200)
    let inferred = scenario.inferred()
    let saga = try #require(inferred.sagas.first).definition
    #expect(inferred.sagas.count == 1)
    #expect(inferred.system.fields.type == [])
    #expect(saga.type == "order")
    #expect(saga.coordination == .choreography)
    #expect(saga.identities == [.init(name: "orderId", sources: [.path(["orderId"])])])
    #expect(saga.steps.map(\.name) == ["order", "inventory", "payment", "delivery"])
    #expect(saga.steps.map(\.topic) == [nil, "order-created", "inventory-reserved", "payment-completed"])
    #expect(saga.errorSources == [.path(["reason"])])
    #expect(
      try rule("order-created", in: saga)
        == .init(type: "order-created", startsSaga: true, effects: [.init(.completes, .named("order"))]))
    #expect(try rule("inventory-failed", in: saga).effects == [.init(.fails, .named("inventory"))])
    #expect(try rule("inventory-failed", in: saga).ends == nil)
    #expect(try rule("inventory-released", in: saga).effects == [.init(.compensates, .named("inventory"))])
    #expect(try rule("order-cancelled", in: saga).ends == .compensated)
    #expect(try rule("payment-completed", in: saga).ends == nil)
    #expect(try rule("delivery-started", in: saga).effects == [.init(.begins, .named("delivery"))])
    #expect(try rule("delivery-completed", in: saga).ends == .completed)
    #expect(inferred.sagas[0].flows == 200)
  }

  @Test(
    "an orchestrator's generic events are inferred with the steps they contain, and its two ids name one saga",
    arguments: 1...20)
  func nest(seed: UInt64) throws {
    var scenario = InferenceScenario(seed: seed)
    scenario.nest(sagas: 150)
    let inferred = scenario.inferred()
    #expect(inferred.sagas.count == 1)
    let saga = try #require(inferred.sagas.first).definition
    #expect(inferred.system.fields.type == [.path(["type"])])
    #expect(inferred.system.fields.time == [.path(["timestamp"])])
    #expect(saga.type == "OrderProcessingSaga")
    #expect(saga.coordination == .orchestration)
    #expect(saga.identities.map(\.name) == ["sagaId", "correlationId"])
    #expect(saga.steps.map(\.name) == ["payment_processing", "order_confirmation"])
    #expect(Set(saga.stepSources) == [.path(["stepName"]), .path(["failedStep"])])
    #expect(try rule("SagaStarted", in: saga).startsSaga)
    #expect(try rule("SagaStepCompleted", in: saga).effects == [.init(.completes, .carried)])
    #expect(
      try rule("SagaFailed", in: saga)
        == .init(type: "SagaFailed", effects: [.init(.fails, .carried)], startsCompensation: true))
    #expect(try rule("SagaStepCompensated", in: saga).ends == nil)
    #expect(try rule("SagaCompensated", in: saga).ends == .compensated)
    #expect(try rule("SagaCompleted", in: saga).ends == .completed)
    #expect(inferred.sagas[0].flows == 150)
  }

  @Test(
    "events with a step member belong to that step; the saga's own events start and end it",
    arguments: 1...20)
  func lab(seed: UInt64) throws {
    var scenario = InferenceScenario(seed: seed)
    scenario.lab(sagas: 120)
    let inferred = scenario.inferred()
    #expect(inferred.sagas.count == 1)
    let saga = try #require(inferred.sagas.first).definition
    #expect(inferred.system.fields.id == [.path(["event_id"])])
    #expect(saga.identities.map(\.name) == ["saga_id"])
    #expect(saga.steps.map(\.name) == ["validate_user", "create_order", "process_payment"])
    #expect(try rule("SagaStarted", in: saga) == .init(type: "SagaStarted", startsSaga: true))
    #expect(try rule("UserValidated", in: saga) == .init(type: "UserValidated", effects: [.init(.completes, .carried)]))
    #expect(
      try rule("PaymentFailed", in: saga)
        == .init(type: "PaymentFailed", effects: [.init(.fails, .carried)], startsCompensation: true))
    #expect(try rule("UserUnlocked", in: saga).effects == [.init(.compensates, .carried)])
    #expect(
      try rule("CompensationFailed", in: saga)
        == .init(type: "CompensationFailed", effects: [.init(.compensationFails, .carried)], ends: .failed))
    #expect(try rule("SagaCompleted", in: saga).ends == .completed)
    #expect(try rule("SagaCompensated", in: saga).ends == .compensated)
  }

  @Test("in a chat's stream friend requests are sagas, in both spellings, and users and rooms are not")
  func chat() throws {
    var scenario = InferenceScenario(seed: 3)
    scenario.chat(requests: 300)
    let inferred = scenario.inferred()
    #expect(inferred.sagas.map(\.definition.type) == ["friendship"])
    let saga = try #require(inferred.sagas.first).definition
    #expect(saga.identities.map(\.name) == ["friendship_id"])
    #expect(saga.steps.map(\.name) == ["friend-request"])
    for name in ["FriendRequestSent", "friend.request_sent"] { #expect(try rule(name, in: saga).startsSaga) }
    for name in ["FriendRequestAccepted", "friend.request_accepted"] {
      #expect(try rule(name, in: saga).ends == .completed)
    }
    #expect(try rule("FriendRequestRejected", in: saga).ends == .compensated)
    #expect(try rule("friend.events.dlq", in: saga).ends == .failed)
    #expect(
      inferred.others.contains { $0.type == "MessageSent" } && inferred.others.contains { $0.type == "messages.read" })
  }

  @Test("a few flows that have just ended are enough", arguments: [4, 8, 20], 1...3)
  func few(flows: Int, seed: UInt64) throws {
    var shop = InferenceScenario(seed: seed)
    shop.shop(orders: flows)
    let order = try #require(shop.inferred().sagas.first).definition
    #expect(order.type == "order")
    #expect(try rule("delivery-completed", in: order).ends == .completed)
    var chat = InferenceScenario(seed: seed)
    chat.chat(requests: flows)
    #expect(chat.inferred().sagas.first?.definition.identities.map(\.name) == ["friendship_id"])
  }

  @Test("users are not sagas, though most of them did each thing once; a user's registration by two services is one")
  func users() throws {
    var scenario = InferenceScenario(seed: 1)
    for number in 0..<60 {
      let time = InferenceScenario.start + Int64(number) * 500
      for (place, type) in ["UserOnline", "MessageSent", "MessageSent", "MessagesRead"].enumerated()
      where place != 2 || number % 2 == 0 {
        let body = "{\"type\":\"\(type)\",\"user_id\":\(number)}"
        scenario.publish("events", key: "", at: time + Int64(place), body)
      }
    }
    #expect(scenario.inferred().sagas.isEmpty)
    var registration = InferenceScenario(seed: 1)
    for number in 0..<60 {
      let time = InferenceScenario.start + Int64(number) * 500
      for (place, type) in ["RegistrationRequested", "EmailVerified", "RegistrationCompleted"].enumerated() {
        let service = place == 1 ? "mail" : "accounts"
        let body = "{\"type\":\"\(type)\",\"user_id\":\(number),\"service\":\"\(service)\"}"
        registration.publish("events", key: "", at: time + Int64(place), body)
      }
    }
    #expect(registration.inferred().sagas.map(\.definition.type) == ["user"])
  }

  @Test("a single slow flow does not prevent that others count as ended")
  func slow() throws {
    var scenario = InferenceScenario(seed: 4)
    scenario.shop(orders: 30)
    for number in 500...510 {
      let body = "{\"orderId\":\(number),\"productId\":1}"
      scenario.publish("order-created", key: "\(number)", at: InferenceScenario.start + Int64(number), body)
      scenario.publish("inventory-reserved", key: "\(number)", at: InferenceScenario.start + 6500, body)
    }
    let saga = try #require(scenario.inferred().sagas.first).definition
    #expect(try rule("delivery-completed", in: saga).ends == .completed)
  }

  @Test("the same messages in any order give the same result", arguments: 1...8)
  func order(seed: UInt64) {
    var scenario = InferenceScenario(seed: 11)
    scenario.shop(orders: 60)
    scenario.nest(sagas: 40)
    scenario.chat(requests: 40)
    let (one, other) = (scenario.inferred(), scenario.inferred(shuffledBy: seed))
    #expect(one.system == other.system)
    #expect(one.sagas.map(\.identities) == other.sagas.map(\.identities))
    #expect(one.sagas.map(\.steps) == other.sagas.map(\.steps))
    #expect(one.others.map(\.type) == other.others.map(\.type))
  }

  @Test("unrelated messages give no saga")
  func nothing() {
    var scenario = InferenceScenario(seed: 1)
    for number in 0..<100 {
      scenario.publish(
        "metrics", key: "", at: InferenceScenario.start + Int64(number), "{\"cpu\":\(number),\"hostId\":\(number % 3)}")
    }
    #expect(scenario.inferred().sagas.isEmpty)
    #expect(scenario.inferred().others.map(\.type) == ["metrics"])
    #expect(InferenceScenario(seed: 1).inferred().sagas.isEmpty)
  }

  @Test("invalid JSON is counted")
  func unread() {
    var scenario = InferenceScenario(seed: 1)
    scenario.publish("blob", key: "7", at: InferenceScenario.start, "\u{1}\u{2}{")
    #expect(scenario.inferred().unread == 1)
  }
}
