import Core
import TestMessages
import Testing

@Suite("Event types that appear after the inference")
struct UnknownTypeCounterTests {
  private final class Nowhere: ObservationSink {
    func accept(_ batch: EventBatch) {}
    func accept(_ status: SourceStatus) {}
    func accept(_ reading: LagSample) {}
    func accept(_ reading: LockSample) {}
    func accept(_ reading: ServiceSample) {}
    func accept(_ actions: [ActionRecord]) {}
    func accept(_ sample: TraceSample) {}
    func accept(_ sample: PodSample) {}
  }

  private let symbols = SymbolTable()

  private func batch(_ types: [String]) -> EventBatch {
    EventBatch(
      events: types.map { type in
        Event(
          type: symbols.symbol(type), time: Timestamp(milliseconds: 1),
          origin: Origin(topic: symbols.symbol("t"), partition: 0, offset: 0), text: MessageSlice())
      })
  }

  @Test("are counted, unlike known types and types without a saga; after a new inference they are known")
  func counting() {
    var chat = InferenceScenario(seed: 3)
    chat.chat(requests: 40)
    let strangers = UnknownTypeCounter(chat.inferred(), symbols: symbols, next: Nowhere())
    strangers.accept(batch(["FriendRequestSent", "friend.request_accepted", "MessageSent"]))
    #expect(strangers.count == 0)
    strangers.accept(batch(["order-created", "order-created", "FriendRequestSent"]))
    #expect(strangers.count == 2)
    chat.shop(orders: 20)
    strangers.learn(chat.inferred())
    strangers.accept(batch(["order-created"]))
    #expect(strangers.count == 0)
  }

  @Test("one that could not be decoded at first is told of at once")
  func late() {
    var chat = InferenceScenario(seed: 3)
    chat.chat(requests: 40)
    let strangers = UnknownTypeCounter(chat.inferred(), symbols: symbols, next: Nowhere())
    var late = batch(["MessageSent"])
    late.withdrawn = late.events.map(\.origin)
    strangers.accept(late)
    strangers.accept(batch(["order-created"]))
    #expect(!strangers.hasLate)
    late = batch(["order-created"])
    late.withdrawn = late.events.map(\.origin)
    strangers.accept(late)
    #expect(strangers.hasLate)
    strangers.learn(chat.inferred())
    #expect(!strangers.hasLate)
  }
}
