import Core

/// The events of sagas that one writer has read, as the records that it publishes. Pure but for its packing; belongs to one thread.
///
/// A record is named by its saga, its writer and a number that is given once. So no two writers replace each other's records, and a writer
/// replaces one only by one that holds more: whatever a compaction drops is held by what it keeps. Readers take the union of all.
struct SagaParts: ~Copyable {
  struct Limits {
    /// Bytes of a record before it is packed; a saga that has more goes on in another.
    var record = 128 << 10
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
  }

  private let writer: String
  private let types: [String]
  private let encoding: RecordedEvent
  private var packer: StatePacker
  private let limits: Limits
  /// Those that had events lately; those of `former` had none for longer.
  private var parts: [Name: Part] = [:]
  private var former: [Name: Part] = [:]
  /// In the order in which they changed.
  private var dirty: [Name] = []
  /// Full ones that are not published yet.
  private var full: [StateRecord] = []
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
    encoding = RecordedEvent(system, symbols: symbols)
  }

  /// Bytes of lines that no published record holds.
  private(set) var unpublished = 0

  /// Takes an event that is of a saga; others are passed over.
  mutating func add(_ event: Event, readAt: Timestamp?) {
    guard let link = event.link else { return }
    let name = Name(definition: link.definition, key: link.key)
    var line: [UInt8] = []
    encoding.append(event, readAt: readAt, to: &line)
    if line.count > limits.record {
      cut += 1
      line.removeAll()
      encoding.append(event, readAt: readAt, hasTexts: false, to: &line)
    }
    var part = takeOut(name)
    if !part.lines.isEmpty, part.lines.count + line.count > limits.record {
      if part.isDirty {
        let record = record(name, part)
        full.append(record)
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
    let type = types.indices.contains(Int(name.definition)) ? types[Int(name.definition)] : "-"
    let key = "saga/\(type)/\(name.key.value.prefix(200))/\(writer).\(part.serial)"
    return StateRecord(key: Array(key.utf8), value: packer.packed(part.lines))
  }

  /// What has changed since the last `published`, a record for each saga; the same again until then.
  mutating func changes() -> [StateRecord] {
    var records = full
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
    full.removeAll()
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
  var value: [UInt8]
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
