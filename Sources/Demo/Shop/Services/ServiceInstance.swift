/// An instance of a service: a consumer group member that passes events to the worker and commits processed messages.
final class ServiceInstance {
  /// Maximum number of messages in progress; above this, fetching pauses.
  private static let mostInProgress = 400
  /// Milliseconds during which processed offsets are collected into one commit. librdkafka's auto-commit timer uses noticeable CPU time
  /// per client.
  private static let commitInterval = 400
  /// Session timeout of the group in milliseconds, after which a dead member is detected.
  private static let session = 6000

  let origin: Origin
  private let worker: any Worker
  private let context: ShopContext
  private let publisher: Publisher
  private let bootstrap: String
  private var consumer: KafkaConsumer?
  /// The consumer of a crashed run; it is still a group member.
  private var ghost: KafkaConsumer?
  private var tracker = OffsetTracker()
  private var held = HeldPartitions()
  private var uncommitted: [OffsetTracker.Partition: Int64] = [:]
  /// Incremented at each assignment: messages read under an earlier assignment must not be committed.
  private var term = 0
  /// Incremented at each stop: jobs of an earlier run are discarded.
  private var life = 0

  init(origin: Origin, worker: any Worker, context: ShopContext, publisher: Publisher, bootstrap: String) {
    self.origin = origin
    self.worker = worker
    self.context = context
    self.publisher = publisher
    self.bootstrap = bootstrap
  }

  var isRunning: Bool { consumer != nil }

  /// Joins the group; has no effect if it is already running.
  func start() throws(KafkaFailure) {
    guard consumer == nil else { return }
    bury()
    consumer = try KafkaConsumer(
      name: origin.name, settings: settings, topics: origin.service.topics.map(\.rawValue), loop: context.loop
    ) { [weak self] in self?.notice($0) }
  }

  /// Stops as in a crash: it stays a group member until its session times out, and its partitions make no progress.
  func vanish() {
    guard let consumer else { return }
    uncommitted = [:]
    forgetProgress()
    consumer.setPaused(true)
    (self.consumer, ghost) = (nil, consumer)
    life += 1
    worker.abandon(origin)
    let life = life
    context.loop.after(milliseconds: Self.session) { [weak self] in if self?.life == life { self?.bury() } }
  }

  private func bury() {
    ghost?.leave()
    ghost = nil
  }

  /// Stops and leaves the group, so that its partitions are reassigned immediately.
  func stop() {
    guard let consumer else { return }
    forgetProgress()
    self.consumer = nil
    life += 1
    worker.abandon(origin)
    consumer.leave()
  }

  private var settings: [String: String] {
    [
      "bootstrap.servers": bootstrap, "group.id": origin.service.rawValue, "auto.offset.reset": "earliest",
      "partition.assignment.strategy": "range", "enable.auto.commit": "false", "session.timeout.ms": "\(Self.session)",
      "heartbeat.interval.ms": "500",
      "max.poll.interval.ms": "86400000", "fetch.wait.max.ms": "500", "fetch.error.backoff.ms": "100",
      "topic.metadata.refresh.interval.ms": "30000", "reconnect.backoff.max.ms": "1000",
    ]
  }

  private func notice(_ notice: KafkaConsumer.Notice) {
    switch notice {
    case .message(let message): if isRunning { receive(message) }
    case .revoked: forgetProgress()
    case .failure(let reason): context.log.write(origin.name, reason)
    }
  }

  private func forgetProgress() {
    commit()
    term += 1
    tracker.reset()
    held.reset()
    consumer?.setPaused(false)
  }

  private func receive(_ message: KafkaMessage) {
    let partition = OffsetTracker.Partition(topic: message.topic, number: message.partition)
    consumer?.setPaused(tracker.inProgress + held.count >= Self.mostInProgress)
    if held.take(message, of: partition) { return }
    work(on: message, partition)
  }

  private func work(on message: KafkaMessage, _ partition: OffsetTracker.Partition) {
    tracker.begin(partition, message.offset)
    let (term, life) = (term, life)
    let finish = { [weak self] in
      guard let self, term == self.term else { return }
      self.finish(partition, message.offset)
    }
    guard let event = ReceivedEvent(message, publisher.format) else {
      held.hold(partition)
      return attempt(1, at: message, partition, term, finish)
    }
    guard admit(event) else { return finish() }
    worker.handle(
      Job(
        event: event, origin: origin, context: context, publisher: publisher,
        isAlive: { [weak self] in self?.life == life }, completion: finish))
  }

  /// Retries an invalid message until it is moved to the dead-letter topic; then the partition continues.
  private func attempt(
    _ number: Int, at message: KafkaMessage, _ partition: OffsetTracker.Partition, _ term: Int,
    _ finish: @escaping () -> Void
  ) {
    guard term == self.term else { return }
    let place = "\(message.topic)/\(message.partition)@\(message.offset)"
    context.log.write(origin.name, "attempt \(number) of \(HeldPartitions.attempts) at \(place): not an event")
    guard number == HeldPartitions.attempts else {
      return context.loop.after(milliseconds: HeldPartitions.retryDelay) { [weak self] in
        self?.attempt(number + 1, at: message, partition, term, finish)
      }
    }
    publisher.park(message, from: origin)
    finish()
    // One of the waiting messages may also be invalid and block the rest again.
    for message in held.release(partition) where !held.take(message, of: partition) { work(on: message, partition) }
  }

  /// Whether the event must be processed. A repeated operator request is only written to the ledger.
  private func admit(_ event: ReceivedEvent) -> Bool {
    let answer = context.requests.take(event, for: origin.service)
    guard answer == .taken || answer == .repeated else { return true }
    let isNew = answer == .taken
    context.log.write(
      origin.name, "order \(event.orderId): \(event.topic.rawValue) by an operator\(isNew ? "" : ", repeated")")
    context.ledger.write(
      ShopEntry(
        time: event.time, orderId: event.orderId, event: nil, service: origin.service, node: origin.node,
        step: event.topic == .inventoryReserved ? "payment" : event.topic.step,
        effect: isNew ? "requested" : "repeated", error: event.body["reason"]?.stringValue, key: event.idempotencyKey,
        topic: event.topic.rawValue,
        delivery: Delivery(partition: event.position.partition, offset: event.position.offset)
      ).line)
    return isNew
  }

  private func finish(_ partition: OffsetTracker.Partition, _ offset: Int64) {
    if let next = tracker.finish(partition, offset) {
      if uncommitted.isEmpty {
        context.loop.after(milliseconds: Self.commitInterval) { [weak self] in self?.commit() }
      }
      uncommitted[partition] = next
    }
    if tracker.inProgress + held.count < Self.mostInProgress / 2 { consumer?.setPaused(false) }
  }

  private func commit() {
    guard !uncommitted.isEmpty else { return }
    consumer?.commit(
      uncommitted.map { KafkaConsumer.Position(topic: $0.topic, partition: $0.number, offset: $1) })
    uncommitted = [:]
  }
}

/// Partitions blocked by an invalid message: it is retried repeatedly, and later messages wait, as in consumers that process a partition
/// in order.
struct HeldPartitions {
  /// Number of attempts before a message is moved to the dead-letter topic, and milliseconds between them.
  static let attempts = 20
  static let retryDelay = 1000

  private var waiting: [OffsetTracker.Partition: [KafkaMessage]] = [:]

  /// Number of waiting messages.
  var count: Int { waiting.values.reduce(0) { $0 + $1.count } }

  mutating func hold(_ partition: OffsetTracker.Partition) { waiting[partition] = [] }

  /// Returns true if the message has to wait.
  mutating func take(_ message: KafkaMessage, of partition: OffsetTracker.Partition) -> Bool {
    waiting[partition]?.append(message) != nil
  }

  /// Removes and returns the waiting messages.
  mutating func release(_ partition: OffsetTracker.Partition) -> [KafkaMessage] {
    waiting.removeValue(forKey: partition) ?? []
  }

  mutating func reset() { waiting = [:] }
}
