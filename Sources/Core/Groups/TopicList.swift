import Text

package typealias TopicQuery = ListQuery<TopicOrder, String>

package enum TopicOrder: String, RowOrder {
  /// Dead-letter topics with messages first, then the busiest, then by name.
  case severity
  case name
  case partitions
  case messages
  case arriving
  case skew

  package static let standard = TopicOrder.severity

  package func key(_ row: TopicRow) -> SortKey {
    switch self {
    case .severity: .text(nil)
    case .name: .text(row.topic)
    case .partitions: .number(row.partitions)
    case .messages: .number(row.messages.value)
    case .arriving: .number(row.rateIn)
    case .skew: .number(row.skew)
    }
  }
}

/// The topics that consumer groups read, and sums over all of them.
package struct TopicList: ListView {
  package var window: ListWindow<TopicRow>
  package var partitions: Int
  /// Messages per second that arrive in all topics; `nil` unless all rates are known.
  package var rateIn: Double?
  package var deadLetters: DeadLetters?

  package struct DeadLetters: Sendable, Equatable {
    /// Number of dead-letter topics with an unknown message count or a count above 0.
    package var topics: Int
    package var messages: Known<Int64>

    package init(topics: Int, messages: Known<Int64> = nil) {
      self.topics = topics
      self.messages = messages
    }
  }

  /// Computes the sums over `all` topics.
  package init(_ window: ListWindow<TopicRow> = ListWindow(), of all: [TopicRow] = []) {
    self.window = window
    partitions = all.reduce(0) { $0.saturating(plus: $1.partitions) }
    rateIn = RateSum.whole(all.map(\.rateIn))
    let dead = all.filter(\.isDeadLetter)
    guard !dead.isEmpty else { return }
    let held = dead.filter { $0.messages != 0 }
    deadLetters = DeadLetters(topics: held.count, messages: .sum(held.map(\.messages)) { $0.saturating(plus: $1) } ?? 0)
  }
}

extension TopicRow: ListRow {
  package var rowID: String { topic }
}

extension TopicRow: TableRow, Filterable {
  package static let columns: [Column<TopicRow>] = [
    .init("TOPIC") { row, _ in .text(row.topic) },
    .init("KIND") { row, _ in .text(row.isDeadLetter ? "dead letter" : nil) },
    .init("PARTITIONS", .number) { row, _ in .count(row.partitions) },
    .init("MESSAGES", .number) { row, _ in .count(row.messages) },
    .init("IN", .perSecond) { row, _ in .rate(row.rateIn) },
    .init("SKEW", .number) { row, _ in .number(row.skew) },
    .init("GROUPS") { row, _ in .words(row.groups) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns,
    beside: [
      .init("id", .id, isSearched: true) { row, _ in .texts(row.topic) },
      .init("group") { row, _ in .texts(row.groups) },
      .init("kind", .oneOf(["dead letter"])) { row, _ in .texts(row.isDeadLetter ? "dead letter" : nil) },
    ])

  package static let vocabulary = FilterVocabulary("topics", TopicRow.self)
}

/// The throughput of one topic.
package struct TopicRow: Sendable, Equatable {
  package var topic: String
  package var partitions: Int
  /// Number of messages in the topic.
  package var messages: Known<Int64>
  /// Messages that arrive per second.
  package var rateIn: Double?
  /// The rate of the busiest partition divided by the mean, 1 if even; `nil` if nothing arrives.
  package var skew: Double?
  package var isDeadLetter: Bool
  /// The groups that commit to it, sorted.
  package var groups: [String]

  package init(
    topic: String, partitions: Int, messages: Known<Int64> = nil, rateIn: Double? = nil, skew: Double? = nil,
    isDeadLetter: Bool = false, groups: [String] = []
  ) {
    self.topic = topic
    self.partitions = partitions
    self.messages = messages
    self.rateIn = rateIn
    self.skew = skew
    self.isDeadLetter = isDeadLetter
    self.groups = groups
  }
}

/// Views of the topics that groups read, for readers of the store.
extension LagState {
  func topicRows(isCurrent: Bool = true) -> [TopicRow] {
    let names = Dictionary(uniqueKeysWithValues: Set(logs.keys.map(\.topic)).map { ($0, symbols.text($0)) })
    var readers: [Symbol: Set<String>] = [:]
    for group in groups.values {
      for (key, partition) in group.partitions where partition.committed != nil && !partition.isLeft {
        readers[key.topic, default: []].insert(group.name)
      }
    }
    let rows = Dictionary(grouping: logs, by: \.key.topic).map { topic, logs in
      row(names[topic] ?? "", logs.map(\.value), readers[topic] ?? [], isCurrent: isCurrent)
    }
    return rows.sorted(by: Self.comesFirst)
  }

  private func row(_ topic: String, _ logs: [PartitionLog], _ groups: Set<String>, isCurrent: Bool) -> TopicRow {
    let rates = isCurrent ? logs.map { $0.rate(over: Self.rateSpan) } : [nil]
    let known = rates.compactMap(\.self)
    let messages = Known<Int64>.sum(logs.map { Known($0.count) }) { $0.saturating(plus: $1) } ?? nil
    return TopicRow(
      topic: topic, partitions: logs.count,
      messages: isCurrent ? messages : messages.last(at: last?.time, "not read any more"),
      rateIn: RateSum.whole(rates), skew: known.count > 1 && known.count == rates.count ? Self.skew(known) : nil,
      isDeadLetter: DeadLetterTopic.isName(topic), groups: groups.sorted())
  }

  private static func comesFirst(_ left: TopicRow, _ right: TopicRow) -> Bool {
    let (leftParks, rightParks) = (left.parks, right.parks)
    if leftParks != rightParks { return leftParks }
    if left.rateIn != right.rateIn { return left.rateIn ?? -1 > right.rateIn ?? -1 }
    return left.topic < right.topic
  }
}

extension TopicRow {
  /// A dead-letter topic that contains messages.
  fileprivate var parks: Bool { isDeadLetter && messages.last ?? 0 > 0 }
}

/// The consumer groups that commit to the topics that steps wait for. Finds the group of a step without configuration.
struct TopicReaders {
  private let topics: Set<Symbol>
  private var groups: [Symbol: Set<String>] = [:]

  /// `topics` are the requested topics.
  init(of topics: Set<Symbol>) {
    self.topics = topics
  }

  mutating func update(_ all: some Sequence<ConsumerGroup>) {
    groups.removeAll(keepingCapacity: true)
    guard !topics.isEmpty else { return }
    for group in all {
      for (key, partition) in group.partitions
      where topics.contains(key.topic) && partition.committed != nil && !partition.isLeft {
        groups[key.topic, default: []].insert(group.name)
      }
    }
  }

  /// The only group that commits to the topic, or the only one of several that is named after the step's service or the step; `nil` if
  /// ambiguous.
  func group(of topic: Symbol, service: String?, step: String) -> String? {
    guard let names = groups[topic] else { return nil }
    if names.count == 1 { return names.first }
    let namesakes = names.filter { $0 == service || $0.contains(step) }
    return namesakes.count == 1 ? namesakes.first : nil
  }
}

/// Recognizes dead-letter topics by their names.
package enum DeadLetterTopic {
  private static let words = ["dlq", "dlt", "deadletter", "deadletters"]

  /// `orders.dlq`, `orders-DLT`, `dead-letter-orders`, `orders_dead_letters`.
  package static func isName(_ name: String) -> Bool {
    let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    return parts.contains { words.contains($0) }
      || zip(parts, parts.dropFirst()).contains { words.contains($0 + $1) }
  }

  /// `orders` for `orders.dlq`; `nil` if nothing remains or there is no mark.
  package static func origin(of topic: String) -> String? {
    let marks = [
      "dead-letters", "dead-letter", "dead_letters", "dead_letter", "deadletters", "deadletter", "dlq", "dlt",
    ]
    let lowered = topic.lowercased()
    guard lowered.utf8.count == topic.utf8.count else { return nil }
    for mark in marks {
      for separator in [".", "-", "_"] {
        if lowered.hasSuffix(separator + mark) { return String(topic.dropLast(mark.count + 1)) }
        if lowered.hasPrefix(mark + separator) { return String(topic.dropFirst(mark.count + 1)) }
      }
    }
    return nil
  }

  /// `orders` for `orders-retry-0`, a topic of messages that will be retried; `nil` for any other name.
  package static func retried(_ topic: String) -> String? {
    var parts = topic.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count > 2, parts[parts.count - 1].allSatisfy(\.isNumber), !parts[parts.count - 1].isEmpty {
      parts.removeLast()
    }
    guard parts.count > 1, parts.removeLast().lowercased() == "retry" else { return nil }
    return parts.joined(separator: "-")
  }
}
