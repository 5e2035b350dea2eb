import Core

/// Opens messages for the decoder and holds those whose schemas are not available. Belongs to one thread.
///
/// A message waits while its schema is requested, or while the registry does not respond. If the registry responds without a usable schema,
/// the message is not decoded. In the last two cases it is reported as undecoded but remains held, and is decoded when the schema arrives.
package struct HeldMessages: ~Copyable {
  private static let mostHeld = 100_000
  private static let mostBytes = 64 << 20
  private static let mostDropped = 1_000_000

  private var opener: MessageOpener
  private let registry: SchemaRegistry?
  private let keepsAll: Bool
  private var held: [HeldMessage] = []
  private var heldBytes = 0
  /// The numbers of held messages that wait for a response, and that wait for a registry that does not respond.
  private var awaited = 0
  private var out = 0
  /// Why schemas of held messages are unavailable.
  private var reasons: [SchemaID: String] = [:]
  /// Offsets of messages that did not fit, and their schemas. These partitions must be read again.
  private var dropped: [Place: [Int64]] = [:]
  private var droppedCount = 0
  private var droppedSchemas: Set<SchemaID> = []
  private var hasDroppedOut = false
  /// Dropped messages that are being read again; they were reported as undecoded.
  private var told: [Place: Set<Int64>] = [:]
  private var version = 0

  struct Place: Hashable {
    var topic: Symbol
    var partition: Int32
  }

  /// `registry` must be started. `keepsAll`: no message is dropped during an outage; the reader pauses while `isCrowded`.
  package init(_ settings: SchemaSettings, _ registry: SchemaRegistry? = nil, keepsAll: Bool = false) {
    self.keepsAll = keepsAll
    opener = MessageOpener(settings, registry)
    self.registry = registry
  }

  /// Some messages are not decoded yet, and a response is expected soon.
  var isAwaiting: Bool { awaited > 0 }

  /// Some messages are not decoded yet because the registry does not respond.
  var isOut: Bool { out > 0 || hasDroppedOut }

  /// Some messages are held, for a response or an unavailable schema.
  var isHolding: Bool { !held.isEmpty }

  /// Reading must pause until a response arrives.
  var isFull: Bool { awaited > 0 && hasNoRoom }

  /// The next message that waits for the registry would be dropped.
  var isCrowded: Bool { isFull || out > 0 && hasNoRoom }

  private var hasNoRoom: Bool { held.count >= Self.mostHeld || heldBytes >= Self.mostBytes }

  /// Notes for the user, one sentence each: waiting messages first, then messages that are not decoded.
  var notes: [String] {
    if held.isEmpty { return [] }
    var groups: [SchemaID: (count: Int, waits: Bool, topic: String)] = [:]
    for message in held {
      let waits = message.isOut || !message.isTold
      if groups[message.schema] == nil { groups[message.schema] = (0, waits, message.topicName) }
      groups[message.schema]?.count += 1
      groups[message.schema]?.waits = waits
    }
    let most = groups.sorted { ($1.value.count, $0.key.description) < ($0.value.count, $1.key.description) }
    return [waiting(most.filter { $0.value.waits }), undecoded(most.filter { !$0.value.waits })].compactMap(\.self)
  }

  private typealias Groups = [(key: SchemaID, value: (count: Int, waits: Bool, topic: String))]

  private func waiting(_ groups: Groups) -> String? {
    guard let first = groups.first else { return nil }
    let named = groups.prefix(3).map { id, group in
      "\(group.count) \(group.count == 1 ? "message waits" : "messages wait") for \(id)"
    }
    let others = groups.count > 3 ? " and others for \(groups.count - 3) other schemas" : ""
    let reason = out > 0 ? reasons[first.key].map { "; registry \($0)" } ?? "" : ""
    return named.joined(separator: ", ") + others + reason
  }

  private func undecoded(_ groups: Groups) -> String? {
    guard let first = groups.first else { return nil }
    let (count, topic) = (first.value.count, first.value.topic)
    let more = groups.count - 1
    let others = more > 0 ? "; so are those of \(more) other \(more == 1 ? "schema" : "schemas")" : ""
    return
      "\(count) \(count == 1 ? "message" : "messages") of topic \(topic) \(count == 1 ? "is" : "are") not decoded: "
      + (reasons[first.key] ?? "\(first.key)") + others
  }

  package mutating func decode(
    _ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, with decoder: inout Decoder,
    into batch: inout EventBatch
  ) {
    let isTold = wasTold(message.origin)
    switch opener.open(message, topicName: topicName) {
    case .ready(let opened):
      if isTold { batch.withdrawn.append(message.origin) }
      decoder.decode(opened, topicName: topicName, into: &batch)
    case .damaged(let opened, let reason):
      if isTold { batch.withdrawn.append(message.origin) }
      decoder.decode(opened, topicName: topicName, problem: reason, into: &batch)
    case .waits(let schema): hold(message, topicName, schema, isTold: isTold)
    case .refused(let schema, let reason, let isOut):
      if !isTold { decoder.refuse(message, isOut ? "\(schema): \(reason)" : reason, into: &batch) }
      reasons[schema] = reason
      guard hasNoRoom, !(isOut && keepsAll) else { return hold(message, topicName, schema, isTold: true, isOut: isOut) }
      drop(message.origin, schema)
      hasDroppedOut = hasDroppedOut || isOut
    }
  }

  private mutating func wasTold(_ origin: Origin) -> Bool {
    guard !told.isEmpty else { return false }
    let place = Place(topic: origin.topic, partition: origin.partition)
    let isTold = told[place]?.remove(origin.offset) != nil
    if told[place]?.isEmpty ?? false { told[place] = nil }
    return isTold
  }

  private mutating func hold(
    _ message: ConsumedMessage, _ topicName: UnsafeRawBufferPointer, _ schema: SchemaID, isTold: Bool,
    isOut: Bool = false
  ) {
    var held = HeldMessage(message, topicName: topicName, schema: schema)
    (held.isTold, held.isOut) = (isTold, isOut)
    hold(held)
  }

  private mutating func hold(_ message: HeldMessage) {
    held.append(message)
    heldBytes += message.size
    if !message.isTold { awaited += 1 }
    if message.isOut { out += 1 }
  }

  private mutating func drop(_ origin: Origin, _ schema: SchemaID) {
    let place = Place(topic: origin.topic, partition: origin.partition)
    // Beyond the limit only the first message of a partition is noted; the others remain reported as undecoded.
    if droppedCount < Self.mostDropped || dropped[place] == nil {
      dropped[place, default: []].append(origin.offset)
      droppedCount += 1
    }
    droppedSchemas.insert(schema)
  }

  /// Decodes held messages whose schemas have arrived, in order, and reports those whose schemas are unavailable.
  mutating func resume(with decoder: inout Decoder, into batch: inout EventBatch) {
    guard let registry, isHolding || hasDroppedOut, registry.version != version else { return }
    version = registry.version
    hasDroppedOut = droppedSchemas.contains { registry.known($0)?.isOut ?? false }
    let waiting = held
    (held, heldBytes, awaited, out, reasons) = ([], 0, 0, 0, [:])
    for message in waiting { resume(message, with: &decoder, into: &batch) }
  }

  private mutating func resume(_ message: HeldMessage, with decoder: inout Decoder, into batch: inout EventBatch) {
    var message = message
    let isKept = message.withMessage { consumed, topicName in
      switch opener.open(consumed, topicName: topicName) {
      case .waits: return true
      case .refused(let schema, let reason, let isOut):
        if !message.isTold { decoder.refuse(consumed, isOut ? "\(schema): \(reason)" : reason, into: &batch) }
        (message.isTold, message.isOut) = (true, isOut)
        reasons[schema] = reason
        return true
      case .ready(let opened):
        if message.isTold { batch.withdrawn.append(consumed.origin) }
        decoder.decode(opened, topicName: topicName, into: &batch)
      case .damaged(let opened, let reason):
        if message.isTold { batch.withdrawn.append(consumed.origin) }
        decoder.decode(opened, topicName: topicName, problem: reason, into: &batch)
      }
      return false
    }
    if isKept { hold(message) }
  }

  /// Partitions to read again, with the first offset, because a schema of dropped messages has arrived. Each is returned once.
  mutating func takeDropped() -> [Place: Int64] {
    guard !dropped.isEmpty, let registry, !hasNoRoom else { return [:] }
    let isAnyAvailable = droppedSchemas.contains { id in
      registry.known(id).map { !$0.isOut && !$0.isRefused } ?? true
    }
    guard isAnyAvailable else { return [:] }
    for (place, offsets) in dropped { told[place, default: []].formUnion(offsets) }
    defer { (dropped, droppedCount, droppedSchemas, hasDroppedOut) = ([:], 0, [], false) }
    return dropped.compactMapValues { $0.min() }
  }
}

/// A message that waits for its schema, with its own copy of the bytes.
struct HeldMessage {
  private let origin: Origin
  private let brokerTime: Timestamp?
  private let receivedAt: Timestamp
  /// The topic's name, the key, alternating header names and values, and the body, concatenated.
  private let bytes: [UInt8]
  /// Lengths of all parts except the body.
  private let lengths: [Int]
  private let hasBody: Bool
  let schema: SchemaID
  /// It was reported as undecoded.
  var isTold = false
  /// It was reported because the registry does not respond, and still waits for it.
  var isOut = false

  init(_ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, schema: SchemaID) {
    (origin, brokerTime, receivedAt) = (message.origin, message.brokerTime, message.receivedAt)
    let parts = [topicName, message.key] + message.headers.flatMap { [$0.name, $0.value] }
    lengths = parts.map(\.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(lengths.reduce(message.body?.count ?? 0, +))
    for part in parts { bytes += part }
    if let body = message.body { bytes += body }
    self.bytes = bytes
    hasBody = message.body != nil
    self.schema = schema
  }

  var topicName: String { String(decoding: bytes.prefix(lengths.first ?? 0), as: UTF8.self) }

  /// Approximate memory in bytes.
  var size: Int { bytes.count + lengths.count * 8 + 200 }

  func withMessage<Result>(_ body: (ConsumedMessage, _ topicName: UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { bytes in
      var place = 0
      let parts = lengths.map { length in
        defer { place += length }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + length])
      }
      let headers = stride(from: 2, to: parts.count - 1, by: 2).map {
        ConsumedMessage.Header(name: parts[$0], value: parts[$0 + 1])
      }
      let message = ConsumedMessage(
        origin: origin, brokerTime: brokerTime, receivedAt: receivedAt, key: parts[1],
        body: hasBody ? UnsafeRawBufferPointer(rebasing: bytes[place...]) : nil, headers: headers)
      return body(message, parts[0])
    }
  }
}
