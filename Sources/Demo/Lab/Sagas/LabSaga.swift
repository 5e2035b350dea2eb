/// The state of a saga in the orchestrator.
final class LabSaga {
  enum Status: String {
    case started, completed, compensating, compensated, failed
  }

  let number: Int
  let id: String
  let pod: String
  let amount: Int
  var status = Status.started
  /// State of each step: `pending`, `running`, `completed`, `failed`.
  var steps: [LabStep: String] = [:]
  /// Result of each compensation: `completed` or `failed`.
  var compensations: [LabStep: String] = [:]
  var error: String?

  init(number: Int, book: LabBook) {
    self.number = number
    id = book.id(number)
    pod = book.pod(number)
    amount = book.amount(number)
  }

  /// Completed steps that are not compensated, the last first.
  var outstanding: [LabStep] {
    LabStep.allCases.reversed().filter { steps[$0] == "completed" && compensations[$0] != "completed" }
  }

  /// The response to `GET /api/saga/start`.
  var document: JSON {
    .object(
      [
        .init(name: "saga_id", value: .string(id)), .init(name: "status", value: .string(status.rawValue)),
        .init(
          name: "steps",
          value: .array(LabStep.allCases.map { Self.step($0.service, $0.rawValue, steps[$0] ?? "pending") })),
        .init(
          name: "compensation_steps",
          value: .array(
            LabStep.allCases.reversed().map { Self.step($0.service, $0.compensation, compensations[$0]) })),
      ] + (error.map { [.init(name: "error", value: .string($0))] } ?? []))
  }

  /// The result that the job prints.
  var result: JSON {
    .members([
      "saga_id": .string(id), "status": .string(status.rawValue),
      "steps": .array(
        LabStep.allCases.compactMap { step in
          steps[step].map { Self.step(step.service, step.rawValue, $0 == "completed" ? "success" : $0) }
        }),
    ])
  }

  private static func step(_ service: String, _ action: String, _ status: String?) -> JSON {
    .object(
      [.init(name: "service", value: .string(service)), .init(name: "action", value: .string(action))]
        + (status.map { [.init(name: "status", value: .string($0))] } ?? []))
  }
}

/// The steps of the lab's saga, in order.
enum LabStep: String, CaseIterable {
  case validateUser = "validate_user"
  case createOrder = "create_order"
  case processPayment = "process_payment"

  var service: String {
    switch self {
    case .validateUser: "user-service"
    case .createOrder: "order-service"
    case .processPayment: "payment-service"
    }
  }

  /// The name in the job's log.
  var title: String { Self.title(rawValue) }

  /// The action that compensates the step.
  var compensation: String {
    switch self {
    case .validateUser: "unlock_user"
    case .createOrder: "cancel_order"
    case .processPayment: "refund_payment"
    }
  }

  var compensationTitle: String { Self.title(compensation) }

  /// The events of the step in the store.
  var events: (completed: String, failed: String, compensated: String) {
    switch self {
    case .validateUser: ("UserValidated", "UserValidationFailed", "UserUnlocked")
    case .createOrder: ("OrderCreated", "OrderCreationFailed", "OrderCancelled")
    case .processPayment: ("PaymentProcessed", "PaymentFailed", "PaymentRefunded")
    }
  }

  private static func title(_ action: String) -> String {
    action.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
  }
}
