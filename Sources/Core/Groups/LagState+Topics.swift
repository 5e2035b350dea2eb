/// What readers are shown of the topics that groups read.
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
    let messages = Known<Int64>.sum(logs.map { Known($0.count) }, &+) ?? nil
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
  /// A dead-letter topic with messages in it.
  fileprivate var parks: Bool { isDeadLetter && messages.last ?? 0 > 0 }
}

/// Which consumer groups commit to the topics that steps wait for: so the group of a step is known although nobody configured it.
struct TopicReaders {
  private let topics: Set<Symbol>
  private var groups: [Symbol: Set<String>] = [:]

  /// `topics` are those that are asked for.
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

  /// The only group that commits to the topic, or the only one of several that is named after the step's service or the step; `nil` in
  /// doubt.
  func group(of topic: Symbol, service: String?, step: String) -> String? {
    guard let names = groups[topic] else { return nil }
    if names.count == 1 { return names.first }
    let namesakes = names.filter { $0 == service || $0.contains(step) }
    return namesakes.count == 1 ? namesakes.first : nil
  }
}
