/// All sagas and their outcomes: a function of the seed and the saga number, independent of timing.
struct LabBook: Equatable {
  let chance: SeededChance
  /// Sagas per second.
  let rate: Double
  /// Maximum number of sagas; `nil` for no limit.
  let limit: Int?

  init(seed: UInt64, rate: Double, limit: Int? = nil) {
    chance = SeededChance(seed: seed)
    self.rate = rate
    self.limit = limit
  }

  /// Milliseconds after opening at which the saga with this number (from 0) starts; `nil` after the last one.
  func start(_ number: Int) -> Int? {
    if let limit, number >= limit { return nil }
    return chance.arrival(number, perSecond: rate)
  }

  func id(_ number: Int) -> String { "saga-" + chance.uuid(number, "saga") }

  /// The name of the job's pod.
  func pod(_ number: Int) -> String { "saga-orchestrator-" + chance.uuid(number, "pod").suffix(10) }

  func amount(_ number: Int) -> Int { 1000 * chance.pick(10...500, number, "amount") }

  func duration(_ number: Int, _ step: String) -> Int { chance.pick(20...150, number, "time " + step) }

  /// Why the step fails; `nil` if it succeeds.
  func failure(_ number: Int, _ step: LabStep) -> String? {
    let chance = chance.fraction(number, "failure " + step.rawValue)
    switch step {
    case .validateUser: return chance < 0.03 ? "user is suspended" : nil
    case .createOrder: return chance < 0.05 ? "product is not sold any more" : nil
    case .processPayment: return chance < 0.15 ? "card declined" : nil
    }
  }

  /// Why the compensation of the step fails; `nil` if it succeeds.
  func compensationFailure(_ number: Int, _ step: LabStep) -> String? {
    step == .createOrder && chance.fraction(number, "undo") < 0.1 ? "order is already packed" : nil
  }

  /// Whether this event is listed twice while the fault `duplicates` is active.
  func isDuplicated(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "duplicate " + type) < 0.1 }

  /// Whether this event is listed late while the fault `reorder` is active.
  func isLate(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "late " + type) < 0.2 }
}

/// One line of the lab's ledger. All members:
///
/// * `time`: milliseconds since 1970; the same as in the event store and in the job's log.
/// * `sagaId`, `pod`: the saga's id, and the name of its job's pod.
/// * `event`: the event type in the store.
/// * `step`, `effect`: the effect on the step: `started` (the saga), `completed`, `failed`, `compensated`, `compensationFailed`; `ended`
///   with the saga's status as `status`.
/// * `status`: the resulting status of the saga.
/// * `error`: why it failed; null without a reason.
struct LabEntry {
  let time: Int64
  let saga: LabSaga
  let event: String
  let step: LabStep?
  let effect: String
  let error: String?

  var line: JSON {
    .members([
      "time": .number(String(time)), "sagaId": .string(saga.id), "pod": .string(saga.pod), "event": .string(event),
      "step": .optional(step?.rawValue), "effect": .string(effect), "status": .string(saga.status.rawValue),
      "error": .optional(error),
    ])
  }
}
