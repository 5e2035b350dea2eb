import Core
import Text

/// Received records that are not decoded yet. Only the last record of each key is stored, because it contains all earlier ones. A topic
/// that is read from its start has many replaced records if the brokers have not compacted it.
struct LatestRecords {
  private static let mostBytes = 16 << 20
  private static let longest = Duration.seconds(1)

  private var values: [[UInt8]: [UInt8]] = [:]
  private var bytes = 0
  private var drainedAt = Timestamp.distantPast

  /// `value` `nil` is a tombstone.
  mutating func take(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
    bytes += value?.count ?? 0
    values[Array(key)] = value.map { Array($0) }
  }

  /// Whether the records are large enough or have waited long enough to be decoded.
  func isDue(at now: Timestamp) -> Bool { bytes > Self.mostBytes || now - drainedAt > Self.longest }

  mutating func drain(at now: Timestamp, _ body: ([UInt8]) -> Void) {
    for value in values.values { body(value) }
    values.removeAll(keepingCapacity: bytes > Self.mostBytes)
    (bytes, drainedAt) = (0, now)
  }
}

/// Decodes state records into a batch of events. Used by one thread.
struct StateRecordReader: ~Copyable {
  /// Limit of a decompressed record in bytes; a record may contain an event larger than 128 KiB.
  private static let longest = 4 << 20

  private let header: StateHeader
  private let encoding: RecordedEvent
  private var decoder: ZstdDecoder?
  private(set) var batch = EventBatch()
  /// Events whose time is after the time at which they were read, each with that time.
  private var ahead: [(event: Event, readAt: Timestamp)] = []
  private(set) var progress: [StateProgress] = []
  /// Number of rejected records, and the reason of the last one.
  private(set) var refused = 0
  private(set) var refusal: String?
  private(set) var events = 0

  init(_ system: SystemDefinition, symbols: SymbolTable) {
    header = StateHeader(system)
    encoding = RecordedEvent(system, symbols: symbols)
  }

  /// Decodes the value of a record. A damaged record is rejected as a whole, so that no part of it is used.
  mutating func take(_ value: [UInt8]) {
    guard let lines = unpacked(value) else { return refuse("it is damaged") }
    let end = (lines.firstIndex(of: UInt8(ascii: "\n")) ?? lines.endIndex - 1) + 1
    guard lines[..<end].elementsEqual(header.line) else { return refuse(StateHeader.difference(lines[..<end])) }
    do throws(DamagedLine) { try read(lines[end...]) } catch { refuse("it is damaged") }
  }

  private mutating func refuse(_ reason: String) {
    refused += 1
    refusal = reason
  }

  private mutating func unpacked(_ value: [UInt8]) -> [UInt8]? {
    guard ZstdDecoder.isPacked(value) else { return value.isEmpty ? nil : value }
    if decoder == nil { decoder = ZstdDecoder() }
    var packed = value[...]
    var lines: [UInt8] = []
    repeat {
      guard decoder?.unpack(&packed, into: &lines) ?? false, lines.count <= Self.longest else {
        decoder = nil
        return nil
      }
    } while !packed.isEmpty || decoder?.isFull ?? false
    guard !(decoder?.isOpen ?? true), !lines.isEmpty else {
      decoder = nil
      return nil
    }
    return lines
  }

  private mutating func read(_ lines: ArraySlice<UInt8>) throws(DamagedLine) {
    var found: [(event: Event, readAt: Timestamp?)] = []
    var told: [StateProgress] = []
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      let node = try DamagedLine.need(JSONNode(Array(line)))
      if RecordedEvent.isEvent(node) { found.append(try encoding.event(node)) }
      if let progress = try StateProgress(node) { told.append(progress) }
    }
    for (event, readAt) in found {
      if let readAt { ahead.append((event, readAt)) } else { batch.events.append(event) }
    }
    events += found.count
    progress += told
  }

  /// Passes on the events read since the last call.
  mutating func flush(to sink: any ObservationSink) {
    if !batch.isEmpty { sink.accept(batch) }
    batch.removeAll()
    for (event, readAt) in ahead {
      var late = EventBatch(events: [event])
      late.readAt = readAt
      sink.accept(late)
    }
    ahead.removeAll()
  }

  mutating func takeProgress() -> [StateProgress] {
    defer { progress.removeAll() }
    return progress
  }
}
