package typealias TopicQuery = ListQuery<TopicOrder, String>

package enum TopicOrder: String, RowOrder {
  /// Dead-letter topics that hold messages before all others, then the busiest, then by name.
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
  /// Messages per second that arrive in all of them; `nil` unless all rates are known.
  package var rateIn: Double?
  package var deadLetters: DeadLetters?

  package struct DeadLetters: Sendable, Equatable {
    /// Dead-letter topics that hold messages, or of which it is not known.
    package var topics: Int
    package var messages: Known<Int64>

    package init(topics: Int, messages: Known<Int64> = nil) {
      self.topics = topics
      self.messages = messages
    }
  }

  /// Sums over `all` topics.
  package init(_ window: ListWindow<TopicRow> = ListWindow(), of all: [TopicRow] = []) {
    self.window = window
    partitions = all.reduce(0) { Self.sum($0, $1.partitions) }
    rateIn = RateSum.whole(all.map(\.rateIn))
    let dead = all.filter(\.isDeadLetter)
    guard !dead.isEmpty else { return }
    let held = dead.filter { $0.messages != 0 }
    deadLetters = DeadLetters(topics: held.count, messages: .sum(held.map(\.messages), Self.sum) ?? 0)
  }

  /// The numbers come from outside.
  private static func sum<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
    let (sum, isTooLarge) = left.addingReportingOverflow(right)
    return isTooLarge ? .max : sum
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

/// How much goes through one topic.
package struct TopicRow: Sendable, Equatable {
  package var topic: String
  package var partitions: Int
  /// Messages that lie in it.
  package var messages: Known<Int64>
  /// Messages per second that arrive.
  package var rateIn: Double?
  /// The busiest partition's rate over the mean, 1 when even; `nil` where nothing arrives.
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
