import Clients
import Core

/// Examines a cluster with the settings of the event source, and returns reasons for errors that the source only retries. Reads topics
/// from their end; commits nothing. Blocks the calling thread.
package struct KafkaExaminer: ~Copyable {
  private static let mostTopics = 1000
  private static let question = Duration.seconds(1)
  /// librdkafka's offset for "one message before the end".
  private static let lastMessage: Int64 = -2001

  private let settings: KafkaSettings
  private let client: KafkaClient
  private let now: () -> Timestamp

  package init(_ settings: KafkaSettings, now: @escaping () -> Timestamp = SteadyClock.now) throws(KafkaError) {
    self.settings = settings
    self.now = now
    client = try KafkaClient(settings.access)
  }

  /// Connects within `timeout`, then receives for at most `patience`. Ends earlier if every partition has responded and the clock offset
  /// is known.
  package func examine(timeout: Duration, patience: Duration = .seconds(3)) throws(KafkaError) -> KafkaExamination {
    let (metadata, latency) = try metadata(until: now() + timeout)
    let wanted = metadata.topics.filter { settings.wants(topic: $0.key) }.sorted { $0.key < $1.key }
    var listening = TailProbe(wanted.prefix(Self.mostTopics).map { ($0.key, $0.value.map(\.id)) })
    try client.assign(listening.ends)
    let end = now() + patience
    while now() < end, !listening.isDone {
      client.receive(timeout: .milliseconds(50)) { listening.take($0, at: now()) }
    }
    var topics = listening.topics
    for name in settings.topics.compactMap(\.exactName) where metadata.topics[name] == nil {
      topics.append(.init(name: name, access: client.access(toTopic: name, timeout: Self.question)))
    }
    return KafkaExamination(
      brokers: metadata.brokers.values.sorted(), latency: latency, topics: topics.sorted { $0.name < $1.name },
      clockOffset: listening.clockOffset)
  }

  private func metadata(until end: Timestamp) throws(KafkaError) -> (ClusterMetadata, Duration) {
    var complaint: String?
    while true {
      let asked = now()
      switch client.metadata(timeout: Self.question) {
      case .success(let metadata): return (metadata, now() - asked)
      case .failure(let error):
        client.receive(timeout: .milliseconds(50)) { received in
          if case .error(let text) = received.kind { complaint = text }
        }
        complaint = client.takeError() ?? complaint
        if now() >= end { throw KafkaError(description: complaint ?? "\(settings.brokers): \(error)") }
      }
    }
  }

  /// Explains how the latest message of a topic is decoded; `nil` if there is none. Blocks for at most `timeout`.
  package func explain(
    topic: String, system: SystemDefinition, registry: SchemaRegistry? = nil, timeout: Duration
  ) throws(KafkaError) -> MessageExplanation? {
    let end = now() + timeout
    guard let partitions = try metadata(until: end).0.topics[topic] else {
      throw KafkaError(description: "topic \(topic) does not exist, or its metadata is not permitted")
    }
    let ids = partitions.map { TopicPartition(topic: topic, partition: $0.id) }
    try client.assign(Dictionary(uniqueKeysWithValues: ids.map { ($0, Self.lastMessage) }))
    let symbols = SymbolTable()
    var decoder = Decoder(CompiledFields(system, symbols: symbols), symbols: symbols)
    var opener = MessageOpener(settings.schemas, registry)
    var waiting = Set(ids)
    var latest: (time: Timestamp, explanation: MessageExplanation)?
    var refusal: String?
    while !waiting.isEmpty, now() < end {
      client.receive(timeout: .milliseconds(50)) { received in
        switch received.kind {
        case .endOfPartition: waiting.remove(TopicPartition(topic: topic, partition: received.partition))
        case .error(let text):
          refusal = text
          waiting.remove(TopicPartition(topic: topic, partition: received.partition))
        case .message:
          let time = received.time ?? .distantPast
          guard latest.map({ $0.time <= time }) ?? true else { return }
          latest = (time, explanation(of: received, system, symbols, &decoder, &opener, until: end))
        }
      }
    }
    if latest == nil, let refusal { throw KafkaError(description: "topic \(topic): \(refusal)") }
    return latest?.explanation
  }

  private func explanation(
    of received: borrowing Received, _ system: SystemDefinition, _ symbols: SymbolTable, _ decoder: inout Decoder,
    _ opener: inout MessageOpener, until end: Timestamp
  ) -> MessageExplanation {
    var headers: [ConsumedMessage.Header] = []
    received.readHeaders(into: &headers)
    let message = ConsumedMessage(
      origin: Origin(
        topic: decoder.symbol(received.topic), partition: received.partition, offset: received.offset),
      brokerTime: received.time, receivedAt: now(), key: received.key, body: received.body, headers: headers)
    var opened = opener.open(message, topicName: received.topic)
    while case .waits = opened, now() < end {
      Sleep.until(.now + .milliseconds(20)) { false }
      opened = opener.open(message, topicName: received.topic)
    }
    if case .ready(let opened) = opened {
      return decoder.explain(opened, topicName: received.topic, system: system, symbols: symbols)
    }
    var explanation = decoder.explain(message, topicName: received.topic, system: system, symbols: symbols)
    explanation.bodyProblem = opened.problem
    return explanation
  }
}
