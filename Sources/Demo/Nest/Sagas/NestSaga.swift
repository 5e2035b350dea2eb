/// One saga as the orchestrator's database has it.
final class NestSaga {
  /// The words of the REST API.
  enum Status: String, CaseIterable {
    case started, completed, failed, compensating, compensated
  }

  enum Step: String, CaseIterable {
    case payment = "payment_processing"
    case confirmation = "order_confirmation"

    /// What events call the undoing of the step.
    var compensation: String { "compensate_" + rawValue }
  }

  enum OrderStatus: String {
    case pending, paid, cancelled
  }

  enum PaymentStatus: String {
    case pending, processed, failed, refunded
  }

  static let type = "OrderProcessingSaga"

  let id: String
  let order: NestOrder
  let createdAt: Int64
  var node: String
  var status = Status.started { didSet { touch() } }
  var currentStep = "initial" { didSet { touch() } }
  var completedSteps: [Step] = []
  var compensationSteps: [String] = []
  var errorMessage: String?
  var orderStatus = OrderStatus.pending
  var paymentId: String?
  var paymentStatus = PaymentStatus.pending
  /// Attempts at going forward, 1 for the first.
  var attempt = 1
  /// Nobody works on it, although it is not over: a retry goes on, or a compensation undoes it.
  var isAbandoned = false
  /// Counts who works on it: what an earlier one left is dead.
  private(set) var term = 0
  private(set) var updatedAt: Int64
  /// Its published events, the first first.
  var timeline: [PublishedEvent] = []

  init(id: String, order: NestOrder, node: String) {
    self.id = id
    self.order = order
    self.node = node
    createdAt = Clock.epochMilliseconds()
    updatedAt = createdAt
  }

  /// Work is to be expected on it.
  var isActive: Bool { status == .started || status == .compensating }

  /// Hands the saga to `node`; what was going on ends.
  func take(over node: String) {
    term += 1
    isAbandoned = false
    self.node = node
  }

  /// Nobody goes on with it.
  func abandon() {
    term += 1
    isAbandoned = true
    touch()
  }

  private func touch() { updatedAt = Clock.epochMilliseconds() }
}
