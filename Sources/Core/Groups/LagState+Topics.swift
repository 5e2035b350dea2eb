/// What readers are shown of the topics that groups read.
extension LagState {
  func topicRows() -> [TopicRow] {
    let names = Dictionary(uniqueKeysWithValues: Set(logs.keys.map(\.topic)).map { ($0, symbols.text($0)) })
    var readers: [Symbol: Set<String>] = [:]
    for group in groups.values {
      for (key, partition) in group.partitions where partition.committed != nil {
        readers[key.topic, default: []].insert(group.name)
      }
    }
    let rows = Dictionary(grouping: logs, by: \.key.topic).map { topic, logs in
      row(names[topic] ?? "", logs.map(\.value), readers[topic] ?? [])
    }
    return rows.sorted(by: Self.comesFirst)
  }

  private func row(_ topic: String, _ logs: [PartitionLog], _ groups: Set<String>) -> TopicRow {
    let rates = logs.compactMap { $0.history.rate(over: Self.rateSpan) }
    let counts = logs.compactMap(\.count)
    return TopicRow(
      topic: topic, partitions: logs.count, messages: counts.isEmpty ? nil : counts.reduce(0, &+),
      rateIn: RateSum(rates).value, skew: rates.count > 1 ? Self.skew(rates) : nil,
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
  fileprivate var parks: Bool { isDeadLetter && messages ?? 0 > 0 }
}
