import Clients
import Core
import Glibc
import Synchronization
import Text

/// Stores the state of a session in a file for the next one: the events of its sagas, and the read positions. Safe on any thread.
///
/// The file is used only if all its preconditions still hold; otherwise it is discarded with a reason, and everything is read again.
package final class Session: Sendable {
  private struct Position: Equatable {
    var offsets: [TopicPartition: Int64]
    var window: ReadWindow?
    var time: Timestamp
  }

  private struct State {
    var position: Position?
    var saved: Position?
    var cluster: String?
  }

  private static let interval = Duration.seconds(60)
  private static let handed = 4096

  private let path: String
  private let store: Store
  private let symbols: SymbolTable
  private let header: StateHeader
  private let encoding: RecordedEvent
  /// Description of the topics and the period read; a different one makes the file invalid.
  private let scope: String
  private let brokers: String
  private let isKept: Bool
  private let now: @Sendable () -> Timestamp
  private let state = Mutex(State())
  private let isSaving = Atomic(false)

  /// `path`: the file; its directory is created if missing.
  package init(
    _ path: String, _ settings: KafkaSettings, system: SystemDefinition, store: Store, symbols: SymbolTable,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.path = path
    self.store = store
    self.symbols = symbols
    self.now = now
    header = StateHeader(system)
    encoding = RecordedEvent(system, symbols: symbols)
    scope = "\(system.topics) \(settings.since)"
    brokers = settings.brokers
    // A message that waits for its schema would be lost for the next session.
    isKept = settings.schemas.registry == nil
  }

  /// Passes the events of the last session to the sink and returns where to start reading. Sends requests to brokers; may block for
  /// seconds.
  func resume(_ questions: GroupClient, to sink: any ObservationSink) -> SessionStart {
    guard isKept else { return .anew("--state: nothing is kept where messages are decoded by a schema registry") }
    let cluster = questions.clusterID(timeout: .seconds(3)) ?? brokers
    state.withLock { $0.cluster = cluster }
    do throws(SessionFile.Failure) {
      let file = try SessionFile(path, header)
      let facts = try file.facts()
      if facts.scope != scope { throw SessionFile.Failure("it is of other topics, or of another --since") }
      if facts.cluster != cluster { throw SessionFile.Failure("it is of another cluster") }
      let partitions = Array(facts.offsets.keys)
      let bounds = SessionBounds(
        starts: questions.offsets(of: partitions, at: -2), ends: questions.offsets(of: partitions, at: -1),
        later: questions.offsets(of: partitions, at: (facts.time + SessionBounds.clockTolerance).milliseconds))
      if let doubt = bounds.doubt(facts.offsets) { throw SessionFile.Failure(doubt) }
      let count = try handOver(file, to: sink)
      let note =
        "\(Quantity.grouped(count)) events are of the session that ended at \(facts.time.iso8601); "
        + "messages that are of no saga are counted since then"
      return .from(facts.offsets, facts.window, note)
    } catch {
      guard let reason = error.reason else { return .anew(nil) }
      return .anew("the state of the last session was thrown away: \(reason)")
    }
  }

  private func handOver(_ file: SessionFile, to sink: any ObservationSink) throws(SessionFile.Failure) -> Int {
    var batch = EventBatch()
    var count = 0
    try file.eachLine { line in
      guard let node = JSONNode(line), RecordedEvent.isEvent(node), let event = try? encoding.event(node) else {
        return
      }
      batch.events.append(event.event)
      count += 1
      guard batch.events.count >= Self.handed else { return }
      sink.accept(batch)
      batch.removeAll()
    }
    if !batch.isEmpty { sink.accept(batch) }
    return count
  }

  /// Notes that all messages before these offsets were passed on; `nil` while older events are still being read. Saves at regular
  /// intervals.
  func note(_ offsets: [TopicPartition: Int64]?, window: ReadWindow?) {
    guard isKept else { return }
    let instant = now()
    let mustSave = state.withLock { state in
      state.position = offsets.map { Position(offsets: $0, window: window, time: instant) }
      if state.saved == nil { state.saved = state.position }
      guard let position = state.position, let saved = state.saved else { return false }
      return position.time - saved.time > Self.interval
    }
    guard mustSave else { return }
    let thread = WorkerThread()
    if thread.start({ [self] in _ = save() }) { thread.join(patience: .zero) }
  }

  /// Writes the file atomically. Returns an error message; `nil` on success, or if there is nothing to write.
  @discardableResult
  package func save() -> String? {
    let (position, cluster) = state.withLock { ($0.position, $0.cluster) }
    guard let position, let cluster, !isSaving.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
    defer { isSaving.store(false, ordering: .releasing) }
    let facts = SessionFile.Facts(
      scope: scope, cluster: cluster, time: position.time, window: position.window, offsets: position.offsets)
    do throws(SessionFile.Failure) {
      try SessionFile.write(path, header, facts) { (write) throws(SessionFile.Failure) in
        var failure: SessionFile.Failure?
        store.eachEvent { events in
          guard failure == nil else { return }
          var lines: [UInt8] = []
          for event in events { encoding.append(event, readAt: nil, to: &lines) }
          do throws(SessionFile.Failure) { try write(lines, events.count) } catch { failure = error }
        }
        if let failure { throw failure }
      }
    } catch { return error.reason.map { "--state: \(path): \($0)" } }
    state.withLock { $0.saved = position }
    return nil
  }
}

/// Where a session starts reading.
enum SessionStart {
  /// From these offsets; other partitions are read from the requested time.
  case from([TopicPartition: Int64], ReadWindow?, String)
  /// There is no previous state, or it was discarded for a reason.
  case anew(String?)

  var note: String? {
    switch self {
    case .from(_, _, let note): note
    case .anew(let note): note
    }
  }
}

/// The reader's side of a session; does nothing without one.
struct SessionReading {
  private let session: Session?
  /// The offsets at which the last session ended; each is used once.
  private var ends: [TopicPartition: Int64] = [:]
  private(set) var notes: [String] = []
  private var isWhole = false

  init(_ session: Session?) {
    self.session = session
  }

  /// The window of the last session if this one continues it; outer `nil` if everything is read again.
  mutating func begin(_ questions: GroupClient, _ sink: any ObservationSink) -> ReadWindow?? {
    guard let start = session?.resume(questions, to: sink) else { return nil }
    notes = [start.note].compactMap(\.self)
    guard case .from(let offsets, let window, _) = start else { return nil }
    ends = offsets
    return .some(window)
  }

  /// The offset at which the last session ended in a partition; returned once.
  mutating func take(_ id: TopicPartition) -> Int64? { ends.removeValue(forKey: id) }

  /// Passes the read positions to the session: when reading becomes complete or incomplete, and if `isDue`.
  mutating func note(_ assignment: Assignment, _ status: SourceStatus, isDue: Bool) {
    guard let session else { return }
    let isNow = status.isComplete && status.hasWholeWindow && status.window?.isStopped != true
    guard isNow != isWhole || isDue else { return }
    isWhole = isNow
    let offsets = assignment.partitions.map { ($0.id, $0.next) }
    session.note(isNow ? Dictionary(offsets, uniquingKeysWith: min) : nil, window: status.window)
  }
}

/// Current offsets of the partitions that a session had read. Pure.
struct SessionBounds {
  var starts: [TopicPartition: Int64]
  var ends: [TopicPartition: Int64]
  /// The first offsets with messages newer than the session by more than `clockTolerance`; −1 if there is none.
  var later: [TopicPartition: Int64]

  static let clockTolerance = Duration.seconds(10)

  /// Why reading cannot continue at these offsets; `nil` if it can. A recreated topic is detected by its offsets, or because messages
  /// before the stored offset are newer than the session.
  func doubt(_ offsets: [TopicPartition: Int64]) -> String? {
    for (id, next) in offsets.sorted(by: { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }) {
      let name = "\(id.topic)/\(id.partition)"
      guard let start = starts[id], let end = ends[id] else { return "\(name) is not there, or no broker tells of it" }
      if next > end {
        return "\(name) ends at \(end), before \(next), up to which it was read: the topic was created anew"
      }
      if next < start {
        return "\(name) begins at \(start) by now, and was read up to \(next): events between were missed"
      }
      if next == 0 { continue }
      guard let later = later[id] else { return "\(name): no broker tells which of its messages are new" }
      if later >= 0, later < next {
        return "\(name) has messages before \(next) that are younger than the session: the topic was created anew"
      }
    }
    return nil
  }
}
