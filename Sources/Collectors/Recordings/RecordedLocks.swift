import Core
import Text

/// Converts lock samples to and from lines of a recording.
enum RecordedLocks {
  static func node(_ reading: LockSample) -> JSONNode {
    RecordedObject.make { object in
      object.text("source", reading.source)
      object.time("time", reading.time)
      object.duration("took", reading.took)
      object.flag("exact", reading.isExact)
      object.list("locks", reading.locks.map(node))
      object.list("gone", reading.gone.map(JSONNode.string))
      object.list("events", reading.events.map(node))
      object.set("counts", reading.counts.map { .array($0.map { .number(String($0)) }) })
      object.whole("passes", reading.passes)
      object.number("progress", reading.progress)
      object.whole("dropped", reading.dropped)
    }
  }

  private static func node(_ lock: LockObservation) -> JSONNode {
    RecordedObject.make { object in
      object.text("key", lock.key)
      object.whole("definition", lock.definition)
      object.text("kind", lock.kind.rawValue)
      object.list("holders", lock.holders.map(node))
      object.time("time", lock.time)
      object.duration("ttl", lock.ttl)
      object.whole("waiters", lock.waiters)
      object.duration("idle", lock.idle)
    }
  }

  private static func node(_ holder: LockHolder) -> JSONNode {
    RecordedObject.make { object in
      object.text("token", holder.token)
      object.text("thread", holder.thread)
      object.whole("count", holder.count)
      object.flag("reader", holder.isReader)
      object.time("takenAt", holder.takenAt)
    }
  }

  private static func node(_ event: LockEvent) -> JSONNode {
    RecordedObject.make { object in
      object.text("key", event.key)
      object.whole("definition", event.definition)
      object.text("kind", event.kind.word)
      object.time("time", event.time)
    }
  }

  static func reading(_ node: JSONNode) throws(DamagedLine) -> LockSample {
    var reading = LockSample(
      source: try DamagedLine.need(node.text("source")), time: try DamagedLine.need(node.time("time")),
      took: node.duration("took") ?? .zero, isExact: node.flag("exact"), gone: node.list("gone").compactMap(\.text),
      counts: node["counts"]?.elements.map { $0.compactMap { $0.whole() } }, passes: node.whole("passes") ?? 0,
      progress: node.number("progress") ?? 0, dropped: node.whole("dropped") ?? 0)
    for lock in node.list("locks") { reading.locks.append(try self.lock(lock)) }
    for event in node.list("events") { reading.events.append(try self.event(event)) }
    return reading
  }

  private static func lock(_ node: JSONNode) throws(DamagedLine) -> LockObservation {
    var lock = LockObservation(
      key: try DamagedLine.need(node.text("key")), definition: try Self.definition(node),
      kind: try DamagedLine.need(node.text("kind").flatMap(LockObservation.Kind.init)),
      time: try DamagedLine.need(node.time("time")), ttl: node.duration("ttl"),
      waiters: node.whole("waiters").flatMap { (count: Int) in count < 0 ? nil : count },
      idle: node.duration("idle"))
    for holder in node.list("holders") {
      lock.holders.append(
        LockHolder(
          token: try DamagedLine.need(holder.text("token")), thread: holder.text("thread"),
          count: holder.whole("count"), isReader: holder.flag("reader"), takenAt: holder.time("takenAt")))
    }
    return lock
  }

  /// Index of the lock definition in the system.
  private static func definition(_ node: JSONNode) throws(DamagedLine) -> Int {
    let place: Int = try DamagedLine.need(node.whole("definition"))
    guard place >= 0, place < 1 << 16 else { throw DamagedLine() }
    return place
  }

  private static func event(_ node: JSONNode) throws(DamagedLine) -> LockEvent {
    LockEvent(
      key: try DamagedLine.need(node.text("key")), definition: try Self.definition(node),
      kind: try DamagedLine.need(node.text("kind").flatMap(LockEvent.Kind.init(word:))),
      time: try DamagedLine.need(node.time("time")))
  }
}

extension LockEvent.Kind {
  fileprivate static let words: [(kind: Self, word: String)] = [
    (.written, "written"), (.renewed, "renewed"), (.released, "released"), (.expired, "expired"),
  ]

  fileprivate var word: String { Self.words.first { $0.kind == self }?.word ?? "" }

  fileprivate init?(word: String) {
    guard let kind = Self.words.first(where: { $0.word == word })?.kind else { return nil }
    self = kind
  }
}
