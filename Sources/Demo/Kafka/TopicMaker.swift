import CKafka

/// Creates topics while a system runs, without letting anybody wait. Not thread-safe: the event loop's thread owns it.
final class TopicMaker {
  /// Milliseconds in which a broker tells where a topic lies, and before it is asked again for one that it refused.
  private static let timeout: Int32 = 1000
  private static let retryDelay = 500
  private static let mostAtOnce = 100

  private let handle: KafkaHandle
  private let mockCluster: KafkaMockCluster?
  private let partitions: Int
  private let loop: EventLoop
  private let log: Log
  private let queue: KafkaQueue
  private var known: Set<String> = []
  private var waiting: [String: [() -> Void]] = [:]
  private var wanted: [String] = []
  private var asked: [String] = []

  init(on broker: Broker, partitions: Int, loop: EventLoop, log: Log) throws(KafkaFailure) {
    handle = broker.producer
    mockCluster = broker.mockCluster
    self.partitions = partitions
    self.loop = loop
    self.log = log
    guard let queue = rd_kafka_queue_new(handle.client) else { throw KafkaFailure("creating topics", "out of memory") }
    self.queue = try KafkaQueue(taking: queue)
    loop.watch(self.queue.descriptor) { [weak self] in self?.serve() }
  }

  /// Calls `action` when the topic is there: at once, or once it was created. Actions on one topic keep their order.
  func withTopic(_ topic: String, _ action: @escaping () -> Void) {
    if known.contains(topic) { return action() }
    waiting[topic, default: []].append(action)
    guard waiting[topic]?.count == 1 else { return }
    wanted.append(topic)
    // What else is wanted in this turn goes with it.
    if wanted.count == 1 { loop.after(milliseconds: 0) { [weak self] in self?.create() } }
  }

  private func create() {
    guard asked.isEmpty, !wanted.isEmpty else { return }
    asked = Array(wanted.prefix(Self.mostAtOnce))
    wanted.removeFirst(asked.count)
    guard let mockCluster else {
      return KafkaTopics.request(asked, partitions: partitions, on: handle, answer: queue)
    }
    settle(
      Dictionary(
        uniqueKeysWithValues: asked.map { topic in
          (
            topic,
            Result(catching: { () throws(KafkaFailure) in try mockCluster.create(topic, partitions: partitions) })
          )
        }))
  }

  private func serve() {
    queue.drain { event in
      guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATETOPICS_RESULT else { return }
      let error = rd_kafka_event_error(event)
      let refusal = KafkaFailure("creating topics", code: error.rawValue)
      settle(
        error == RD_KAFKA_RESP_ERR_NO_ERROR
          ? KafkaTopics.outcomes(event)
          : Dictionary(uniqueKeysWithValues: asked.map { ($0, .failure(refusal)) }))
    }
  }

  private func settle(_ outcomes: [String: Result<Void, KafkaFailure>]) {
    let topics = asked
    asked = []
    for topic in topics {
      if case .failure(let failure)? = outcomes[topic] {
        log.write("topics", "\(failure); trying again in \(Self.retryDelay) ms")
        loop.after(milliseconds: Self.retryDelay) { [weak self] in self?.want(topic) }
      } else {
        ready(topic)
      }
    }
    create()
  }

  private func want(_ topic: String) {
    wanted.append(topic)
    create()
  }

  private func ready(_ topic: String) {
    KafkaTopics.locate(topic, on: handle, timeout: Self.timeout)
    known.insert(topic)
    for action in waiting.removeValue(forKey: topic) ?? [] { action() }
  }
}
