import Clients
import Core
import Synchronization
import Text

/// One instance of `sagatop aggregate`: reads its share of the topics as a member of a consumer group, and publishes the events of sagas
/// as state records. Offsets are committed only after the records with these events were acknowledged: if an instance is lost, another
/// reads the uncommitted messages again. Used by one thread.
package final class Aggregator {
  package struct Plan: Sendable {
    package var group: String
    package var topic: String
    /// Time between two publications. Each has at most one record per saga.
    package var interval: Duration
    /// Number of partitions with which a missing topic is created; `nil` does not create it.
    package var createdPartitions: Int32?
    /// How long the topic stores a saga after its last event.
    package var retention: Duration

    package init(
      group: String, topic: String, interval: Duration, createdPartitions: Int32? = nil, retention: Duration
    ) {
      self.group = group
      self.topic = topic
      self.interval = interval
      self.createdPartitions = createdPartitions
      self.retention = retention
    }
  }

  private static let requestTimeout = Duration.seconds(5)
  private static let waitForMessages = Duration.milliseconds(100)
  private static let lookInterval = Duration.seconds(10)
  /// Number of intervals between publications while the backlog is larger than what one interval reads: a saga is then published once for
  /// all events read meanwhile.
  private static let intervalsBehind = 4
  /// Number of checks for expired records per retention period.
  private static let expiryChecks = 20
  /// Limit of unpublished state in bytes; above it the instance ends and another takes over.
  private static let mostUnpublished = 512 << 20
  /// Unpublished state in bytes above which it is published early.
  private static let flushBytes = 64 << 20

  private let settings: KafkaSettings
  private let plan: Plan
  private let member: GroupMember
  private let producer: BatchProducer
  private let questions: GroupClient
  private let registryErrors: RegistryErrors
  private let registry: SchemaRegistry?
  private var intake: MessageIntake
  private var parts: SagaParts
  private var packer: StatePacker
  private var positions = ReadPositions()
  private var subscribed: [String] = []
  private var lookAt = Timestamp.distantPast
  private var flushAt: Timestamp
  private var publishedAt: Timestamp
  private var expireAt: Timestamp
  /// Total number of messages read up to the last check of the publication time.
  private var readBefore = 0
  private var failingSince: Timestamp?
  private var seekError: String?
  private var messages: [String] = []
  private var figures = (events: 0, records: 0, bytes: 0)
  private let now: @Sendable () -> Timestamp

  package init(
    _ settings: KafkaSettings, system: SystemDefinition, _ plan: Plan,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) throws(KafkaError) {
    var settings = settings
    // The text of messages is not part of the state.
    settings.bodyLimit = 0
    self.settings = settings
    self.plan = plan
    self.now = now
    let symbols = SymbolTable()
    let registryErrors = RegistryErrors()
    self.registryErrors = registryErrors
    member = try GroupMember(settings.access, group: plan.group)
    producer = try BatchProducer(settings.access, topic: plan.topic, timeout: .seconds(20))
    questions = try GroupClient(settings.access)
    registry = settings.schemas.registry.map { SchemaRegistry($0, sink: registryErrors) }
    intake = MessageIntake(
      Decoder(CompiledFields(system, symbols: symbols), symbols: symbols, bodyLimit: settings.bodyLimit),
      HeldMessages(settings.schemas, registry, most: settings.mostHeld))
    let writer = String(UInt64.random(in: .min ... .max), radix: 36)
    guard let parts = SagaParts(writer: writer, system, symbols: symbols), let packer = StatePacker(StateHeader(system))
    else { throw KafkaError(description: "no memory to pack state with") }
    self.parts = parts
    self.packer = packer
    publishedAt = now()
    flushAt = publishedAt + plan.interval
    expireAt = publishedAt + plan.retention
  }

  /// Checks that the topic exists, and creates it if configured. An error contains the remedy.
  package func prepare() throws(KafkaError) {
    registry?.start()
    switch questions.access(toTopic: plan.topic, timeout: Self.requestTimeout) {
    case .readable: return
    case .absent: try create()
    case .refused(let operation):
      throw KafkaError(
        description:
          "topic \(plan.topic): the broker refuses \(operation); it takes the ACLs Describe and Write on the topic")
    case .silent: throw KafkaError(description: "\(settings.brokers): no broker answered")
    case .failed(let reason): throw KafkaError(description: "\(settings.brokers): topic \(plan.topic): \(reason)")
    }
  }

  private func create() throws(KafkaError) {
    guard let partitions = plan.createdPartitions else {
      throw KafkaError(
        description:
          "there is no topic `\(plan.topic)`: add --create N, or run `kafka-topics.sh --create --bootstrap-server "
          + "\(settings.brokers) --topic \(plan.topic) --partitions 12 --config cleanup.policy=compact,delete "
          + "--config retention.ms=\(Int(plan.retention.milliseconds))`")
    }
    if let reason = producer.create(partitions: partitions, retention: plan.retention, timeout: .seconds(10)) {
      throw KafkaError(description: reason)
    }
    messages.append("topic \(plan.topic) was created with \(partitions) partitions")
  }

  /// Reads available messages, and publishes if it is time. Returns why it cannot continue; `nil` if it can.
  package func step() -> String? {
    if now() >= lookAt { look() }
    resume()
    if intake.isFull {
      Sleep.until(.now + .milliseconds(10)) { false }
    } else {
      receive()
    }
    take()
    if parts.unpublished > Self.flushBytes || now() >= flushAt && !isPostponed() { flush() }
    guard parts.unpublished > Self.mostUnpublished, let failingSince else { return nil }
    return "nothing could be published since \(failingSince.iso8601), and no more can be kept"
  }

  /// Publishes and commits everything that was read, and leaves the group.
  package func finish() {
    take()
    flush()
    registry?.stop()
    member.leave()
  }

  /// Messages for the operator since the last call.
  package func takeMessages() -> [String] {
    defer { messages.removeAll() }
    return messages
  }

  /// "1,204 messages of 12 partitions, 900 events of sagas; 300 records of 80 KB published".
  package var summary: String {
    let cut = parts.cut > 0 ? "; texts of \(parts.cut) events were too long for a record and left out" : ""
    return "\(Quantity.grouped(intake.messages)) messages of \(positions.count) partitions, "
      + "\(Quantity.grouped(figures.events)) events of sagas; \(Quantity.grouped(figures.records)) records of "
      + "\(Quantity.bytes(figures.bytes)) published\(cut)"
  }

  /// Subscribes to the topics that exist and match.
  private func look() {
    lookAt = now() + Self.lookInterval
    guard case .success(let metadata) = member.metadata(timeout: Self.requestTimeout) else {
      messages.append(member.takeError() ?? "\(settings.brokers): no broker answered; trying again")
      return
    }
    // A subscribed topic with an error keeps its partitions.
    let present = Set(metadata.topics.keys).union(subscribed.filter { metadata.troubled[$0] != nil })
    let wanted = present.filter { $0 != plan.topic && settings.wants(topic: $0) }.sorted()
    guard wanted != subscribed else { return }
    do throws(KafkaError) {
      try member.subscribe(wanted)
      subscribed = wanted
    } catch { messages.append(error.description) }
  }

  /// Decodes messages that were waiting for their schema.
  private func resume() {
    intake.resume()
    for (place, offset) in intake.takeDropped() {
      positions.rewind(topic: place.topic, partition: place.partition, to: offset)
    }
    let rewound = positions.rewound
    guard !rewound.isEmpty else { return }
    let (moved, error) = member.seek(rewound, timeout: Self.requestTimeout)
    positions.moved(moved)
    if let error, error != seekError {
      messages.append("\(error); trying again, nothing of them is committed meanwhile")
    }
    seekError = error
  }

  private func receive() {
    member.receive(timeout: intake.isAwaiting ? .milliseconds(10) : Self.waitForMessages, change: change) { received in
      guard case .message = received.kind else { return }
      intake.count(received)
      let topic = intake.symbol(received.topic)
      guard positions.advance(topic: topic, partition: received.partition, past: received.offset, at: received.time)
      else { return }
      intake.take(received, topic: topic, at: now())
    }
  }

  private func change(_ change: GroupMember.Change) {
    switch change {
    case .gained(let partitions):
      for id in partitions { positions.add(id, topic: intake.symbol(id.topic)) }
      messages.append("reads \(partitions.count) partitions")
    case .leaving(let partitions):
      take()
      flush()
      remove(partitions)
    case .lost(let partitions):
      messages.append("\(partitions.count) partitions were lost to the group; another instance reads them again")
      remove(partitions)
    }
  }

  private func remove(_ partitions: [TopicPartition]) {
    positions.remove(partitions)
    for id in partitions { intake.forget(topic: intake.symbol(id.topic), partition: id.partition) }
  }

  /// Adds the decoded events to the records of their sagas.
  private func take() {
    let instant = now()
    let hasNew = intake.flush { batch in
      for event in batch.events where event.link != nil {
        parts.add(event, readAt: batch.readAt, at: instant)
        figures.events += 1
      }
      batch.removeAll()
    }
    if hasNew { messages += registryErrors.take() }
  }

  /// Whether publishing is postponed: with a large backlog the next messages are mostly of the same sagas, and the state is not current
  /// anyway.
  private func isPostponed() -> Bool {
    let read = intake.messages - readBefore
    readBefore = intake.messages
    guard now() < publishedAt + plan.interval * Self.intervalsBehind else { return false }
    let ends = questions.offsets(of: positions.all.map(\.id), at: -1)
    let left = positions.all.reduce(0) { $0 + max(0, Int(clamping: (ends[$1.id] ?? 0) - max(0, $1.next))) }
    guard left > read else { return false }
    flushAt = now() + plan.interval
    return true
  }

  /// Publishes the changes and then the progress, and commits the offsets.
  private func flush() {
    let started = now()
    defer { (publishedAt, flushAt) = (started, now() + plan.interval) }
    if started >= expireAt {
      parts.expire(at: started, retention: plan.retention)
      expireAt = started + max(plan.interval, plan.retention / Self.expiryChecks)
    }
    positions.begin(at: member.committed(positions.unknown, timeout: Self.requestTimeout))
    let ends = questions.offsets(of: positions.all.map(\.id), at: -1)
    let records = parts.changes()
    if let reason = publish(records) ?? publish(progress(ends, at: started)) { return note(reason) }
    parts.published()
    failingSince = nil
    figures.records += records.count
    figures.bytes += records.reduce(0) { $0 + $1.key.count + ($1.value?.count ?? 0) }
    // Messages that wait for a schema are not in any record yet. Messages with an unusable schema are counted as not decoded.
    guard !intake.isWaiting else { return }
    do throws(KafkaError) {
      try member.commit(positions.uncommitted)
      positions.committed()
    } catch { messages.append("\(error); others will read it again") }
  }

  private func note(_ reason: String) {
    if failingSince == nil { messages.append("\(reason); trying again, nothing is committed meanwhile") }
    failingSince = failingSince ?? now()
  }

  private func publish(_ records: [StateRecord]) -> String? {
    producer.begin()
    for record in records { producer.add(key: record.key, value: record.value) }
    return producer.finish()
  }

  /// The progress of a partition that is read to its end is `started`, because the end offsets were requested after that time; of another
  /// partition it is the time of the last message read.
  private func progress(_ ends: [TopicPartition: Int64], at started: Timestamp) -> [StateRecord] {
    guard !intake.isWaiting else { return [] }
    let unread = positions.all.filter { $0.next < 0 }.map(\.id)
    let starts = unread.isEmpty ? [:] : questions.offsets(of: unread, at: -2)
    return positions.all.compactMap { position in
      let next = max(position.next, starts[position.id] ?? -1)
      guard let end = ends[position.id], let until = next >= end ? started : position.time else { return nil }
      let progress = StateProgress(
        topic: position.id.topic, partition: position.id.partition, next: next, until: until,
        interval: plan.interval)
      return StateRecord(
        key: Array("progress/\(position.id.topic)/\(position.id.partition)".utf8), value: packer.packed(progress.line))
    }
  }
}

/// Collects errors of the schema registry. Safe on any thread.
private final class RegistryErrors: ObservationSink {
  private let errors = Mutex([String]())

  func accept(_ status: SourceStatus) {
    guard let error = status.error.map({ "\(status.name): \($0)" }) else { return }
    errors.withLock { if $0.last != error { $0.append(error) } }
  }

  func take() -> [String] {
    errors.withLock { errors in
      defer { errors = [] }
      return errors
    }
  }

  func accept(_ batch: EventBatch) {}
  func accept(_ reading: LagSample) {}
  func accept(_ reading: LockSample) {}
  func accept(_ reading: ServiceSample) {}
  func accept(_ sample: TraceSample) {}
  func accept(_ sample: PodSample) {}
  func accept(_ actions: [ActionRecord]) {}
}
