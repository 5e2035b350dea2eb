/// All instances of all services: starts and stops them according to the faults, and places the customer orders.
final class ServiceFleet {
  let orders: OrderWorker
  let payments: PaymentWorker
  let redisVersion: String
  private let context: ShopContext
  private let publisher: Publisher
  private let instances: [ServiceInstance]
  private let locks: [Origin: LockClient]
  private let lastNode: String
  private var isPaymentDown = false
  private(set) var isPaymentKilled = false
  private var isNodeLost = false
  /// Receives the pod changes.
  var board: PodBoard?
  private var leak: LockClient.Grant?
  private var lastOrderId = OrderBook.firstId

  init(
    nodes: Int, context: ShopContext, producer: KafkaProducer, format: ShopFormat, bootstrap: String, redisPort: UInt16
  ) throws {
    self.context = context
    let publisher = Publisher(context: context, producer: producer, format: format)
    self.publisher = publisher
    let names = (1...nodes).map { "node-\($0)" }
    lastNode = "node-\(nodes)"
    let locks = try Self.lockClients(names, context: context, redisPort: redisPort)
    self.locks = locks
    let stock = Inventory(connection: RedisConnection(port: redisPort), context: context)
    try stock.fill()
    redisVersion = stock.version
    let orders = OrderWorker(context: context, publisher: publisher)
    let payments = PaymentWorker(orders: orders)
    (self.orders, self.payments) = (orders, payments)
    let workers: [Service: any Worker] = [
      .order: orders, .inventory: InventoryWorker(orders: orders, stock: stock, locks: locks), .payment: payments,
      .delivery: DeliveryWorker(orders: orders), .notification: NotificationWorker(),
    ]
    instances = names.flatMap { node in
      Service.allCases.compactMap { service in
        workers[service].map {
          ServiceInstance(
            origin: Origin(service: service, node: node), worker: $0, context: context, publisher: publisher,
            bootstrap: bootstrap)
        }
      }
    }
  }

  /// Opens the shop: starts the instances and schedules faults and orders.
  func open() {
    for entry in context.faults.entries {
      context.loop.after(milliseconds: entry.milliseconds - context.elapsed) { self.begin(entry.fault) }
    }
    startAndStop()
    placeOrders(from: 0)
  }

  /// Sorted by service, then by node.
  var origins: [Origin] {
    Service.allCases.flatMap { service in instances.map(\.origin).filter { $0.service == service } }
  }

  func isLost(_ origin: Origin) -> Bool { isNodeLost && origin.node == lastNode }

  /// Whether the payment service responds to calls.
  var isPaymentAnswering: Bool { !isPaymentDown && !isPaymentKilled }

  /// Makes all instances leave their groups, for a broker that outlives the shop.
  func leave() {
    for instance in instances { instance.stop() }
  }

  private func begin(_ fault: Fault) {
    context.log.write("shop", "\(context.elapsed) ms: \(fault.rawValue)")
    switch fault {
    case .paymentDown, .paymentUp: isPaymentDown = fault == .paymentDown
    case .paymentOOM:
      isPaymentKilled = true
      board?.kill(.payment)
    case .paymentHealed:
      isPaymentKilled = false
      board?.heal(.payment)
    case .nodeLost, .nodeBack: isNodeLost = fault == .nodeLost
    case .poison: publisher.poison(key: lastOrderId, from: Origin(service: .inventory, node: "node-1"))
    case .lockLeak: leakLock()
    case .lockFreed: freeLock()
    default: break
    }
    startAndStop()
  }

  private func startAndStop() {
    for instance in instances {
      let mayRun = !isLost(instance.origin) && (isPaymentAnswering || instance.origin.service != .payment)
      if isLost(instance.origin) {
        instance.vanish()
      } else if !mayRun {
        instance.stop()
      } else if !instance.isRunning {
        start(instance)
      }
    }
  }

  private func start(_ instance: ServiceInstance) {
    do {
      try instance.start()
    } catch {
      context.log.write(instance.origin.name, "\(error); starting again in 1 s")
      context.loop.after(milliseconds: 1000) { self.startAndStop() }
    }
  }

  private func placeOrders(from index: Int) {
    var index = index
    while let order = context.book.order(index) {
      let wait = order.scheduledMilliseconds - context.elapsed
      if wait > 0 {
        return context.loop.after(milliseconds: wait) { [index] in self.placeOrders(from: index) }
      }
      place(order)
      index += 1
    }
    context.log.write("shop", "the last order is placed")
  }

  private func place(_ order: Order) {
    let desks = instances.filter { $0.isRunning && $0.origin.service == .order }
    guard !desks.isEmpty else {
      // Customers retry until an instance accepts the order.
      return context.loop.after(milliseconds: 1000) { self.place(order) }
    }
    let desk = desks[context.book.chance.pick(0...desks.count - 1, order.id, "desk")]
    lastOrderId = order.id
    orders.place(order, at: desk.origin, paymentAnswers: isPaymentAnswering)
  }

  private func leakLock() {
    guard leak == nil, let client = locks[Origin(service: .inventory, node: "node-1")] else { return }
    client.acquire(InventoryWorker.lockKey(Product.leaked)) { grant in
      guard let grant else { return self.leakLock() }
      client.leak(grant)
      self.leak = grant
    }
  }

  private func freeLock() {
    guard let leak else { return }
    locks[Origin(service: .inventory, node: "node-1")]?.release(leak)
    self.leak = nil
  }

  private static func lockClients(
    _ nodes: [String], context: ShopContext, redisPort: UInt16
  ) throws -> [Origin: LockClient] {
    var result: [Origin: LockClient] = [:]
    for (index, node) in nodes.enumerated() {
      result[Origin(service: .inventory, node: node)] = try LockClient(
        id: context.book.chance.uuid(index, "uuid"), port: redisPort, connection: RedisConnection(port: redisPort),
        loop: context.loop)
    }
    return result
  }
}

extension ServiceFleet {
  /// The health of an instance; `nil` if it cannot respond.
  func health(of origin: Origin) -> ServiceHealth? {
    guard !isLost(origin), !(isPaymentKilled && origin.service == .payment) else { return nil }
    var health = ServiceHealth()
    switch origin.service {
    case .order: health.circuits = [ServiceHealth.Circuit(name: "paymentService", breaker: orders.breaker)]
    case .payment:
      health.circuits = [ServiceHealth.Circuit(name: "paymentGateway", breaker: payments.breaker)]
      if !isPaymentAnswering {
        health.databaseError =
          "org.springframework.jdbc.CannotGetJdbcConnectionException: Failed to obtain JDBC Connection"
      }
    case .inventory: health.redisVersion = redisVersion
    default: break
    }
    return health
  }
}

/// The delivery service: delivers paid orders.
final class DeliveryWorker: Worker {
  private enum State {
    case started, completed
  }

  private var deliveries = BoundedTable<State>()
  private let orders: OrderWorker

  init(orders: OrderWorker) {
    self.orders = orders
  }

  func handle(_ job: Job) {
    guard deliveries[job.orderId] != .completed, deliveries.begin(job.orderId, by: job.origin.name) else {
      return job.finish()
    }
    // Another instance may have started the delivery and crashed.
    if deliveries[job.orderId] == .started { return bring(job) }
    guard !orders.isCancelled(job.orderId) else { return end(job) }
    job.work(5...20, "dispatch") {
      self.deliveries[job.orderId] = .started
      job.publish(Self.event(.deliveryStarted, job)) { self.bring(job) }
    }
  }

  func abandon(_ origin: Origin) {
    deliveries.abandon(by: origin.name)
  }

  private func bring(_ job: Job) {
    job.work(300...800, "delivery") {
      guard !self.orders.isCancelled(job.orderId) else {
        job.log("order \(job.orderId) is cancelled: the delivery turns back")
        return self.end(job)
      }
      self.deliveries[job.orderId] = .completed
      job.publish(Self.event(.deliveryCompleted, job)) { self.end(job) }
    }
  }

  private static func event(_ topic: Topic, _ job: Job) -> ShopEvent {
    ShopEvent(topic, orderId: job.orderId, ["deliveryId": .integer(job.orderId &+ 700_000)])
  }

  private func end(_ job: Job) {
    deliveries.end(job.orderId)
    job.finish()
  }
}

/// The notification service: notifies the customer. No other service depends on it.
final class NotificationWorker: Worker {
  func handle(_ job: Job) {
    job.work(5...20, "notification", job.finish)
  }
}
