import Core

/// The events of sagas that one writer has read, as the records that it publishes. Pure but for its packing; belongs to one thread.
///
/// A record is named by its saga, its writer and a number that is given once. So no two writers replace each other's records, and a writer
/// replaces one only by one that holds more: whatever a compaction drops is held by what it keeps. Readers take the union of all.
struct SagaParts: ~Copyable {
  struct Limits {
    /// Bytes of a record before it is packed. A saga that has more goes on in another, else each event of a long saga would have all
    /// earlier ones written again.
    var record = 16 << 10
    /// Bytes of one event; texts of one that is longer are left out.
    var event = 128 << 10
    /// Bytes of all lines that are kept, so that a saga's next events join its record.
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
    /// It holds the end of its saga.
    var isOver = false
    /// Its last event, by the writer's clock.
    var changedAt = Timestamp.distantPast
  }

  private let writer: String
  private let types: [String]
  /// Per type: the rules by which an event ends a saga.
  private let endings: [Set<UInt16>]
  private let encoding: RecordedEvent
  private var packer: StatePacker
  private let limits: Limits
  /// Those that had events lately; those of `former` had none for longer.
  private var parts: [Name: Part] = [:]
  private var former: [Name: Part] = [:]
  /// In the order in which they changed.
  private var dirty: [Name] = []
  /// Full ones and tombstones that are not published yet.
  private var waiting: [StateRecord] = []
  private var serial: UInt64 = 0
  private var bytes = 0
  /// Events whose texts were left out because their line was longer than a record may be.
  private(set) var cut = 0

  /// `writer` is used by no other writer, and by none again.
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

  /// Bytes of lines that no published record holds.
  private(set) var unpublished = 0

  /// Takes an event that is of a saga, at that instant; others are passed over.
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

  /// Takes back what had no event for `retention`, by tombstones among the next `changes`. A record that holds an end stays for twice as
  /// long: without it, others of the saga that came later would tell of one that is not over.
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

  /// What has changed since the last `published`, a record for each saga; the same again until then.
  mutating func changes() -> [StateRecord] {
    var records = waiting
    for name in dirty {
      guard let part = parts[name] else { continue }
      let record = record(name, part)
      records.append(record)
    }
    return records
  }

  /// All of `changes` is delivered. Where too much is kept, those that had no events for the longest time are let go: what comes of them
  /// begins a record of its own.
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

/// A record of the topic that holds the state of sagas.
struct StateRecord: Equatable {
  var key: [UInt8]
  /// `nil` takes the record of that key back.
  var value: [UInt8]?
}

/// Packs lines below a header. Belongs to one thread.
struct StatePacker: ~Copyable {
  private let header: StateHeader
  private var encoder: ZstdEncoder

  /// `nil` without memory for it.
  init?(_ header: StateHeader) {
    guard let encoder = ZstdEncoder() else { return nil }
    self.header = header
    self.encoder = encoder
  }

  /// As they stand where they cannot be packed: readers take both.
  mutating func packed(_ lines: [UInt8]) -> [UInt8] {
    let whole = header.line + lines
    return encoder.pack(whole, isEnd: true) ?? whole
  }
}
