import Testing

@testable import Core

extension SagaModelTests {
  /// Events of one saga, one per second, and the expected result.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var definition = ShopFixture.trip
    var events: [String]
    var status: SagaStatus
    var flags: SagaFlags = []
    var step: String?
    var steps: [StepStatus]
    var round = 1
    var failedStep: String?
  }

  /// A saga with sequential steps that an explicit event ends.
  static let order = SagaDefinition(
    type: "order", identities: [.init(name: "orderId", sources: [.path(["orderId"])])],
    steps: [StepDefinition(name: "stock"), StepDefinition(name: "payment"), StepDefinition(name: "delivery")],
    events: [
      EventRule(type: "Created", startsSaga: true),
      EventRule(type: "StockReserved", effects: [.init(.completes, .named("stock"))]),
      EventRule(type: "Paid", effects: [.init(.completes, .named("payment"))]),
      EventRule(type: "Repay", effects: [.init(.begins, .named("payment"))]),
      EventRule(type: "Delivered", effects: [.init(.completes, .named("delivery"))], ends: .completed),
      EventRule(type: "PaymentFailed", effects: [.init(.fails, .named("payment"))]),
      EventRule(type: "PaymentRevoked", effects: [.init(.fails, .named("payment"))], startsCompensation: true),
      EventRule(type: "StockFailed", effects: [.init(.fails, .named("stock"))]),
      EventRule(type: "StockReleased", effects: [.init(.compensates, .named("stock"))]),
      EventRule(type: "StockReleaseFailed", effects: [.init(.compensationFails, .named("stock"))]),
      EventRule(type: "Refunded", effects: [.init(.compensates, .named("payment"))]),
      EventRule(type: "Cancelled", ends: .compensated),
      EventRule(type: "Expired", ends: .declined),
      EventRule(type: "GivenUp", ends: .failed), EventRule(type: "Closed", ends: .completed),
    ])

  static let joinedOrder: SagaDefinition = {
    var definition = order
    definition.steps[1].isParallel = true
    definition.events[2].ends = .completed
    definition.events[4] = EventRule(type: "Delivered")
    definition.steps.removeLast()
    return definition
  }()

  static let cases: [Case] = [
    Case(
      testDescription: "a saga that failed is not completed while a step stands failed", definition: order,
      events: ["Created", "StockReserved", "PaymentFailed", "GivenUp", "Closed"], status: .failed,
      flags: .inconsistent, step: "stock", steps: [.compensationFailed, .failed, .pending], failedStep: "payment"),
    Case(
      testDescription: "a saga that failed is completed by a person who has the step done", definition: order,
      events: ["Created", "PaymentFailed", "GivenUp", "StockReserved", "Paid", "Delivered"], status: .completed,
      step: "delivery", steps: [.completed, .completed, .completed]),
    Case(
      testDescription: "a start after the end begins the next round", definition: order,
      events: ["Created", "StockReserved", "Paid", "Delivered", "Created", "StockReserved"], status: .running,
      step: "payment", steps: [.completed, .running, .pending], round: 2),
    Case(
      testDescription: "a start after a compensation that no event ended begins the next round",
      definition: order, events: ["Created", "StockReserved", "PaymentFailed", "StockReleased", "Created"],
      status: .running, step: "stock", steps: [.running, .pending, .pending], round: 2),
    Case(
      testDescription: "a start that is told again before the end is the same round", definition: order,
      events: ["Created", "StockReserved", "Created", "Paid", "Delivered"], status: .completed, step: "delivery",
      steps: [.completed, .completed, .completed]),
    Case(
      testDescription: "a start told after the end of a round without one is that round's own: clocks differ",
      definition: order, events: ["StockReserved", "Paid", "Delivered", "Created"], status: .completed,
      step: "delivery", steps: [.completed, .completed, .completed]),
    Case(
      testDescription: "a time-out after the completion is no news",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "Paid", "PaymentTimeout"],
      status: .completed, step: "payment", steps: [.completed, .completed, .skipped, .completed]),
    Case(
      testDescription: "a time-out fails a step that is not done",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "PaymentTimeout"], status: .compensating, step: "hotel",
      steps: [.compensating, .compensating, .pending, .failed], failedStep: "payment"),
    Case(
      testDescription: "parallel steps are joined before the next has its work", events: ["TripAsked", "HotelBooked"],
      status: .running, step: "flight", steps: [.running, .completed, .pending, .pending]),
    Case(
      testDescription: "an optional step is not waited for when the next one can go",
      events: ["TripAsked", "FlightBooked", "HotelBooked"], status: .running, step: "payment",
      steps: [.completed, .completed, .running, .running]),
    Case(
      testDescription: "an optional step is skipped when the next one goes",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "PaymentBegun"], status: .running, step: "payment",
      steps: [.completed, .completed, .skipped, .running]),
    Case(
      testDescription: "without an event that ends it, a saga is completed when all steps are done that must be",
      events: ["TripAsked", "HotelBooked", "FlightBooked", "Insured", "Paid"], status: .completed, step: "payment",
      steps: [.completed, .completed, .completed, .completed]),
    Case(
      testDescription: "an end told by one of two parallel steps waits for the other", definition: joinedOrder,
      events: ["Created", "Paid"], status: .running, step: "stock", steps: [.running, .completed]),
    Case(
      testDescription: "the other step then completes the saga", definition: joinedOrder,
      events: ["Created", "Paid", "StockReserved"], status: .completed, step: "payment",
      steps: [.completed, .completed]),
    Case(
      testDescription: "a parallel step that runs on may still have to be undone", definition: joinedOrder,
      events: ["Created", "PaymentFailed"], status: .compensating, step: "stock", steps: [.pending, .failed],
      failedStep: "payment"),
    Case(
      testDescription: "a saga that completed without a step that must be done is flagged", definition: order,
      events: ["Created", "StockReserved", "Delivered"], status: .completed, flags: .inconsistent, step: "delivery",
      steps: [.completed, .pending, .completed]),
    Case(
      testDescription: "a failure of a step that is done changes nothing before the end", definition: order,
      events: ["Created", "StockReserved", "Paid", "PaymentFailed"], status: .running, step: "delivery",
      steps: [.completed, .completed, .running]),
    Case(
      testDescription: "it fails the step when the event says that the saga is now compensated", definition: order,
      events: ["Created", "StockReserved", "Paid", "PaymentRevoked"], status: .compensating, step: "stock",
      steps: [.compensating, .failed, .pending], failedStep: "payment"),
    Case(
      testDescription: "a refund after the completion is a compensation", definition: order,
      events: ["Created", "StockReserved", "Paid", "Delivered", "Refunded", "StockReleased"], status: .compensated,
      step: "stock", steps: [.compensated, .compensated, .completed]),
    Case(
      testDescription: "another end is told, and changes nothing", definition: order,
      events: ["Created", "StockReserved", "Paid", "Delivered", "Cancelled"], status: .completed,
      flags: .inconsistent, step: "delivery", steps: [.completed, .completed, .completed]),
    Case(
      testDescription: "a success after the compensation was over has to be undone", definition: order,
      events: ["Created", "StockReserved", "PaymentFailed", "StockReleased", "Cancelled", "Paid"],
      status: .compensating, flags: .inconsistent, step: "payment", steps: [.compensated, .compensating, .pending],
      failedStep: "payment"),
    Case(
      testDescription: "a compensation is over when all is undone that was done", definition: order,
      events: ["Created", "StockReserved", "PaymentFailed", "StockReleased"], status: .compensated, step: "payment",
      steps: [.compensated, .failed, .pending], failedStep: "payment"),
    Case(
      testDescription: "where nothing was done, nothing is left to be undone", definition: order,
      events: ["Created", "StockFailed"], status: .compensated, step: "stock", steps: [.failed, .pending, .pending],
      failedStep: "stock"),
    Case(
      testDescription: "a step begun again after it was done is another attempt, and so are those after it",
      definition: order, events: ["Created", "StockReserved", "Paid", "Repay"], status: .running, step: "payment",
      steps: [.completed, .running, .running]),
    Case(
      testDescription: "an ordinary end is neither success nor failure", definition: order,
      events: ["Created", "StockReserved", "Expired"], status: .declined, step: "stock",
      steps: [.completed, .pending, .pending]),
    Case(
      testDescription: "a compensation given up without a word on the step failed at the one that was next",
      definition: order, events: ["Created", "StockReserved", "PaymentFailed", "GivenUp"], status: .failed,
      step: "stock", steps: [.compensationFailed, .failed, .pending], failedStep: "payment"),
  ]
}
