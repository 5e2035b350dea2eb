import Core

/// Reads events from one cluster. Belongs to one thread, which calls `step` until it is to end.
final class KafkaReader {
  private static let discoveryInterval = Duration.seconds(3)
  private static let retryInterval = Duration.seconds(2)
  private static let requestTimeout = Duration.milliseconds(900)
  private static let offsetsTimeout = Duration.seconds(1)
  /// After this long a leader that did not answer is asked again. Nothing is read while it is asked.
  private static let silenceInterval = Duration.seconds(10)
  private static let waitForMessages = Duration.milliseconds(200)
  private static let reportInterval = Duration.seconds(1)

  private let settings: KafkaSettings
  private let client: KafkaClient
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let since: Timestamp?
  private var decoder: Decoder
  private var assignment: Assignment
  private var batch = EventBatch()
  private var headers: [RawMessage.Header] = []
  private var status: SourceStatus
  private var reported: SourceStatus?
  private var reportAt = Timestamp.distantPast
  private var discoverAt = Timestamp.distantPast
  /// Why the cluster cannot be reached, as the library told it last; it tells a reason that stays the same only now and then.
  private var outage: String?
  private var missing = MissingPartitions()
  private var silentUntil: [Int32: Timestamp] = [:]
  private var rewound: Set<String> = []

  init(
    _ settings: KafkaSettings, fields: CompiledFields, symbols: SymbolTable, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp
  ) throws(KafkaError) {
    self.settings = settings
    client = try KafkaClient(settings)
    self.sink = sink
    self.now = now
    since = settings.since.map { now() - $0 }
    decoder = Decoder(
      fields, symbols: symbols, bodyLimit: settings.bodyLimit, keepsOriginals: sink.wantsOriginals)
    assignment = Assignment(since: since)
    status = SourceStatus(name: KafkaSource.name)
  }

  /// Waits a little for messages, hands over what came, and looks after the rest.
  func step() {
    if now() >= discoverAt { discover() }
    receive(timeout: Self.waitForMessages)
    report()
  }

  private func receive(timeout: Duration) {
    var first: Timestamp?
    var mustAssign = false
    client.receive(timeout: timeout) { received in
      let receivedAt = first ?? now()
      first = receivedAt
      switch received.kind {
      case .message: mustAssign = self.take(received, at: receivedAt) || mustAssign
      case .endOfPartition:
        _ = assignment.reachedEnd(topic: decoder.symbol(received.topic), partition: received.partition)
      case .error(let text): outage = text
      }
    }
    if !batch.isEmpty {
      status.lastSuccess = first
      sink.accept(batch)
      batch.removeAll()
    }
    if mustAssign { assign() }
  }

  private func topicName(_ received: borrowing Received) -> String { Bytes.string(received.topic) }

  /// Returns whether the assignment has to be made again.
  private func take(_ received: borrowing Received, at receivedAt: Timestamp) -> Bool {
    status.messages += 1
    status.bytes += received.length
    let topic = decoder.symbol(received.topic)
    let verdict = assignment.received(
      topic: topic, partition: received.partition, offset: received.offset, time: received.time)
    guard verdict == .take else {
      if verdict == .rewind { rewound.insert(topicName(received)) }
      return verdict == .rewind
    }
    received.readHeaders(into: &headers)
    let message = RawMessage(
      origin: Origin(topic: topic, partition: received.partition, offset: received.offset), brokerTime: received.time,
      receivedAt: receivedAt, key: received.key, body: received.body, headers: headers)
    decoder.decode(message, topicName: received.topic, into: &batch)
    return false
  }

  /// Looks for topics and partitions to read, and finds out whether the cluster answers.
  private func discover() {
    let asked = now()
    switch client.metadata(timeout: Self.requestTimeout) {
    case .failure(let error):
      discoverAt = now() + Self.retryInterval
      status.phase = .down
      status.retryAt = discoverAt
      status.error = "\(reason(error)); trying again every \(Self.retryInterval.components.seconds) s"
    case .success(let metadata):
      let answered = now()
      discoverAt = answered + Self.discoveryInterval
      status.lastSuccess = answered
      status.latency = answered - asked
      follow(metadata)
      settle(metadata)
    }
  }

  /// The library hands its complaints over with the messages.
  private func reason(_ error: KafkaError) -> String {
    receive(timeout: .zero)
    outage = client.takeComplaint() ?? outage
    return outage ?? "\(settings.brokers): \(error)"
  }

  /// Assigns what is new and what has woken, drops what is gone and what may rest.
  private func follow(_ metadata: ClusterMetadata) {
    let wanted = wantedTopics(metadata)
    let dropped = assignment.keep { wanted[$0.topic] != nil } + assignment.rest()
    var byLeader: [Int32: [TopicPartition]] = [:]
    missing = MissingPartitions()
    for (topic, partitions) in wanted {
      for partition in partitions {
        let id = TopicPartition(topic: topic, partition: partition.id)
        if assignment.follows(id) { continue }
        if partition.leader < 0 {
          missing.add([id], leader: nil)
        } else {
          byLeader[partition.leader, default: []].append(id)
        }
      }
    }
    var added: [TopicPartition: Int64] = [:]
    for (leader, partitions) in byLeader {
      added.merge(locate(partitions, leader, metadata), uniquingKeysWith: { $1 })
    }
    client.follow(
      Dictionary(
        uniqueKeysWithValues: wanted.map { topic, partitions in
          (topic, partitions.filter { assignment.follows(TopicPartition(topic: topic, partition: $0.id)) })
        }))
    change(dropping: dropped, adding: added)
  }

  private func change(dropping dropped: [TopicPartition], adding added: [TopicPartition: Int64]) {
    do {
      try client.unassign(dropped)
      try client.assign(adding: added)
    } catch {
      assign()
    }
  }

  private func wantedTopics(_ metadata: ClusterMetadata) -> [String: [ClusterMetadata.Partition]] {
    metadata.topics.filter { name, _ in settings.wants(topic: name) }
  }

  /// Asks one leader where to begin, and whether anything came where we rest. One leader at a time: where one is dead, librdkafka loses the
  /// answers of the others too. Returns what is to be read from which offset on.
  private func locate(
    _ partitions: [TopicPartition], _ leader: Int32, _ metadata: ClusterMetadata
  ) -> [TopicPartition: Int64] {
    let host = metadata.brokers[leader] ?? "broker \(leader)"
    let isSilent = silentUntil[leader].map { now() < $0 } ?? false
    let ends = isSilent ? [:] : client.offsets(of: partitions, at: -1, timeout: Self.offsetsTimeout)
    if ends.isEmpty {
      if !isSilent { silentUntil[leader] = now() + Self.silenceInterval }
      missing.add(partitions, leader: host)
      return [:]
    }
    silentUntil[leader] = nil
    var added = begin(partitions.filter { !assignment.contains($0) }, ends, host)
    for (id, end) in ends where end >= 0 {
      if let offset = assignment.wake(id, end: end) { added[id] = offset }
    }
    return added
  }

  /// Finds out where partitions begin that are new to us.
  private func begin(
    _ partitions: [TopicPartition], _ ends: [TopicPartition: Int64], _ host: String
  ) -> [TopicPartition: Int64] {
    if partitions.isEmpty { return [:] }
    let starts = client.offsets(of: partitions, at: -2, timeout: Self.offsetsTimeout)
    let found = since.map { client.offsets(of: partitions, at: $0.milliseconds, timeout: Self.offsetsTimeout) }
    var added: [TopicPartition: Int64] = [:]
    for id in partitions {
      guard let end = ends[id], let start = starts[id], end >= 0, start >= 0 else {
        missing.add([id], leader: host)
        continue
      }
      let bounds = Assignment.Bounds(start: start, end: end, since: found.flatMap { $0[id] })
      added[id] = assignment.add(id, topic: decoder.symbol(id.topic), bounds: bounds)
    }
    return added
  }

  private func assign() {
    do { try client.assign(assignment.offsets) } catch { outage = error.description }
  }

  private func settle(_ metadata: ClusterMetadata) {
    _ = client.takeComplaint()
    outage = nil
    status.brokers = metadata.brokers.count
    status.topics = Set(assignment.partitions.map(\.id.topic)).count
    status.partitions = assignment.partitions.count
    status.retryAt = nil
    status.error = missing.text.map { "\($0); trying again" }
    let absent = settings.topics.compactMap(\.exactName).filter { metadata.topics[$0] == nil }
    status.notes = absent.map { "topic \($0) does not exist yet" }
    if !rewound.isEmpty {
      status.notes.append(
        "the broker finds no offsets by time: read from the beginning: \(rewound.sorted().joined(separator: ", "))")
    }
    let future = decoder.counts.futureTimes
    if future > 0 {
      status.notes.append(
        "\(future) event\(future == 1 ? "" : "s") with a time in the future: the broker's time counts")
    }
  }

  /// Tells the sink when something has changed, and regularly how far the reading is.
  private func report() {
    if !status.isComplete, status.lastSuccess != nil, status.partitions != nil {
      status.isComplete = assignment.isComplete
    }
    if status.phase != .down || status.retryAt == nil {
      status.phase =
        status.lastSuccess == nil ? .connecting : !missing.isEmpty ? .degraded : status.isComplete ? .up : .catchingUp
    }
    status.progress = assignment.progress
    let hasTurned = reported?.phase != status.phase || reported?.isComplete != status.isComplete
    let hasNews = reported?.error != status.error || reported?.notes != status.notes
    let instant = now()
    guard hasTurned || hasNews || (instant >= reportAt && reported != status) else { return }
    reportAt = instant + Self.reportInterval
    reported = status
    sink.accept(status)
  }
}
