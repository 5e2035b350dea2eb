import Clients
import Core

/// Reads events from one cluster. Used by one thread, which calls `step` repeatedly.
final class KafkaReader {
  private static let requestTimeout = Duration.milliseconds(900)
  private static let longestTimeout = Duration.seconds(5)
  private static let waitForMessages = Duration.milliseconds(200)
  private static let waitForSchemas = Duration.milliseconds(10)
  private static let reportInterval = Duration.seconds(1)
  /// A longer time between two steps means that this process was suspended or overloaded.
  private static let suspension = Duration.seconds(6)
  /// Twice the duration of a round of requests and the pause after it.
  private static let patience = Duration.seconds(20)

  private let settings: KafkaSettings
  private let client: KafkaClient
  /// A separate connection for requests: a broker handles the requests of one connection in order, and pending fetches would delay them.
  private let questions: GroupClient
  /// Folds decoded batches while the next one is decoded.
  private let sink: FoldingSink
  private let historySink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let fields: CompiledFields
  private let symbols: SymbolTable
  private let registry: SchemaRegistry?
  private var session: SessionReading
  /// New partitions are read from this time; `nil` reads all.
  private var since: Timestamp?
  private var intake: MessageIntake
  private var history: HistoryReader?
  private var assignment: Assignment
  private var status: SourceStatus
  private var reported: SourceStatus?
  private var (reportAt, lookedAt) = (Timestamp.distantPast, Timestamp.distantPast)
  private var discovery = DiscoveryPace()
  private var catchUp = FirstCatchUp()
  /// The last connection error of the library, which repeats an unchanged error only rarely.
  private var outage: String?
  private var (missing, gone) = (MissingPartitions(), GonePartitions())
  private var (unreadable, silent) = (UnreadablePartitions(), SilentLeaders())
  private var rewound: Set<String> = []
  private var wanted: [String: [ClusterMetadata.Partition]] = [:]
  /// Configured topics that do not exist.
  private var absent: [String] = []
  private var steppedAt: Timestamp?
  /// The end offsets of all partitions, also the followed ones, must be requested once.
  private var mustAskAllEnds = false
  /// Number of consecutive metadata requests without a response.
  private var unanswered = 0

  init(
    _ settings: KafkaSettings, fields: CompiledFields, symbols: SymbolTable, registry: SchemaRegistry? = nil,
    session: Session? = nil, sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp
  ) throws(KafkaError) {
    self.session = SessionReading(session)
    self.settings = settings
    client = try KafkaClient(settings.access, isCalm: true)
    questions = try GroupClient(settings.access)
    self.sink = FoldingSink(sink)
    historySink = sink
    self.now = now
    self.fields = fields
    self.registry = registry
    self.symbols = symbols
    since = settings.since.duration.map { now() - $0 }
    intake = MessageIntake(
      Decoder(fields, symbols: symbols, bodyLimit: settings.bodyLimit, keepsOriginals: sink.wantsOriginals),
      HeldMessages(settings.schemas, registry, most: settings.mostHeld))
    assignment = Assignment(since: since)
    status = SourceStatus(.kafka)
    status.patience = Self.patience
  }

  /// Waits briefly for messages, passes them to the sink, and does all other pending work.
  func step() {
    noteSuspension()
    if discovery.isDue(at: now()) { discover() }
    resume()
    if assignment.mustAssign { assign() }
    receive(timeout: intake.isAwaiting ? Self.waitForSchemas : Self.waitForMessages)
    if assignment.isAnyWaiting { exchange() }
    if catchUp.isDone, history == nil { readHistory() }
    report()
  }

  /// Decodes messages that were waiting for their schema.
  private func resume() {
    intake.resume()
    let places = intake.takeDropped()
    guard !places.isEmpty else { return }
    catchUpAgain()
    for (place, offset) in places { assignment.readAgain(topic: place.topic, partition: place.partition, from: offset) }
    assign()
  }

  /// Folds all events that were read. `step` must not be called afterwards.
  func end() {
    stopHistory(isByOperator: false)
    sink.end()
  }

  /// Stops reading older events. With `isByOperator`, the part that was read counts as the complete window.
  func stopHistory(isByOperator: Bool) {
    history?.stop(patience: .milliseconds(500))
    if isByOperator, !status.hasWholeWindow { status.window?.isStopped = true }
  }

  private func noteSuspension() {
    let instant = now()
    if let steppedAt, instant - steppedAt > Self.suspension { catchUpAgain() }
    steppedAt = instant
  }

  /// After an interruption the known state is outdated until everything is read up to the current end.
  private func catchUpAgain() {
    guard catchUp.isDone else { return }
    catchUp = FirstCatchUp()
    mustAskAllEnds = true
    discovery.lookAtOnce()
  }

  private func receive(timeout: Duration) {
    var (first, mustAssign) = (Timestamp?.none, false)
    if intake.isFull { return pause() }
    client.receive(timeout: timeout) { received in
      let receivedAt = first ?? now()
      first = receivedAt
      switch received.kind {
      case .message: mustAssign = self.take(received, at: receivedAt) || mustAssign
      case .endOfPartition:
        assignment.reachedEnd(
          topic: intake.symbol(received.topic), partition: received.partition, offset: received.offset)
      case .error(let text): outage = text
      }
      // A second request at once would not show whether an absent partition is listed again.
      if unreadable.note(received), !gone.isAnyAbsent { discovery.lookAtOnce() }
    }
    if intake.flush(to: sink), let first { status.lastSuccess = first }
    if mustAssign { assign() }
  }

  /// Waits for schemas while the buffer of waiting messages is full.
  private func pause() {
    intake.flush(to: sink)
    Sleep.until(.now + Self.waitForSchemas) { false }
  }

  /// Returns whether the assignment must be set again.
  private func take(_ received: borrowing Received, at receivedAt: Timestamp) -> Bool {
    intake.count(received)
    let topic = intake.symbol(received.topic)
    let verdict = assignment.received(
      topic: topic, partition: received.partition, offset: received.offset, time: received.time)
    guard verdict == .take else {
      if verdict == .rewind { rewound.insert(Bytes.string(received.topic)) }
      return verdict == .rewind
    }
    intake.take(received, topic: topic, at: receivedAt)
    return false
  }

  /// Looks for new topics and partitions, and checks whether the cluster responds.
  private func discover() {
    let asked = now()
    assignment.beginRound(isPaused: intake.isFull)
    switch questions.metadata(timeout: timeout) {
    case .failure(let error):
      discovery.failed(at: now())
      noteSilence(reason(error))
      exchange()
    case .success(let metadata):
      let answered = now()
      if unanswered > 0 { catchUpAgain() }
      unanswered = 0
      if status.partitions == nil { choose(metadata) }
      status.lastSuccess = answered
      status.latency = answered - asked
      let hasNews = follow(metadata)
      // Partitions found later are read at once for the whole requested period.
      since = status.window?.wantedSince
      settle(metadata)
      readUnreadable()
      lookedAt = asked
      discovery.finished(asked, at: now(), hasNews: hasNews)
    }
  }

  /// Chooses the start time. If there are too many messages, the newest are read first.
  private func choose(_ metadata: ClusterMetadata) {
    if let window = session.begin(questions, sink) {
      (since, status.window) = (window?.wantedSince, window)
      assignment = Assignment(since: since)
      return
    }
    let topics = metadata.topics.filter { settings.wants(topic: $0.key) }
    let window = ReadWindow(settings, of: topics, since: since, now: now()) { [questions] in
      questions.offsets(of: $0, at: $1)
    }
    (since, status.window) = (window.readSince, window)
    assignment = Assignment(since: since)
  }

  /// Starts reading older messages.
  private func readHistory() {
    guard let window = status.window, !window.isWhole else { return }
    let ends = assignment.partitions.map { ($0.id, $0.present) }
    history = HistoryReader(
      settings, fields: fields, symbols: symbols, sink: historySink, registry: registry,
      ends: Dictionary(ends, uniquingKeysWith: { first, _ in first }), window: window, now: now)
    history?.start()
  }

  /// A metadata response with many topics takes longer.
  private var timeout: Duration {
    min(Self.requestTimeout + .microseconds(500) * assignment.partitions.count, Self.longestTimeout)
  }

  /// A single metadata timeout does not mark a healthy cluster as down, unless an error was reported.
  private func noteSilence(_ reason: String) {
    unanswered += 1
    if unanswered > 1 || outage != nil || status.partitions == nil {
      status.phase = .down
      status.missing = []
    }
    status.retryAt = discovery.next
    status.error = "\(reason); trying again every \(DiscoveryPace.retryInterval.components.seconds) s"
  }

  /// The library delivers its errors together with the messages.
  private func reason(_ error: KafkaError) -> String {
    receive(timeout: .zero)
    outage = questions.takeError() ?? client.takeError() ?? outage
    return outage ?? "\(settings.brokers): \(error)"
  }

  /// Adds new partitions, wakes resting ones and removes deleted ones. Returns whether any partition was added after the start.
  private func follow(_ metadata: ClusterMetadata) -> Bool {
    let known = (count: assignment.partitions.count, topics: wanted)
    wanted = metadata.topics.filter { name, _ in settings.wants(topic: name) }
    let dropped = removeGone(metadata)
    var byLeader: [Int32: [TopicPartition]] = [:]
    missing = MissingPartitions(troubled: metadata.troubled.filter { settings.wants(topic: $0.key) })
    for (topic, partitions) in wanted {
      for partition in partitions {
        let id = TopicPartition(topic: topic, partition: partition.id)
        if assignment.attends(id), !mustAskAllEnds { continue }
        if partition.leader < 0 {
          missing.add([id], leader: nil)
        } else {
          byLeader[partition.leader, default: []].append(id)
        }
      }
    }
    for (leader, partitions) in byLeader { locate(partitions, leader, metadata) }
    mustAskAllEnds = mustAskAllEnds && !missing.isEmpty
    // The reading client must know the leaders of new partitions.
    if wanted != known.topics { _ = client.metadata(timeout: timeout) }
    exchange(dropping: dropped)
    return known.count > 0 && assignment.partitions.count > known.count
  }

  /// Removes deleted partitions. Returns those that were followed.
  private func removeGone(_ metadata: ClusterMetadata) -> [TopicPartition] {
    gone.note(assignment.partitions.lazy.map(\.id), metadata)
    for partition in assignment.partitions where gone.all.contains(partition.id) {
      intake.forget(topic: partition.topic, partition: partition.id.partition)
    }
    return assignment.keep { !gone.all.contains($0) }
  }

  /// Unassigns partitions that may rest and assigns those whose turn it is.
  private func exchange(dropping dropped: [TopicPartition] = []) {
    let resting = assignment.rest(isUnreadable: unreadable.contains)
    let added = assignment.turn()
    guard !(dropped.isEmpty && resting.isEmpty && added.isEmpty) else { return }
    change(dropping: dropped + resting, adding: added)
  }

  /// Reads unreadable partitions anew that have no unread messages: the library reports the end of a partition only once, so that nothing
  /// else would show that they can be read again.
  private func readUnreadable() {
    let ids = unreadable.ids.filter(assignment.isIdle)
    if ids.isEmpty { return }
    let offsets = assignment.offsets
    change(dropping: ids, adding: offsets.filter { ids.contains($0.key) })
  }

  private func change(dropping dropped: [TopicPartition], adding added: [TopicPartition: Int64]) {
    do {
      try client.unassign(dropped)
      try client.assign(adding: added)
    } catch {
      assign()
    }
  }

  /// Requests the offsets of partitions of one leader, to find start offsets and new messages of resting partitions. Leaders are asked one
  /// at a time: if one is dead, librdkafka loses the responses of the others too.
  private func locate(_ partitions: [TopicPartition], _ leader: Int32, _ metadata: ClusterMetadata) {
    let host = metadata.brokers[leader] ?? "broker \(leader)"
    let isSilent = silent.contains(leader, at: now())
    let ends = isSilent ? [:] : questions.offsets(of: partitions, at: -1)
    if ends.isEmpty {
      if !isSilent { silent.add(leader, at: now()) }
      if let complaint = questions.takeError() ?? client.takeError() {
        silent.reasons[leader] = BrokerAddress.sentence(
          for: host, complaint, brokers: metadata.brokers, bootstrap: settings.brokers)
      }
      missing.add(partitions, leader: host, reason: silent.reasons[leader])
      return
    }
    silent.remove(leader)
    for (id, end) in ends where end >= 0 { assignment.wake(id, end: end) }
    begin(partitions.filter { !assignment.contains($0) }, ends, host)
  }

  /// Determines the start offsets of new partitions. No request is needed for partitions that were never written to.
  private func begin(_ partitions: [TopicPartition], _ ends: [TopicPartition: Int64], _ host: String) {
    let written = partitions.filter { ends[$0].map { $0 > 0 } ?? false }
    let starts = written.isEmpty ? [:] : questions.offsets(of: written, at: -2)
    let found =
      written.isEmpty
      ? nil : since.map { questions.offsets(of: written, at: $0.milliseconds) }
    for id in partitions {
      guard let end = ends[id], let start = end == 0 ? 0 : starts[id], end >= 0, start >= 0 else {
        missing.add([id], leader: host)
        continue
      }
      var bounds = Assignment.Bounds(start: start, end: end, since: found.flatMap { $0[id] })
      if let next = session.take(id), next >= start, next <= end { bounds = Assignment.Bounds(start: next, end: end) }
      assignment.add(id, topic: intake.symbol(id.topic), bounds: bounds)
    }
  }

  private func assign() {
    do throws(KafkaError) {
      try assignment.assignAnew { offsets throws(KafkaError) in try client.assign(offsets) }
    } catch { outage = error.description }
  }

  private func settle(_ metadata: ClusterMetadata) {
    _ = (client.takeError(), questions.takeError())
    outage = nil
    status.brokers = metadata.brokers.count
    status.topics = Set(assignment.partitions.map(\.id.topic)).count
    status.partitions = assignment.partitions.count
    status.retryAt = nil
    unreadable.keep(assignment.follows)
    status.error = unreadable.text(after: missing.text)
    status.missing = missing.list
    absent = settings.topics.compactMap(\.exactName).filter(metadata.isAbsent)
    takeNotes()
  }

  private func takeNotes() {
    status.notes = absent.map { "topic \($0) does not exist yet" }
    if !rewound.isEmpty {
      status.notes.append(
        "the broker finds no offsets by time: read from the beginning: \(rewound.sorted().joined(separator: ", "))")
    }
    status.notes += questions.certificateNotes(at: now()) + session.notes + intake.notes + assignment.notes
    status.notes += history?.state.notes.filter { !status.notes.contains($0) } ?? []
    if let error = history?.state.error { status.notes.append("older events: \(error)") }
  }

  private func note(_ past: HistoryReader.State?) {
    status.messages = intake.messages + (past?.messages ?? 0)
    status.bytes = intake.bytes + (past?.bytes ?? 0)
    guard let past, let window = status.window, !window.isStopped else { return }
    status.window = past.window
  }

  /// Sends the status to the sink after important changes, and regularly for the progress.
  private func report() {
    if !catchUp.isDone, status.lastSuccess != nil, status.partitions != nil, unanswered == 0 {
      let verdict = catchUp.judge(assignment, lookedAt: lookedAt, now: now())
      catchUp.isDone = verdict == .isWhole && !intake.isAwaiting
      if verdict == .lookAgain { discovery.lookAtOnce() }
    }
    let past = history?.state
    let isComplete = catchUp.isDone && !intake.isOut && !(past?.isOut ?? false)
    if status.isComplete != isComplete { takeNotes() }
    status.isComplete = isComplete
    if status.phase != .down || status.retryAt == nil {
      status.phase =
        status.lastSuccess == nil
        ? .connecting : status.error != nil || unanswered > 0 ? .degraded : status.isComplete ? .up : .catchingUp
    }
    status.progress = assignment.progress
    note(past)
    if !intake.isHolding, !intake.hasDropped { session.note(assignment, status, isDue: now() >= reportAt) }
    if status.isComplete, settings.mayFindTopics, !assignment.isAnyBehind { status.readUntil = lookedAt }
    let instant = now()
    guard status.isNews(after: reported) || (instant >= reportAt && reported != status) else { return }
    reportAt = instant + Self.reportInterval
    reported = status
    sink.accept(status)
  }
}
