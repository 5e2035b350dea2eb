/// One decoded message. Rare data is stored separately, so that copying an event is cheap.
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
  /// The event's own time, else the broker's timestamp.
  package var time: Timestamp
  package var origin: Origin
  /// The instance that published it; `Symbol.none` if unknown.
  package var node: Symbol
  /// The version of the program that published it; `Symbol.none` if unknown.
  package var version: Symbol
  /// A hash of the event's own id, 0 if it has none. Two events with the same id are one event.
  package var fingerprint: UInt64
  /// The saga it belongs to; `nil` if no id of any definition was found.
  package var link: SagaLink?
  private var rare: Rare?
  /// Position of its text in the arena of the batch.
  package var text: MessageSlice
  /// `time` is the time when it was read; the event happened then or earlier.
  package var isTimeOfReading = false
  /// The trace id of its message; `nil` if none.
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

  /// Further sagas if the message belongs to several; usually empty.
  package var otherLinks: [SagaLink] {
    get { rare?.otherLinks ?? [] }
    set { rare = Rare(otherLinks: newValue, deadLetter: deadLetter) }
  }

  /// The original message, if it was read from a dead-letter or retry topic.
  package var deadLetter: DeadLetter? {
    get { rare?.deadLetter }
    set { rare = Rare(otherLinks: otherLinks, deadLetter: newValue) }
  }
}

/// A message that a service could not process. Its event is the original event, at the time when it was moved to the dead-letter topic.
package final class DeadLetter: Sendable {
  /// The topic of the original message; `Symbol.none` if unknown.
  package let originalTopic: Symbol
  /// Why it could not be processed.
  package let error: String?
  /// It will be retried.
  package let isRetry: Bool

  package init(originalTopic: Symbol, error: String?, isRetry: Bool) {
    self.originalTopic = originalTopic
    self.error = error
    self.isRetry = isRetry
  }
}

/// Where a message was read. Unique for each message.
package struct Origin: Hashable, Sendable {
  /// The topic, or the name of the document or command that was read instead.
  package var topic: Symbol
  /// Negative if it was not read from a topic.
  package var partition: Int32
  /// The offset in the partition; otherwise the number of the message within its source.
  package var offset: Int64

  package init(topic: Symbol, partition: Int32, offset: Int64) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }

  /// For a message of a document or command, numbered in reading order.
  package init(source: Symbol, number: Int64) {
    self.init(topic: source, partition: -1, offset: number)
  }

  package var isInTopic: Bool { partition >= 0 }
}

/// Messages in the order in which they were received from one source, with their bytes in one arena.
package struct EventBatch: Sendable {
  package var events: [Event]
  package var arena: [UInt8]
  package var undecoded: [UndecodedMessage]
  /// Origins of the other messages, which produce no event.
  package var passed: [Origin] = []
  /// Origins of messages that were reported as undecoded and no longer are.
  package var withdrawn: [Origin] = []
  /// When the last of them was received; `nil` if unknown.
  package var readAt: Timestamp?
  /// They are older than the messages already read from the source.
  package var isPast = false
  /// This batch completes a slice of the past: the sagas that start in it are known up to their last events.
  package var endsSlice = false
  /// All of them as they were read; empty unless the sink requests them.
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

  /// Empties the batch but keeps its capacity.
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
