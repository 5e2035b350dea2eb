import Testing

@testable import Core

struct EventNameTests {
  @Test(
    "an event's name tells a step and what became of it",
    arguments: [
      ("order-created", "order", "created", EventName.Meaning.completes),
      ("OrderCreated", "order", "created", .completes),
      ("OrderCreatedEvent", "order", "created", .completes),
      ("com.shop.events.PaymentFailedEvent", "payment", "failed", .fails),
      ("user.registered", "user", "registered", .completes),
      ("user.registered.v2", "user", "registered", .completes),
      ("FRIEND_REQUEST_SENT", "friend-request", "sent", .completes),
      ("delivery-started", "delivery", "started", .begins),
      ("PaymentDeclined", "payment", "declined", .fails),
      ("StockReleased", "stock", "released", .compensates),
      ("payment-refunded", "payment", "refunded", .compensates),
      ("SagaCompensated", "saga", "compensated", .compensates),
      ("SagaCompensationFailed", "saga-compensation", "failed", .compensationFails),
      ("SagaStepCompleted", "saga-step", "completed", .completes),
    ])
  func meaning(name: String, noun: String, verb: String, meaning: EventName.Meaning) {
    let read = EventName(name)
    #expect(read.noun == noun)
    #expect(read.verb == verb)
    #expect(read.meaning == meaning)
    #expect(read.isEventLike)
  }

  @Test("names of things are no events", arguments: ["orders", "metrics", "user", "text/plain", "", "42", "red"])
  func things(name: String) {
    #expect(!EventName(name).isEventLike)
  }
}
