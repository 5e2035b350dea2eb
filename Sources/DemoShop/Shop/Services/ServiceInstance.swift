/// One instance of a service: a member of the service's consumer group that hands events to the worker and commits
/// what is done.
final class ServiceInstance {
  /// Messages in progress above which the instance fetches no more.
  private static let mostInProgress = 400
  /// Milliseconds in which what was processed is collected into one commit. librdkafka's own timer for this costs
  /// each client a share of a core.
  private static let commitInterval = 400

  let origin: Origin
  private let worker: any Worker
  private let context: ShopContext
  private let publisher: Publisher
  private let bootstrap: String
  private var consumer: KafkaConsumer?
  private var tracker = OffsetTracker()
  private var uncommitted: [OffsetTracker.Partition: Int64] = [:]
  /// Counts assignments: what was read under an earlier one is not this instance's to commit.
  private var term = 0
  /// Counts starts: a job of an earlier life is dead.
  private var life = 0

  init(origin: Origin, worker: any Worker, context: ShopContext, publisher: Publisher, bootstrap: String) {
    self.origin = origin
    self.worker = worker
    self.context = context
    self.publisher = publisher
    self.bootstrap = bootstrap
  }

  var isRunning: Bool { consumer != nil }

  /// Joins the group; without effect when it runs already.
  func start() throws(KafkaFailure) {
    guard consumer == nil else { return }
    consumer = try KafkaConsumer(
      name: origin.name, settings: settings, topics: origin.service.topics.map(\.rawValue), loop: context.loop
    ) { [weak self] in self?.notice($0) }
  }

  /// Stops working and leaves the group, so that its partitions move on at once.
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
      "partition.assignment.strategy": "range", "enable.auto.commit": "false", "session.timeout.ms": "6000",
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
    consumer?.setPaused(false)
  }

  private func receive(_ message: KafkaMessage) {
    let partition = OffsetTracker.Partition(topic: message.topic, number: message.partition)
    tracker.begin(partition, message.offset)
    consumer?.setPaused(tracker.inProgress >= Self.mostInProgress)
    let (term, life) = (term, life)
    let finish = { [weak self] in
      guard let self, term == self.term else { return }
      self.finish(partition, message.offset)
    }
    guard let event = ReceivedEvent(message) else {
      context.log.write(origin.name, "skipped \(message.topic)/\(message.partition)@\(message.offset): not an event")
      return finish()
    }
    worker.handle(
      Job(
        event: event, origin: origin, context: context, publisher: publisher,
        isAlive: { [weak self] in self?.life == life }, completion: finish))
  }

  private func finish(_ partition: OffsetTracker.Partition, _ offset: Int64) {
    if let next = tracker.finish(partition, offset) {
      if uncommitted.isEmpty {
        context.loop.after(milliseconds: Self.commitInterval) { [weak self] in self?.commit() }
      }
      uncommitted[partition] = next
    }
    if tracker.inProgress < Self.mostInProgress / 2 { consumer?.setPaused(false) }
  }

  private func commit() {
    guard !uncommitted.isEmpty else { return }
    consumer?.commit(
      uncommitted.map { KafkaConsumer.Position(topic: $0.topic, partition: $0.number, offset: $1) })
    uncommitted = [:]
  }
}
