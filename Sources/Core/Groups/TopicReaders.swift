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
