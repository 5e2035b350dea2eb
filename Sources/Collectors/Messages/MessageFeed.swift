import Core

/// Converts the messages of a document or command to events and delivers each event once. Belongs to one thread.
///
/// An event without an id describes a state. A saga enters each state of a step only once, so the same state read again, from any source,
/// is the same event.
struct MessageFeed: ~Copyable {
  private static let slice = 1000

  let source: String
  private let sink: any ObservationSink
  private let symbols: SymbolTable
  /// Earlier events are skipped.
  private let since: Timestamp?
  private var decoder: Decoder
  private var batch = EventBatch()
  private var seen = SeenEvents()
  private var number: Int64 = 0
  /// Number of events and undecoded messages so far.
  private(set) var count = 0

  init(
    source: String, fields: CompiledFields, symbols: SymbolTable, since: Timestamp? = nil, sink: any ObservationSink
  ) {
    self.source = source
    self.since = since
    self.sink = sink
    self.symbols = symbols
    decoder = Decoder(fields, symbols: symbols, keepsOriginals: sink.wantsOriginals)
  }

  mutating func take(_ found: MessageFinder.Found, at time: Timestamp) {
    take(found.body.bytes, type: found.type, at: time)
  }

  /// Adds a message that may not be JSON. `time` is when it was seen; it is the event time if the message contains none.
  mutating func take(_ body: [UInt8], type: String?, at time: Timestamp) {
    let before = (events: batch.events.count, arena: batch.arena.count, originals: batch.originals.count)
    var name = source
    body.withUnsafeBytes { bytes in
      var message = ConsumedMessage(
        origin: Origin(source: decoder.symbol(source), number: number), brokerTime: nil, receivedAt: time,
        key: Bytes.empty, body: bytes)
      message.type = type
      name.withUTF8 { decoder.decode(message, topicName: UnsafeRawBufferPointer($0), into: &batch) }
    }
    if batch.events.count > before.events, !isNews() {
      batch.events.removeLast()
      batch.arena.removeLast(batch.arena.count - before.arena)
      batch.originals.removeLast(batch.originals.count - before.originals)
      return
    }
    number += 1
    count += 1
    if batch.events.count + batch.undecoded.count >= Self.slice { flush() }
  }

  /// Delivers the collected events.
  mutating func flush() {
    guard !batch.isEmpty else { return }
    sink.accept(batch)
    batch.removeAll()
  }

  /// Sets the fingerprint of the last event if it has none. Returns whether the event is to be delivered.
  private mutating func isNews() -> Bool {
    let last = batch.events.count - 1
    if let since, batch.events[last].time < since { return false }
    if batch.events[last].fingerprint == 0 { batch.events[last].fingerprint = state(batch.events[last]) }
    return seen.insert(batch.events[last].fingerprint, at: batch.events[last].time)
  }

  /// Hash of the saga, event type and steps; of the whole message if there is no saga.
  private func state(_ event: Event) -> UInt64 {
    var text: [UInt8] = []
    if let link = event.link {
      text = Array("\(link.definition) \(link.key.identity) \(link.key.value)\0\(symbols.text(event.type))".utf8)
      for step in link.steps { text += [0] + Array(symbols.text(step).utf8) }
    } else {
      text = Array(batch.arena[event.text.start..<event.text.start + event.text.length])
    }
    return text.withUnsafeBytes { Bytes.hash($0) }
  }
}

/// Fingerprints of recently delivered events, so that an event that is read repeatedly is delivered once.
struct SeenEvents {
  private var known: [UInt64: Timestamp] = [:]
  private var ring: [UInt64] = []
  private var next = 0
  private let limit: Int

  /// Repetitions of events before the last `limit` are not detected here; the fold ignores them.
  init(limit: Int = 200_000) {
    self.limit = max(1, limit)
  }

  /// Returns false if the fingerprint is known with this time or an earlier one: the earliest time counts as the time of the event.
  mutating func insert(_ fingerprint: UInt64, at time: Timestamp) -> Bool {
    if let former = known[fingerprint] {
      if former <= time { return false }
      known[fingerprint] = time
      return true
    }
    known[fingerprint] = time
    if ring.count < limit {
      ring.append(fingerprint)
    } else {
      known[ring[next]] = nil
      ring[next] = fingerprint
      next = (next + 1) % limit
    }
    return true
  }
}
