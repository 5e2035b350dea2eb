import Text

/// How one source is doing. Every failure of a collector becomes one of these; none ends the program.
package struct SourceStatus: Sendable, Equatable {
  package enum Phase: String, Sendable {
    /// Nothing heard yet.
    case connecting
    /// Reading what was there when sagatop started.
    case catchingUp
    case up
    /// Works in part: some topic or partition cannot be read.
    case degraded
    case down
  }

  /// A partition that should be read and cannot be.
  package struct MissingPartition: Sendable, Hashable {
    package var topic: String
    package var partition: Int32
    /// The `host:port` that leads it and does not answer; `nil` where no broker leads it.
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
  /// The last time that the source answered.
  package var lastSuccess: Timestamp?
  /// What failed, where, and what happens next; `nil` when nothing is wrong now.
  package var error: String?
  package var retryAt: Timestamp?
  /// Round trip of the last request.
  package var latency: Duration?
  /// Share of the first reading that is done, 0 to 1; `nil` when not known.
  package var progress: Double?
  /// The first full reading has been given: what lay there at the start has been read, as far as it can be read at all. Older events
  /// may still be missing: `window` tells.
  package var isComplete: Bool
  /// All that was written before this instant has been read, also in topics that have appeared since the start. `nil` where no topic
  /// can appear, or that is not known.
  package var readUntil: Timestamp?
  /// Sagas are judged late up to this instant only: what happened after it may not have been told yet. `nil` is now.
  package var judgedUntil: Timestamp?
  package var messages: Int
  package var bytes: Int
  /// Without a success for longer than this it is silent; `nil` for what is usual for its kind.
  package var patience: Duration?
  /// Since when events were read; `nil` where the source has no past to read, or that is not known yet.
  package var window: ReadWindow?
  /// Things a reader should know that are no failure: "topic x does not exist yet".
  package var notes: [String]
  /// What answers there: brokers, topics and partitions that are read.
  package var brokers: Int?
  package var topics: Int?
  package var partitions: Int?
  /// At most a thousand of them, in the order of their names.
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

  /// It answers now: what it tells is true of this instant, as far as it tells it.
  package func isCurrent(at now: Timestamp) -> Bool {
    switch phase {
    case .connecting, .down: false
    case .catchingUp, .up, .degraded: silence(at: now) == nil
    }
  }

  /// Everything was read, no part is missing, and it still answers.
  package func isWhole(at now: Timestamp) -> Bool { isComplete && phase == .up && hasWholeWindow && isCurrent(at: now) }

  /// No older events are left to be read.
  package var hasWholeWindow: Bool { window?.isWhole ?? true }

  /// It has given its first full reading, and waiting would not give more.
  package var isSettled: Bool {
    isComplete && hasWholeWindow && (phase == .up || phase == .degraded && !carriesEvents)
  }

  /// For how long it has not answered, if that is longer than it may be.
  package func silence(at now: Timestamp) -> Duration? {
    guard let patience = patience ?? kind.usualPatience, let lastSuccess,
      now - lastSuccess > patience
    else { return nil }
    return now - lastSuccess
  }

  /// Why it is not whole, as part of a sentence.
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
