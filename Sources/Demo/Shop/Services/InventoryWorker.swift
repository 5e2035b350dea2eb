/// The inventory service: reserves and releases stock of orders, under the product's lock.
final class InventoryWorker: Worker {
  private enum State {
    case reserved(productId: Int, quantity: Int)
    case failed, released
  }

  /// Milliseconds until the next attempt after a lock was not acquired within the lock client's patience.
  private static let lockRetry = 1000

  private let orders: OrderWorker
  private let stock: Inventory
  private let locks: [Origin: LockClient]
  private var reservations = BoundedTable<State>()

  /// `locks` contains the lock client of each instance.
  init(orders: OrderWorker, stock: Inventory, locks: [Origin: LockClient]) {
    self.orders = orders
    self.stock = stock
    self.locks = locks
  }

  static func lockKey(_ productId: Int) -> String { "inventory:lock:\(productId)" }

  func handle(_ job: Job) {
    if job.event.topic == .orderCreated { reserve(job) } else { release(job) }
  }

  func abandon(_ origin: Origin) {
    reservations.abandon(by: origin.name)
    locks[origin]?.dropWaiters()
  }

  private func reserve(_ job: Job) {
    // A failure is final too, because the order is cancelled after it.
    guard reservations[job.orderId] == nil, reservations.begin(job.orderId, by: job.origin.name) else {
      return job.finish()
    }
    let isSlow = job.context.isOn(.slowInventory)
    let isSlowNode = job.context.isOn(.slowNode) && job.origin.node == "node-1"
    job.work(isSlow ? 2000...4000 : isSlowNode ? 400...800 : 2...6, "stock query") { self.reserveUnderLock(job) }
  }

  private func reserveUnderLock(_ job: Job) {
    let productId = job.event.body["productId"]?.integerValue ?? 0
    let quantity = job.event.body["quantity"]?.integerValue ?? 0
    guard !orders.isCancelled(job.orderId) else { return end(job) }
    withLock(productId, job, again: { self.reserveUnderLock(job) }) {
      let result = self.stock.take(quantity, of: productId, for: job.orderId)
      return { self.conclude(job, productId, quantity, result) }
    }
  }

  private func conclude(_ job: Job, _ productId: Int, _ quantity: Int, _ result: Inventory.Result) {
    let product: KeyValuePairs<String, JSON> = ["productId": .integer(productId), "quantity": .integer(quantity)]
    switch result {
    case .taken:
      reservations[job.orderId] = .reserved(productId: productId, quantity: quantity)
      let amounts = ["userId", "unitPrice", "totalPrice"].compactMap { name in
        job.event.body[name].map { JSON.Member(name: name, value: $0) }
      }
      job.publish(ShopEvent(.inventoryReserved, orderId: job.orderId, product, amounts)) { self.end(job) }
    case .refused(let reason):
      reservations[job.orderId] = .failed
      let why = [JSON.Member(name: "reason", value: .string(reason))]
      job.publish(ShopEvent(.inventoryFailed, orderId: job.orderId, product, why)) { self.end(job) }
    case .unknown(let failure):
      job.log("\(failure); order \(job.orderId) is tried again in \(Self.lockRetry) ms")
      job.after(milliseconds: Self.lockRetry) { self.reserveUnderLock(job) }
    }
  }

  private func release(_ job: Job) {
    guard reservations.begin(job.orderId, by: job.origin.name) else {
      // A reservation may be in progress, and must be released afterwards.
      return job.after(milliseconds: 50) { self.release(job) }
    }
    guard case .reserved(let productId, let quantity) = reservations[job.orderId] else { return end(job) }
    releaseUnderLock(job, productId, quantity)
  }

  private func releaseUnderLock(_ job: Job, _ productId: Int, _ quantity: Int) {
    withLock(productId, job, again: { self.releaseUnderLock(job, productId, quantity) }) {
      self.stock.putBack(quantity, of: productId)
      self.reservations[job.orderId] = .released
      return {
        let event = ShopEvent(
          .inventoryReleased, orderId: job.orderId,
          ["productId": .integer(productId), "quantity": .integer(quantity)])
        job.publish(event) { self.end(job) }
      }
    }
  }

  private func end(_ job: Job) {
    reservations.end(job.orderId)
    job.finish()
  }

  /// Acquires the product's lock, holds it for the duration of the work, runs `work` at the end, and calls its result after the lock is
  /// released.
  private func withLock(
    _ productId: Int, _ job: Job, again: @escaping () -> Void, work: @escaping () -> () -> Void
  ) {
    guard let client = locks[job.origin] else { return end(job) }
    client.acquire(Self.lockKey(productId)) { grant in
      guard let grant else {
        job.log("order \(job.orderId): \(Self.lockKey(productId)) was not free within \(LockClient.patience) ms")
        return job.after(milliseconds: Self.lockRetry, again)
      }
      let hold = job.context.isOn(.slowInventory) ? 40...80 : job.context.book.scenario == nil ? 2...8 : 25...35
      job.work(hold, "lock") {
        let goOn = work()
        client.release(grant)
        goOn()
      }
    }
  }
}
