import Core

/// The saga events that one writer has read, as the records that it publishes. Pure except for compression; used by one thread.
///
/// The key of a record consists of the saga, the writer and a number that is used once. So two writers never replace each other's records,
/// and a writer replaces a record only by one with more events: compaction never loses an event. Readers use the union of all records.
struct SagaParts: ~Copyable {
  struct Limits {
    /// Maximum size of a record in bytes before compression. A larger saga continues in another record; otherwise each event of a long
    /// saga would rewrite all earlier ones.
    var record = 16 << 10
    /// Maximum size of one event in bytes; the texts of a larger event are left out.
    var event = 128 << 10
    /// Maximum size of all stored lines in bytes. They are stored so that later events of a saga join its record.
    var kept = 128 << 20
  }

  private struct Name: Hashable {
    var definition: UInt16
    var key: SagaKey
  }

  private struct Part {
    var serial: UInt64
    var lines: [UInt8] = []
    var isDirty = false
    /// It contains an end of its saga.
    var isOver = false
    /// Time of its last event by the writer's clock.
    var changedAt = Timestamp.distantPast
  }

  private let writer: String
  private let types: [String]
  /// By type: the rules whose events end a saga.
  private let endings: [Set<UInt16>]
  private let encoding: RecordedEvent
  private var packer: StatePacker
  private let limits: Limits
  /// Parts with recent events; those in `former` had no event for longer.
  private var parts: [Name: Part] = [:]
  private var former: [Name: Part] = [:]
  /// Changed parts, in the order of their first change.
  private var dirty: [Name] = []
  /// Full records and tombstones that are not published yet.
  private var waiting: [StateRecord] = []
  private var serial: UInt64 = 0
  private var bytes = 0
  /// Number of events without texts, because they exceeded the limit of one event.
  private(set) var cut = 0

  /// `writer` must be unique among all writers, past and present. `nil` if there is no memory for compression.
  init?(writer: String, _ system: SystemDefinition, symbols: SymbolTable, limits: Limits = Limits()) {
    guard let packer = StatePacker(StateHeader(system)) else { return nil }
    self.writer = writer
    self.packer = packer
    self.limits = limits
    types = system.sagas.map(\.type)
    endings = system.sagas.map { saga in
      Set(saga.events.indices.filter { saga.events[$0].ends != nil }.map { UInt16(clamping: $0) })
    }
    encoding = RecordedEvent(system, symbols: symbols)
  }

  /// Bytes of lines that are not in a published record.
  private(set) var unpublished = 0

  /// Adds an event of a saga at the time `now`; events without a saga are ignored.
  mutating func add(_ event: Event, readAt: Timestamp?, at now: Timestamp = .distantPast) {
    guard let link = event.link, types.indices.contains(Int(link.definition)) else { return }
    let name = Name(definition: link.definition, key: link.key)
    var line: [UInt8] = []
    encoding.append(event, readAt: readAt, to: &line)
    if line.count > limits.event {
      cut += 1
      line.removeAll()
      encoding.append(event, readAt: readAt, hasTexts: false, to: &line)
    }
    var part = takeOut(name)
    if !part.lines.isEmpty, part.lines.count + line.count > limits.record {
      if part.isDirty {
        let record = record(name, part)
        waiting.append(record)
      }
      bytes -= part.lines.count
      let wasDirty = part.isDirty
      part = next()
      part.isDirty = wasDirty
    }
    part.lines += line
    bytes += line.count
    unpublished += line.count
    if !part.isDirty { dirty.append(name) }
    part.isDirty = true
    part.changedAt = now
    if let rule = link.rule, endings[Int(link.definition)].contains(rule) { part.isOver = true }
    parts[name] = part
  }

  private mutating func takeOut(_ name: Name) -> Part {
    if let part = parts.removeValue(forKey: name) { return part }
    if let part = former.removeValue(forKey: name) { return part }
    return next()
  }

  private mutating func next() -> Part {
    serial += 1
    return Part(serial: serial)
  }

  private mutating func record(_ name: Name, _ part: Part) -> StateRecord {
    StateRecord(key: key(name, part), value: packer.packed(part.lines))
  }

  private func key(_ name: Name, _ part: Part) -> [UInt8] {
    Array("saga/\(types[Int(name.definition)])/\(name.key.value.prefix(200))/\(writer).\(part.serial)".utf8)
  }

  /// Removes sagas without an event for `retention`, by tombstones in the next `changes`. A record with an end is stored for twice as
  /// long: without it, later records of the saga would show it as not ended.
  mutating func expire(at now: Timestamp, retention: Duration) {
    for (name, part) in parts where isExpired(part, at: now, retention) { parts[name] = nil; takeBack(name, part) }
    for (name, part) in former where isExpired(part, at: now, retention) { former[name] = nil; takeBack(name, part) }
  }

  private func isExpired(_ part: Part, at now: Timestamp, _ retention: Duration) -> Bool {
    !part.isDirty && now - part.changedAt > (part.isOver ? retention * 2 : retention)
  }

  private mutating func takeBack(_ name: Name, _ part: Part) {
    bytes -= part.lines.count
    waiting.append(StateRecord(key: key(name, part), value: nil))
  }

  /// The changes since the last `published`: a record of each changed saga, full records and tombstones. The same again until `published`.
  mutating func changes() -> [StateRecord] {
    var records = waiting
    for name in dirty {
      guard let part = parts[name] else { continue }
      let record = record(name, part)
      records.append(record)
    }
    return records
  }

  /// Call after all `changes` were delivered. If the stored lines exceed the limit, the sagas without an event for the longest time are
  /// dropped; their next events start a new record.
  mutating func published() {
    for name in dirty { parts[name]?.isDirty = false }
    dirty.removeAll(keepingCapacity: true)
    waiting.removeAll()
    unpublished = 0
    guard bytes > limits.kept / 2 else { return }
    former = parts
    parts = [:]
    bytes = former.values.reduce(0) { $0 + $1.lines.count }
    guard bytes > limits.kept else { return }
    (former, bytes) = ([:], 0)
  }
}

/// A record of the state topic.
struct StateRecord: Equatable {
  var key: [UInt8]
  /// `nil` is a tombstone.
  var value: [UInt8]?
}

/// Compresses lines after a header. Used by one thread.
struct StatePacker: ~Copyable {
  private let header: StateHeader
  private var encoder: ZstdEncoder

  /// `nil` if there is no memory.
  init?(_ header: StateHeader) {
    guard let encoder = ZstdEncoder() else { return nil }
    self.header = header
    self.encoder = encoder
  }

  /// Uncompressed if compression fails; readers accept both.
  mutating func packed(_ lines: [UInt8]) -> [UInt8] {
    let whole = header.line + lines
    return encoder.pack(whole, isEnd: true) ?? whole
  }
}
