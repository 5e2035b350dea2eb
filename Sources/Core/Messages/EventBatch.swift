/// Messages in the order they were received from one source, with their bytes in one arena.
package struct EventBatch: Sendable {
  package var events: [Event]
  package var arena: [UInt8]
  package var undecoded: [UndecodedMessage]
  /// Where the others stood, of which nothing is to be told.
  package var passed: [Origin] = []
  /// Where messages stood that were told of as undecoded, and are not any more.
  package var withdrawn: [Origin] = []
  /// When the last of them was received; `nil` where nobody says.
  package var readAt: Timestamp?
  /// They are older than what was read of the source before.
  package var isPast = false
  /// With it all of a slice of the past has been handed over: the sagas that it began are known up to their last events.
  package var endsSlice = false
  /// All of them as they were read; empty unless the sink wants them.
  package var originals: [OriginalMessage]

  package init(
    events: [Event] = [], arena: [UInt8] = [], undecoded: [UndecodedMessage] = [], originals: [OriginalMessage] = []
  ) {
    self.events = events
    self.arena = arena
    self.undecoded = undecoded
    self.originals = originals
  }

  package var isEmpty: Bool {
    events.isEmpty && undecoded.isEmpty && passed.isEmpty && withdrawn.isEmpty && originals.isEmpty
  }

  /// Empties the batch and keeps its storage for the next one.
  package mutating func removeAll() {
    events.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
    undecoded.removeAll(keepingCapacity: true)
    passed.removeAll(keepingCapacity: true)
    withdrawn.removeAll(keepingCapacity: true)
    readAt = nil
    (isPast, endsSlice) = (false, false)
    originals.removeAll(keepingCapacity: true)
  }
}
