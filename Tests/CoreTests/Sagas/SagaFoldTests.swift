import Testing

@testable import Core

@Suite("Folding events into a saga")
struct SagaFoldTests {
  /// A sequence of events and the expected result.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var events: [(type: String, at: Int64)]
    var status: SagaStatus
    var steps: [StepStatus]
    var step: String?
    var flags: SagaFlags = []
  }

  static let cases: [Case] = [
    Case(
      testDescription: "an order just created waits for inventory", events: [("order-created", 0)], status: .running,
      steps: [.completed, .running, .pending, .pending], step: "inventory"),
    Case(
      testDescription: "each completed step hands over to the next",
      events: [("order-created", 0), ("inventory-reserved", 10)], status: .running,
      steps: [.completed, .completed, .running, .pending], step: "payment"),
    Case(
      testDescription: "the last step's event completes the saga",
      events: [
        ("order-created", 0), ("inventory-reserved", 10), ("payment-completed", 20), ("delivery-started", 30),
        ("delivery-completed", 40),
      ], status: .completed, steps: [.completed, .completed, .completed, .completed], step: "delivery"),
    Case(
      testDescription: "a failed payment leaves the stock and the order to be undone",
      events: [("order-created", 0), ("inventory-reserved", 10), ("payment-failed", 20)], status: .compensating,
      steps: [.compensating, .compensating, .failed, .pending], step: "inventory"),
    Case(
      testDescription: "the order's cancellation does not end a roll-back while stock is still reserved",
      events: [("order-created", 0), ("inventory-reserved", 10), ("payment-failed", 20), ("order-cancelled", 30)],
      status: .compensating, steps: [.compensated, .compensating, .failed, .pending], step: "inventory"),
    Case(
      testDescription: "it ends when both are undone, in whichever order",
      events: [
        ("order-created", 0), ("inventory-reserved", 10), ("payment-failed", 20), ("order-cancelled", 30),
        ("inventory-released", 40),
      ], status: .compensated, steps: [.compensated, .compensated, .failed, .pending], step: "payment"),
    Case(
      testDescription: "a step that failed has nothing to be undone",
      events: [("order-created", 0), ("inventory-failed", 10), ("order-cancelled", 20)], status: .compensated,
      steps: [.compensated, .failed, .pending, .pending], step: "inventory"),
    Case(
      testDescription: "a saga whose beginning was not read is incomplete, not wrong",
      events: [("payment-completed", 20)], status: .running, steps: [.pending, .pending, .completed, .running],
      step: "delivery", flags: .incomplete),
    Case(
      testDescription: "an input that comes again after a failure is a retry, and the saga goes on",
      events: [
        ("order-created", 0), ("inventory-reserved", 10), ("payment-failed", 20), ("inventory-reserved", 30),
      ], status: .running, steps: [.completed, .completed, .running, .pending], step: "payment"),
    Case(
      testDescription: "a retry that succeeds completes the saga",
      events: [
        ("order-created", 0), ("inventory-reserved", 10), ("payment-failed", 20), ("inventory-reserved", 30),
        ("payment-completed", 40), ("delivery-completed", 50),
      ], status: .completed, steps: [.completed, .completed, .completed, .completed], step: "delivery"),
    Case(
      testDescription: "a reservation told late, after the payment failed, is no retry",
      events: [("order-created", 0), ("payment-failed", 20), ("inventory-reserved", 30)], status: .compensating,
      steps: [.compensating, .compensating, .failed, .pending], step: "inventory"),
    Case(
      testDescription: "a failure told after the end changes nothing but the flag",
      events: [
        ("order-created", 0), ("inventory-reserved", 10), ("payment-completed", 20), ("delivery-completed", 30),
        ("payment-failed", 40),
      ], status: .completed, steps: [.completed, .completed, .completed, .completed], step: "delivery",
      flags: .inconsistent),
    Case(
      testDescription: "a completed order that is taken back is compensating again, for the reason told before",
      events: [
        ("order-created", 0), ("inventory-reserved", 10), ("payment-completed", 20), ("delivery-completed", 30),
        ("payment-failed", 40), ("inventory-released", 50),
      ], status: .compensating, steps: [.compensating, .compensated, .failed, .completed], step: "order"),
    Case(
      testDescription: "two terminal events that contradict each other are said",
      events: [
        ("order-created", 0), ("inventory-failed", 5), ("order-cancelled", 10), ("delivery-completed", 20),
      ], status: .compensated, steps: [.compensated, .failed, .pending, .completed], step: "inventory",
      flags: .inconsistent),
    Case(
      testDescription: "a begin event told after its completion changes nothing",
      events: [
        ("order-created", 0), ("inventory-reserved", 10), ("payment-completed", 20), ("delivery-completed", 30),
        ("delivery-started", 31),
      ], status: .completed, steps: [.completed, .completed, .completed, .completed], step: "delivery"),
    Case(
      testDescription: "an event without a rule belongs to the saga and changes nothing",
      events: [("order-created", 0), ("order-viewed", 10)], status: .running,
      steps: [.completed, .running, .pending, .pending], step: "inventory"),
  ]

  @Test("a sequence of events gives a status", arguments: cases)
  func status(_ example: Case) throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(EventBatch(events: example.events.map { maker.event($0.type, at: $0.at) }))
    let row = try #require(store.row("1"))
    #expect(row.status == example.status)
    #expect(row.steps.map(\.status) == example.steps)
    #expect(row.step == example.step)
    #expect(row.flags == example.flags)
    #expect((row.endedAt == nil) == example.status.isActive)
  }

  @Test("an orchestrator's event ends a compensation, and the steps in it are recognised by name")
  func orchestration() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("SagaStarted", at: 0, id: "s-1", definition: 1),
        maker.event("SagaStepCompleted", at: 10, id: "s-1", definition: 1, steps: ["payment"]),
        maker.event("SagaFailed", at: 20, id: "s-1", definition: 1, steps: ["confirmation"], error: "no seat"),
        maker.event("SagaCompensated", at: 30, id: "s-1", definition: 1),
      ]))
    let row = try #require(store.row("s-1"))
    #expect(row.status == .compensated)
    #expect(row.failedStep == "confirmation")
    #expect(row.error == "no seat")
    #expect(row.steps.map(\.status) == [.completed, .failed])
  }

  @Test(
    "a message with the name of a compensation compensates its step",
    arguments: [
      "payment", "compensate_payment", "compensatePayment", "PaymentCompensation", "undo.payment", "payment-rollback",
    ])
  func undoingName(_ name: String) throws {
    var maker = EventMaker()
    let store = maker.store([ShopFixture.orchestrated])
    let named = [("SagaStarted", []), ("SagaStepCompleted", ["payment"]), ("SagaFailed", ["confirmation"])]
    let events = (named + [("SagaStepCompensated", [name])]).enumerated().map {
      maker.event($1.0, at: Int64($0) * 1000, steps: $1.1, topic: "t")
    }
    store.accept(EventBatch(events: events))
    let row = try #require(store.row("1"))
    #expect(row.steps.map(\.status) == [.compensated, .failed])
    let view = try #require(store.find(id: "1").flatMap { store.saga($0, now: ShopFixture.time(0)) })
    #expect(view.events.last?.meaning == "compensates payment")
  }

  @Test(
    "an unknown step name is a separate step, and so is the name of a completed compensation",
    arguments: [("SagaStepCompensated", "compensate_hotel"), ("SagaStepCompleted", "compensate_payment")])
  func otherName(_ type: String, _ name: String) throws {
    var maker = EventMaker()
    let store = maker.store([ShopFixture.orchestrated])
    store.accept(
      EventBatch(events: [maker.event("SagaStarted", at: 0), maker.event(type, at: 1000, steps: [name])]))
    #expect(try #require(store.row("1")).steps.map(\.name) == ["payment", "confirmation", name])
  }

  @Test("a failed compensation requires a person, until a later one succeeds")
  func failedCompensation() throws {
    var maker = EventMaker()
    let store = maker.store()
    let failed = [
      maker.event("SagaStarted", at: 0, definition: 1),
      maker.event("SagaStepCompleted", at: 10, definition: 1, steps: ["payment"]),
      maker.event("SagaFailed", at: 20, definition: 1, steps: ["confirmation"], error: "no seat"),
      maker.event("SagaCompensationFailed", at: 30, definition: 1, steps: ["payment"], error: "refund refused"),
    ]
    store.accept(EventBatch(events: failed))
    let row = try #require(store.row("1"))
    #expect(row.status == .failed)
    #expect(row.steps[0].status == .compensationFailed)
    #expect(row.error == "no seat")
    #expect(row.steps[0].compensationError == "refund refused")

    let resolved = maker.store()
    resolved.accept(EventBatch(events: failed + [maker.event("SagaCompensated", at: 40, definition: 1)]))
    #expect(resolved.row("1")?.status == .compensated)
    #expect(resolved.row("1")?.flags == [])

    store.accept(
      EventBatch(events: [
        maker.event("SagaStepCompensated", at: 40, definition: 1, steps: ["payment"]),
        maker.event("SagaCompensated", at: 50, definition: 1),
      ]))
    #expect(store.row("1")?.status == .compensated)
  }

  @Test("attempts are separate, each with its error")
  func attempts() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0), maker.event("inventory-reserved", at: 10),
        maker.event("payment-failed", at: 20, node: "node-2", error: "card declined"),
        maker.event("inventory-reserved", at: 30), maker.event("payment-completed", at: 40, node: "node-3"),
      ]))
    let payment = try #require(store.row("1")).steps[2]
    #expect(
      payment.attempts == [
        .init(
          startedAt: ShopFixture.time(10), endedAt: ShopFixture.time(20), hasFailed: true, node: "node-2",
          error: "card declined"),
        .init(startedAt: ShopFixture.time(30), endedAt: ShopFixture.time(40), node: "node-3"),
      ])
  }
}
