import Text

/// The status of one source. Every failure of a collector becomes a status; none ends the program.
package struct SourceStatus: Sendable, Equatable {
  package enum Phase: String, Sendable {
    /// No response yet.
    case connecting
    /// Reading the data that existed when sagatop started.
    case catchingUp
    case up
    /// Works partly: a topic or partition cannot be read.
    case degraded
    case down
  }

  /// A partition that should be read but cannot be.
  package struct MissingPartition: Sendable, Hashable {
    package var topic: String
    package var partition: Int32
    /// The `host:port` of its leader, which does not respond; `nil` if it has no leader.
    package var leader: String?

    package init(topic: String, partition: Int32, leader: String? = nil) {
      self.topic = topic
      self.partition = partition
      self.leader = leader
    }
  }

  package var kind: SourceKind
  /// Unique among the sources of a context: `redis 10.0.0.7:6379`.
  package var name: String
  package var phase: Phase
  /// When the source last responded.
  package var lastSuccess: Timestamp?
  /// What failed, where, and what happens next; `nil` if there is no current error.
  package var error: String?
  package var retryAt: Timestamp?
  /// Round-trip time of the last request.
  package var latency: Duration?
  /// Progress of the first read, 0 to 1; `nil` if unknown.
  package var progress: Double?
  /// The first complete read is done: all data that existed at the start and is readable has been read. Older events may still be missing;
  /// see `window`.
  package var isComplete: Bool
  /// Everything written before this instant has been read, also in topics created since the start. `nil` if no topic can be created or if
  /// this is unknown.
  package var readUntil: Timestamp?
  /// Sagas are judged late only up to this instant, because later events may not have arrived yet. `nil` means now.
  package var judgedUntil: Timestamp?
  package var messages: Int
  package var bytes: Int
  /// Without a success for longer than this it counts as silent; `nil` uses the default of its kind.
  package var patience: Duration?
  /// The time since which events were read; `nil` if the source has no past or if it is not known yet.
  package var window: ReadWindow?
  /// Information that is not a failure: "topic x does not exist yet".
  package var notes: [String]
  /// Number of responding brokers, and of topics and partitions that are read.
  package var brokers: Int?
  package var topics: Int?
  package var partitions: Int?
  /// At most a thousand, sorted by name.
  package var missing: [MissingPartition]
  package var carriesEvents: Bool { kind.carriesEvents }

  /// A source without a name is the only one of its kind.
  package init(_ kind: SourceKind, name: String? = nil, phase: Phase = .connecting) {
    self.kind = kind
    self.name = name ?? kind.rawValue
    self.phase = phase
    isComplete = false
    messages = 0
    bytes = 0
    notes = []
    missing = []
  }

  /// The source responds now: its data is current, though possibly incomplete.
  package func isCurrent(at now: Timestamp) -> Bool {
    switch phase {
    case .connecting, .down: false
    case .catchingUp, .up, .degraded: silence(at: now) == nil
    }
  }

  /// Everything was read, no part is missing, and it still responds.
  package func isWhole(at now: Timestamp) -> Bool { isComplete && isReadable && hasWholeWindow && isCurrent(at: now) }

  /// All data is available. Unusable schemas make a schema registry degraded, but it has responded, and their
  /// messages are counted as not decoded.
  private var isReadable: Bool { phase == .up || phase == .degraded && kind == .schemas }

  /// All requested older events have been read.
  package var hasWholeWindow: Bool { window?.isWhole ?? true }

  /// The first complete read is done, and waiting would give no more data.
  package var isSettled: Bool {
    isComplete && hasWholeWindow && (isReadable || phase == .degraded && !carriesEvents)
  }

  /// Time since its last response; `nil` if that is within the limit.
  package func silence(at now: Timestamp) -> Duration? {
    guard let patience = patience ?? kind.usualPatience, let lastSuccess,
      now - lastSuccess > patience
    else { return nil }
    return now - lastSuccess
  }

  /// Whether it differs from the last reported one in more than counts and progress.
  package func isNews(after old: SourceStatus?) -> Bool {
    old?.phase != phase || old?.isComplete != isComplete || old?.hasWholeWindow != hasWholeWindow
      || old?.error != error || old?.notes != notes || old?.readUntil != readUntil
  }

  /// Why it is incomplete, as part of a sentence.
  package func incompleteness(at now: Timestamp) -> String {
    if let silence = silence(at: now), phase != .down { return "\(name) has been silent for \(Quantity.age(silence))" }
    switch phase {
    case .down, .connecting: return "\(name) is \(phase.rawValue)"
    case .catchingUp: return "\(name) is still being read"
    case .up where isComplete && !hasWholeWindow:
      let start = window?.readSince.map { " since \($0.iso8601)" } ?? ""
      return "of \(name) only what came\(start) was read (\(window?.progressText ?? "-"))"
    case .degraded, .up: return "\(name) was not read in full"
    }
  }
}

extension SourceStatus: TableRow, Filterable {
  package static let columns: [Column<SourceStatus>] = [
    .init("SOURCE") { row, _ in .text(row.name) },
    .init("PHASE") { row, _ in .text(row.phase.rawValue) },
    .init("MESSAGES", .number) { row, _ in .count(row.messages) },
    .init("LATENCY", .milliseconds) { row, _ in .latency(row.latency) },
    .init("LAST SUCCESS", .time) { row, _ in .time(row.lastSuccess) },
    .init("TOPICS", .number, isWide: true) { row, _ in .count(row.topics) },
    .init("PARTITIONS", .number, isWide: true) { row, _ in .count(row.partitions) },
    .init("ERROR") { row, _ in .text(([row.error].compactMap { $0 } + row.notes).joined(separator: "; ")) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns, beside: [.init("id", .id, isSearched: true) { row, _ in .texts(row.name) }])
}
