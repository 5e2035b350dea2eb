/// A step of the lab's saga, in order.
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

  /// As the job's log has it.
  var title: String { Self.title(rawValue) }

  /// The action that undoes it.
  var compensation: String {
    switch self {
    case .validateUser: "unlock_user"
    case .createOrder: "cancel_order"
    case .processPayment: "refund_payment"
    }
  }

  var compensationTitle: String { Self.title(compensation) }

  /// The events in the store that tell of it.
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
