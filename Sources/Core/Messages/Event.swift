/// One decoded message. What few messages carry lies apart, so that copying an event costs little.
package struct Event: Sendable {
  private final class Rare: Sendable {
    let otherLinks: [SagaLink]
    let deadLetter: DeadLetter?

    init(otherLinks: [SagaLink], deadLetter: DeadLetter?) {
      self.otherLinks = otherLinks
      self.deadLetter = deadLetter
    }
  }

  package var type: Symbol
  /// When it happened by its own word, else the broker's timestamp.
  package var time: Timestamp
  package var origin: Origin
  /// The instance that published it, `Symbol.none` where it does not say.
  package var node: Symbol
  /// The version of the program that published it, `Symbol.none` where it does not say.
  package var version: Symbol
  /// A hash of the event's own id, 0 where it has none. Two events with one id are one event.
  package var fingerprint: UInt64
  /// The saga it speaks of; `nil` where no id of any definition was found.
  package var link: SagaLink?
  private var rare: Rare?
  /// Where its text lies in the batch.
  package var text: MessageSlice
  /// Its time is when it was read: it happened then or before.
  package var isTimeOfReading = false
  /// The trace that its message carries the id of.
  package var trace: TraceID?

  package init(
    type: Symbol, time: Timestamp, origin: Origin, node: Symbol = .none, version: Symbol = .none,
    fingerprint: UInt64 = 0, link: SagaLink? = nil, otherLinks: [SagaLink] = [],
    deadLetter: DeadLetter? = nil, text: MessageSlice = MessageSlice(), isTimeOfReading: Bool = false,
    trace: TraceID? = nil
  ) {
    self.type = type
    self.time = time
    self.origin = origin
    self.node = node
    self.version = version
    self.fingerprint = fingerprint
    self.link = link
    self.text = text
    self.isTimeOfReading = isTimeOfReading
    self.trace = trace
    if !otherLinks.isEmpty || deadLetter != nil { rare = Rare(otherLinks: otherLinks, deadLetter: deadLetter) }
  }

  /// Further sagas, where one message belongs to several; mostly empty.
  package var otherLinks: [SagaLink] {
    get { rare?.otherLinks ?? [] }
    set { rare = Rare(otherLinks: newValue, deadLetter: deadLetter) }
  }

  /// What it was before it was put aside, where it lies in a topic for dead letters or retries.
  package var deadLetter: DeadLetter? {
    get { rare?.deadLetter }
    set { rare = Rare(otherLinks: otherLinks, deadLetter: newValue) }
  }
}

/// A message that a service could not handle. Its event is the one that could not be handled, at the time at which it was put aside.
package final class DeadLetter: Sendable {
  /// The topic that it was read from, `Symbol.none` where nothing tells.
  package let originalTopic: Symbol
  /// Why it could not be handled.
  package let error: String?
  /// It will be tried again.
  package let isRetry: Bool

  package init(originalTopic: Symbol, error: String?, isRetry: Bool) {
    self.originalTopic = originalTopic
    self.error = error
    self.isRetry = isRetry
  }
}

/// Where a message was read. No two messages have the same.
package struct Origin: Hashable, Sendable {
  /// The topic, or the name of the document or command that was read in place of one.
  package var topic: Symbol
  /// Negative for what lies in no topic.
  package var partition: Int32
  /// The offset in the partition; else the how-manieth message of its source it was.
  package var offset: Int64

  package init(topic: Symbol, partition: Int32, offset: Int64) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }

  /// Of a message that a document or a command gave, counted in the order in which they were read.
  package init(source: Symbol, number: Int64) {
    self.init(topic: source, partition: -1, offset: number)
  }

  package var isInTopic: Bool { partition >= 0 }
}

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
