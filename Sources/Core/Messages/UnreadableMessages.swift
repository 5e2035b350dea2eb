import Text

/// The last messages that could not be decoded as events; a ring that drops the oldest.
struct UnreadableMessages {
  private static let kept = 256
  private static let longestKey = 96

  struct Entry {
    var origin: Origin
    var time: Timestamp
    var reason: String
    var key: String
  }

  private(set) var entries: [Entry] = []
  private var next = 0

  mutating func add(_ message: UndecodedMessage, arena: [UInt8]) {
    let slice = message.text
    let isWithin = slice.start >= 0 && slice.keyLength >= 0 && slice.start <= arena.count - slice.keyLength
    let key = isWithin ? ByteText.text(arena[slice.start..<slice.start + min(slice.keyLength, Self.longestKey)]) : ""
    let entry = Entry(origin: message.origin, time: message.time, reason: message.reason, key: key)
    if entries.count < Self.kept { entries.append(entry) } else { entries[next] = entry }
    next = (next + 1) % Self.kept
  }

  /// Removes messages that could be decoded later.
  mutating func forget(_ origins: Set<Origin>) {
    guard entries.contains(where: { origins.contains($0.origin) }) else { return }
    let inOrder = entries.count < Self.kept ? entries : Array(entries[next...] + entries[..<next])
    entries = inOrder.filter { !origins.contains($0.origin) }
    next = entries.count % Self.kept
  }
}

/// A message that could not be decoded as an event.
package struct UndecodedMessage: Sendable {
  package var origin: Origin
  /// The broker's timestamp.
  package var time: Timestamp
  /// The reason in one sentence: "not JSON: unexpected byte 0x80 at 0".
  package var reason: String
  package var text: MessageSlice

  package init(origin: Origin, time: Timestamp, reason: String, text: MessageSlice) {
    self.origin = origin
    self.time = time
    self.reason = reason
    self.text = text
  }
}

/// Number of undecoded messages per topic. Stores at most 1,000 topics; the rest is counted together.
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

  /// Removes one message of the topic that could be decoded later.
  mutating func remove(_ topic: Symbol) {
    let counted = topics[topic] == nil ? Symbol.none : topic
    guard let (count, reason) = topics[counted], total > 0 else { return }
    total -= 1
    topics[counted] = count > 1 ? (count - 1, reason) : nil
  }

  /// Most first.
  func view(_ symbols: SymbolTable) -> [EventList.Undecoded] {
    topics.map { topic, entry in
      .init(topic: symbols.name(topic) ?? "(other topics)", count: entry.count, lastReason: entry.lastReason)
    }.sorted { ($1.count, $0.topic) < ($0.count, $1.topic) }
  }
}
