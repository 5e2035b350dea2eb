import Clients
import Core
import Synchronization
import Text

/// Reads messages older than those of the main reader, backwards in slices, with a separate thread and connection, and ends when the
/// requested window is read. Safe on any thread.
final class HistoryReader: Sendable {
  struct State {
    var window: ReadWindow
    var messages = 0
    var bytes = 0
    var notes: [String] = []
    /// Messages wait for a schema registry that does not respond.
    var isOut = false
    /// Why reading is interrupted or has ended; `nil` if there is no error.
    var error: String?
  }

  private static let retryInterval = Duration.seconds(2)
  private static let waitForMessages = Duration.milliseconds(200)
  /// Time without a response after which metadata is requested and the rest of the slice is assigned again. The time doubles after each
  /// attempt: over a slow link one response takes long, and a new assignment discards partly received data.
  private static let silence = Duration.seconds(5)
  private static let longestSilence = Duration.seconds(160)
  private static let requestTimeout = Duration.seconds(2)
  /// Maximum number of partitions read at a time, as `Assignment.mostBehind`.
  private static let mostPartitions = 200

  private let settings: KafkaSettings
  private let fields: CompiledFields
  private let symbols: SymbolTable
  private let sink: FoldingSink
  private let registry: SchemaRegistry?
  private let now: @Sendable () -> Timestamp
  private let ends: [TopicPartition: Int64]
  private let shared: Mutex<State>
  private let unreadable = Mutex(UnreadablePartitions())
  private let gone = Mutex(GonePartitions())
  /// The partitions without a leader or with an error, as of the last metadata response.
  private let missing = Mutex(MissingPartitions())
  private let isStopping = Atomic(false)
  private let thread = WorkerThread()

  /// `ends`: the offsets from which everything since `window.readSince` has been read.
  init(
    _ settings: KafkaSettings, fields: CompiledFields, symbols: SymbolTable, sink: any ObservationSink,
    registry: SchemaRegistry?, ends: [TopicPartition: Int64], window: ReadWindow,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.settings = settings
    self.fields = fields
    self.symbols = symbols
    self.sink = FoldingSink(sink)
    self.registry = registry
    self.ends = ends
    self.now = now
    shared = Mutex(State(window: window))
  }

  var state: State { shared.withLock { $0 } }

  func start() {
    if !thread.start({ [self] in run() }) {
      shared.withLock { $0.error = "the system gives no thread to read older events with" }
    }
  }

  func stop(patience: Duration) {
    isStopping.store(true, ordering: .relaxed)
    thread.join(patience: patience)
  }

  private var isStopped: Bool { isStopping.load(ordering: .relaxed) }

  private func run() {
    defer { sink.end() }
    do throws(KafkaError) {
      let client = try KafkaClient(settings.access)
      let questions = try GroupClient(settings.access)
      guard var plan = plan(questions) else { return }
      var intake = MessageIntake(
        Decoder(fields, symbols: symbols, bodyLimit: settings.bodyLimit, keepsOriginals: sink.wantsOriginals),
        HeldMessages(settings.schemas, registry, keepsAll: true, most: settings.mostHeld))
      let began = now()
      while !isStopped, !plan.isDone {
        let offsets = leaders(questions)
        plan.drop(gone.withLock { $0.all })
        if plan.isDone { break }
        guard let offsets, let slice = plan.next({ offsets.at($0.milliseconds) }) else {
          failToPlan()
          continue
        }
        let left = plan.left
        let isRead = try read(slice, client, questions, &intake) { intake, done in
          self.report(plan, intake, left: left.saturating(minus: done), began: began)
        }
        guard isRead else { return }
        settle(&intake) { $0.isAwaiting }
        intake.endSlice(to: sink)
        plan.finish(slice)
        report(plan, intake, left: plan.left, began: began)
      }
      // The plan may have been empty.
      if plan.isDone { report(plan, intake, left: 0, began: began) }
      settle(&intake, isPast: false) { $0.isHolding }
    } catch {
      shared.withLock { $0.error = error.description }
    }
  }

  /// Decodes messages that wait for their schema while the condition is true. Blocks.
  private func settle(_ intake: inout MessageIntake, isPast: Bool = true, while isSo: (borrowing MessageIntake) -> Bool)
  {
    while !isStopped, isSo(intake) {
      let pause = intake.isAwaiting ? Duration.milliseconds(20) : .milliseconds(200)
      Sleep.until(.now + pause) { isStopped }
      intake.resume()
      intake.flush(to: sink, isPast: isPast)
      let isOut = intake.isOut
      guard shared.withLock({ $0.isOut != isOut }) else { continue }
      let notes = intake.notes
      shared.withLock { ($0.isOut, $0.notes) = (isOut, notes) }
    }
  }

  /// Blocks until the start of the log is known for every existing partition; `nil` if stopped before.
  private func plan(_ questions: GroupClient) -> HistoryPlan? {
    let window = state.window
    while !isStopped {
      if let offsets = leaders(questions)?.only({ self.ends[$0] != nil }) {
        let starts = offsets.at(-2)
        let wanted = window.wantedSince.map { offsets.at($0.milliseconds) }
        let known = ends.filter { starts[$0.key] != nil && wanted?[$0.key] != .some(nil) }
        let gone = gone.withLock { $0.all }
        if ends.allSatisfy({ known[$0.key] != nil || gone.contains($0.key) }) {
          let spans = known.map { id, high in
            let since = wanted?[id] ?? 0
            return (id, HistoryPlan.Span(low: since < 0 ? high : max(starts[id] ?? high, since), high: high))
          }
          return HistoryPlan(
            Dictionary(uniqueKeysWithValues: spans), readSince: window.readSince ?? now(),
            wantedSince: window.wantedSince, slice: settings.slice)
        }
      }
      failToPlan()
    }
    return nil
  }

  private func leaders(_ questions: GroupClient) -> LeaderOffsets? {
    guard case .success(let metadata) = questions.metadata(timeout: Self.requestTimeout) else {
      missing.withLock { $0 = MissingPartitions() }
      return nil
    }
    gone.withLock { $0.note(ends.keys, metadata) }
    missing.withLock { $0 = MissingPartitions(of: Set(ends.keys), in: metadata) }
    return LeaderOffsets(metadata.topics.filter { settings.wants(topic: $0.key) }) { questions.offsets(of: $0, at: $1) }
  }

  private func failToPlan() {
    let reason = missing.withLock { $0.text.map { ": \($0)" } ?? "" }
    fail("\(settings.brokers) does not tell where older events lie\(reason)")
  }

  private func fail(_ error: String) {
    shared.withLock { $0.error = "\(error); trying again every \(Self.retryInterval.components.seconds) s" }
    Sleep.until(.now + Self.retryInterval) { isStopped }
  }

  private func report(_ plan: HistoryPlan, _ intake: borrowing MessageIntake, left: Int64, began: Timestamp) {
    let done = max(0, plan.total.saturating(minus: left))
    let elapsed = now() - began
    let (messages, bytes, notes, isOut) = (intake.messages, intake.bytes, intake.notes, intake.isOut)
    let problem = unreadable.withLock { $0.text(after: nil) }
    shared.withLock { state in
      state.error = problem
      (state.messages, state.bytes, state.notes, state.isOut) = (messages, bytes, notes, isOut)
      state.window.readSince = plan.isDone ? plan.wantedSince : plan.readSince
      state.window.progress = plan.total == 0 ? 1 : Double(done) / Double(plan.total)
      state.window.remaining =
        done == 0 || elapsed < .seconds(1) ? nil : .seconds(elapsed.seconds * Double(left) / Double(done))
    }
  }

  /// Returns false if stopped before the slice was read. `progress` receives the number of offsets of the slice that are read.
  private func read(
    _ slice: HistoryPlan.Slice, _ client: borrowing KafkaClient, _ questions: GroupClient,
    _ intake: inout MessageIntake, progress: (borrowing MessageIntake, Int64) -> Void
  ) throws(KafkaError) -> Bool {
    var done: Int64 = 0
    let ids = slice.spans.keys.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    for start in stride(from: 0, to: ids.count, by: Self.mostPartitions) {
      let part = ids[start..<min(start + Self.mostPartitions, ids.count)]
      var reading = SliceReading(part.map { ($0, slice.spans[$0] ?? .init(low: 0, high: 0)) }) { intake.symbol($0) }
      try client.assign(reading.offsets)
      var (heardAt, patience) = (now(), Self.silence)
      while !reading.isDone {
        if isStopped { return false }
        let before = reading.done
        receive(client, &reading, &intake)
        try client.unassign(reading.takeFinished())
        progress(intake, done.saturating(plus: reading.done))
        if reading.done > before { (heardAt, patience) = (now(), Self.silence) }
        if now() - heardAt > patience {
          try resume(&reading, client, questions)
          (heardAt, patience) = (now(), min(patience * 2, Self.longestSilence))
        }
      }
      done = done.saturating(plus: reading.done)
      unreadable.withLock { $0.keep(reading.isOpen) }
    }
    try client.assign([:])
    return true
  }

  private func receive(
    _ client: borrowing KafkaClient, _ reading: inout SliceReading, _ intake: inout MessageIntake
  ) {
    let receivedAt = now()
    // Messages that are dropped are not read again here, so reading pauses instead.
    settle(&intake) { $0.isCrowded }
    intake.resume()
    client.receive(timeout: Self.waitForMessages) { received in
      _ = unreadable.withLock { $0.note(received) }
      let topic = intake.symbol(received.topic)
      switch received.kind {
      case .message:
        intake.count(received)
        guard reading.takes(topic, received.partition, received.offset) else { return }
        intake.take(received, topic: topic, at: receivedAt)
      case .endOfPartition: reading.reachedEnd(topic, received.partition)
      case .error: break
      }
    }
    intake.flush(to: sink, isPast: true)
  }

  /// Stops waiting for deleted topics and assigns the other partitions again.
  private func resume(
    _ reading: inout SliceReading, _ client: borrowing KafkaClient, _ questions: GroupClient
  ) throws(KafkaError) {
    guard case .success(let metadata) = questions.metadata(timeout: Self.requestTimeout) else {
      return fail("\(settings.brokers) does not answer for older events")
    }
    let gone = gone.withLock { gone in
      gone.note(ends.keys, metadata)
      return gone.all
    }
    reading.keep { !gone.contains($0) }
    unreadable.withLock { $0.keep(reading.isOpen) }
    try client.assign(reading.offsets)
  }
}
