/// A saga in the orchestrator's database.
final class NestSaga {
  /// Status values of the REST API.
  enum Status: String, CaseIterable {
    case started, completed, failed, compensating, compensated
  }

  enum Step: String, CaseIterable {
    case payment = "payment_processing"
    case confirmation = "order_confirmation"

    /// The name of the step's compensation in events.
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
  /// Number of forward attempts, 1 for the first.
  var attempt = 1
  /// The saga is not over but no longer processed. A retry continues it, or a compensation undoes it.
  var isAbandoned = false
  /// Incremented when another worker takes over or stops; pending work of an earlier term is discarded.
  private(set) var term = 0
  private(set) var updatedAt: Int64
  /// Its published events, the oldest first.
  var timeline: [PublishedEvent] = []

  init(id: String, order: NestOrder, node: String) {
    self.id = id
    self.order = order
    self.node = node
    createdAt = Clock.epochMilliseconds()
    updatedAt = createdAt
  }

  /// Whether the status is not final.
  var isActive: Bool { status == .started || status == .compensating }

  /// Assigns the saga to `node`; work in progress is discarded.
  func take(over node: String) {
    term += 1
    isAbandoned = false
    self.node = node
  }

  /// Stops the processing of the saga.
  func abandon() {
    term += 1
    isAbandoned = true
    touch()
  }

  private func touch() { updatedAt = Clock.epochMilliseconds() }
}

/// The orchestrator's sagas by their ids. The oldest are removed above `capacity`.
struct SagaTable {
  private let capacity: Int
  private var byId: [String: NestSaga] = [:]
  private var byCorrelation: [String: NestSaga] = [:]
  private var byOrder: [String: NestSaga] = [:]
  /// In the order of their start; entries before `oldest` are removed.
  private var all: [NestSaga] = []
  private var oldest = 0

  init(capacity: Int = 100_000) {
    self.capacity = capacity
  }

  var sagas: ArraySlice<NestSaga> { all[oldest...] }

  func saga(id: String) -> NestSaga? { byId[id] }
  func saga(correlationId: String) -> NestSaga? { byCorrelation[correlationId] }
  func saga(orderId: String) -> NestSaga? { byOrder[orderId] }

  mutating func add(_ saga: NestSaga) {
    all.append(saga)
    byId[saga.id] = saga
    byCorrelation[saga.order.correlationId] = saga
    byOrder[saga.order.id] = saga
    if all.count - oldest > capacity { forgetOldest() }
  }

  private mutating func forgetOldest() {
    let saga = all[oldest]
    byId[saga.id] = nil
    byCorrelation[saga.order.correlationId] = nil
    byOrder[saga.order.id] = nil
    oldest += 1
    guard oldest > capacity else { return }
    all.removeFirst(oldest)
    oldest = 0
  }
}
