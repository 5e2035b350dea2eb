import Core

/// Which messages are taken while partitions are read again because of dropped messages: only the dropped ones, up to the offset to which
/// the partition was read before. Pure.
struct MessagesReadAgain {
  enum Verdict: Equatable {
    /// It was not read before.
    case new
    /// It was dropped and reported as undecoded.
    case told
    /// It was taken before.
    case known
  }

  private struct Part {
    /// Offsets of dropped messages that are not read again yet.
    var told: Set<Int64>
    /// Each message before this offset was either taken or is in `told`.
    var next: Int64
  }

  private var parts: [HeldMessages.Place: Part] = [:]

  mutating func add(_ place: HeldMessages.Place, _ dropped: DroppedMessages.Part, takenUntil next: Int64) {
    var part = parts[place] ?? Part(told: [], next: 0)
    part.told.formUnion(dropped.offsets)
    part.next = dropped.firstUnlisted ?? max(part.next, next)
    parts[place] = part
  }

  /// Notes a message that arrives.
  mutating func note(_ origin: Origin) -> Verdict {
    guard !parts.isEmpty else { return .new }
    let place = HeldMessages.Place(origin)
    guard var part = parts.removeValue(forKey: place) else { return .new }
    let wasTold = part.told.remove(origin.offset) != nil
    let isKnown = origin.offset < part.next
    if isKnown || !part.told.isEmpty { parts[place] = part }
    return wasTold ? .told : isKnown ? .known : .new
  }

  mutating func forget(_ place: HeldMessages.Place) { parts[place] = nil }
}

/// The offset after the last message that was taken, by partition. Pure.
struct TakenOffsets {
  private var next: [HeldMessages.Place: Int64] = [:]

  mutating func note(_ origin: Origin) {
    let place = HeldMessages.Place(origin)
    next[place] = max(next[place] ?? 0, max(origin.offset, origin.offset &+ 1))
  }

  subscript(place: HeldMessages.Place) -> Int64 { next[place] ?? 0 }

  /// Messages from `offset` on count as not taken.
  mutating func lower(_ place: HeldMessages.Place, to offset: Int64) { next[place] = min(self[place], offset) }

  mutating func forget(_ place: HeldMessages.Place) { next[place] = nil }

  mutating func removeAll() { next.removeAll() }
}
