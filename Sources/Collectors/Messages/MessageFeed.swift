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
  private let hide: @Sendable ([UInt8]) -> [UInt8]
  private var decoder: Decoder
  private var batch = EventBatch()
  private var seen = SeenEvents()
  private var number: Int64 = 0
  /// Number of events and undecoded messages so far.
  private(set) var count = 0

  /// `hide` takes secrets out of a message.
  init(
    source: String, fields: CompiledFields, symbols: SymbolTable, since: Timestamp? = nil, sink: any ObservationSink,
    hide: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
  ) {
    self.source = source
    self.since = since
    self.hide = hide
    self.sink = sink
    self.symbols = symbols
    decoder = Decoder(fields, symbols: symbols, keepsOriginals: sink.wantsOriginals)
  }

  mutating func take(_ found: MessageFinder.Found, at time: Timestamp) {
    take(found.body.bytes, type: found.type, at: time)
  }

  /// A change of a job. `time` is when it was read; it is used if the API reports no time.
  mutating func take(_ job: JobReader.Message, at time: Timestamp) {
    var texts = Array(job.key.utf8)
    let places = job.headers.map { header in
      let start = texts.count
      texts += Array(header.name.utf8) + Array(header.value.utf8)
      return (start, start + header.name.utf8.count, texts.count)
    }
    let identity = Array(job.identity.utf8).withUnsafeBytes { Bytes.hash($0) }
    texts.withUnsafeBytes { bytes in
      let slice = { (from: Int, to: Int) in UnsafeRawBufferPointer(rebasing: bytes[from..<to]) }
      let headers = places.map { ConsumedMessage.Header(name: slice($0.0, $0.1), value: slice($0.1, $0.2)) }
      take(
        job.body, type: job.type, at: job.time ?? time, key: slice(0, job.key.utf8.count), headers: headers,
        identity: identity)
    }
  }

  /// A message that may or may not be JSON. `time` is when it was read; it is used if the message contains no time. `identity` is the
  /// fingerprint for a message without its own id; if 0, the fingerprint is computed from the content.
  mutating func take(
    _ body: [UInt8], type: String?, at time: Timestamp, key: UnsafeRawBufferPointer = Bytes.empty,
    headers: [ConsumedMessage.Header] = [], identity: UInt64 = 0
  ) {
    let before = (events: batch.events.count, arena: batch.arena.count, originals: batch.originals.count)
    var name = source
    hide(body).withUnsafeBytes { bytes in
      var message = ConsumedMessage(
        origin: Origin(source: decoder.symbol(source), number: number), brokerTime: nil, receivedAt: time,
        key: key, body: bytes, headers: headers)
      message.type = type.map { String(decoding: hide(Array($0.utf8)), as: UTF8.self) }
      name.withUTF8 { decoder.decode(message, topicName: UnsafeRawBufferPointer($0), into: &batch) }
    }
    if batch.events.count > before.events, !isNews(identity) {
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

  /// Sets the fingerprint of the last event if it has none. Returns whether the event must be delivered.
  private mutating func isNews(_ identity: UInt64) -> Bool {
    let last = batch.events.count - 1
    if let since, batch.events[last].time < since { return false }
    if batch.events[last].fingerprint == 0 {
      batch.events[last].fingerprint = identity == 0 ? state(batch.events[last]) : identity
    }
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
