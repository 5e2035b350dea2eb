/// The orchestrator's sagas by their ids; the oldest are forgotten past `capacity`.
struct SagaTable {
  private let capacity: Int
  private var byId: [String: NestSaga] = [:]
  private var byCorrelation: [String: NestSaga] = [:]
  private var byOrder: [String: NestSaga] = [:]
  /// In the order of their beginning, from `oldest` on.
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
