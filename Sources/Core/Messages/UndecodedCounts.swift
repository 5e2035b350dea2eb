/// Messages that could not be read, counted per topic. Keeps at most 1,000 topics; the rest counts together.
struct UndecodedCounts {
  private static let maxTopics = 1000

  private var topics: [Symbol: (count: Int, lastReason: String)] = [:]
  private(set) var total = 0

  mutating func add(_ message: UndecodedMessage) {
    total += 1
    let isKnown = topics[message.origin.topic] != nil
    let topic = isKnown || topics.count < Self.maxTopics ? message.origin.topic : .none
    topics[topic] = ((topics[topic]?.count ?? 0) + 1, message.reason)
  }

  /// Most first.
  func view(_ symbols: SymbolTable) -> [EventList.Undecoded] {
    topics.map { topic, entry in
      .init(topic: symbols.name(topic) ?? "(other topics)", count: entry.count, lastReason: entry.lastReason)
    }.sorted { ($1.count, $0.topic) < ($0.count, $1.topic) }
  }
}
