import Core

/// Opens messages for the decoder and holds those whose schemas are not available. Belongs to one thread.
///
/// A message waits while its schema is requested, or while the registry does not respond. If the registry responds without a usable schema,
/// the message is not decoded. In the last two cases it is reported as undecoded but remains held, and is decoded when the schema arrives.
package struct HeldMessages: ~Copyable {
  private static let mostBytes = 64 << 20

  private var opener: MessageOpener
  private let registry: SchemaRegistry?
  private let keepsAll: Bool
  private let most: Int
  private var held: [HeldMessage] = []
  private var heldBytes = 0
  /// The numbers of held messages that wait for a response, and that wait for a registry that does not respond.
  private var awaited = 0
  private var out = 0
  /// Why schemas of held messages are unavailable.
  private var reasons: [SchemaID: String] = [:]
  private var dropped = DroppedMessages()
  /// Dropped messages that are being read again; they were reported as undecoded.
  private var told: [Place: Set<Int64>] = [:]
  private var version = 0

  struct Place: Hashable {
    var topic: Symbol
    var partition: Int32
  }

  /// `registry` must be started. `keepsAll`: no message is dropped during an outage; the reader pauses while `isCrowded`. `most`: maximum
  /// number of messages that are held.
  package init(
    _ settings: SchemaSettings, _ registry: SchemaRegistry? = nil, keepsAll: Bool = false, most: Int = 100_000
  ) {
    (self.keepsAll, self.most) = (keepsAll, most)
    opener = MessageOpener(settings, registry)
    self.registry = registry
  }

  /// Some messages are not decoded yet, and a response is expected soon.
  var isAwaiting: Bool { awaited > 0 }

  /// Some messages are not decoded yet because the registry does not respond, or did not respond when they were read.
  var isOut: Bool { out > 0 || dropped.isOut }

  /// Some messages are held, for a response or an unavailable schema.
  var isHolding: Bool { !held.isEmpty }

  /// Some messages did not fit and must be read again.
  var hasDropped: Bool { !dropped.isEmpty }

  /// Reading must pause until a response arrives.
  var isFull: Bool { awaited > 0 && hasNoRoom }

  /// The next message that waits for the registry would be dropped.
  var isCrowded: Bool { isFull || out > 0 && hasNoRoom }

  private var hasNoRoom: Bool { held.count >= most || heldBytes >= Self.mostBytes }

  /// Notes for the user, one sentence each: waiting messages first, then messages that are not decoded.
  var notes: [String] {
    var groups: [SchemaID: (count: Int, waits: Bool, topic: String)] = [:]
    for message in held {
      let waits = message.isOut || message.isAwaited
      if groups[message.schema] == nil { groups[message.schema] = (0, waits, message.topicName) }
      groups[message.schema]?.count += 1
      groups[message.schema]?.waits = waits
    }
    let most = groups.sorted { ($1.value.count, $0.key.description) < ($0.value.count, $1.key.description) }
    let omitted = keepsAll ? nil : dropped.note
    return [waiting(most.filter { $0.value.waits }), omitted, undecoded(most.filter { !$0.value.waits })]
      .compactMap(\.self)
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
    let others = more > 0 ? "; and of \(more) other \(more == 1 ? "schema" : "schemas")" : ""
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
    // A message that was reported is missing until the response arrives.
    case .waits(let schema): hold(message, topicName, schema, isTold: isTold, isAwaited: true, isOut: isTold)
    case .refused(let schema, let reason, let isOut):
      if !isTold { decoder.refuse(message, isOut ? "\(schema): \(reason)" : reason, into: &batch) }
      if hasNoRoom, !(isOut && keepsAll) { return dropped.add(message.origin, schema, isOut: isOut) }
      reasons[schema] = reason
      hold(message, topicName, schema, isTold: true, isOut: isOut)
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
    isAwaited: Bool = false, isOut: Bool
  ) {
    var held = HeldMessage(message, topicName: topicName, schema: schema)
    (held.isTold, held.isAwaited, held.isOut) = (isTold, isAwaited, isOut)
    hold(held)
  }

  private mutating func hold(_ message: HeldMessage) {
    held.append(message)
    heldBytes += message.size
    if message.isAwaited { awaited += 1 }
    if message.isOut { out += 1 }
  }

  /// Decodes held messages whose schemas have arrived, in order, and reports those whose schemas are unavailable.
  mutating func resume(with decoder: inout Decoder, into batch: inout EventBatch) {
    guard let registry, isHolding || dropped.isOut, registry.version != version else { return }
    version = registry.version
    dropped.review(registry)
    let waiting = held
    (held, heldBytes, awaited, out, reasons) = ([], 0, 0, 0, [:])
    for message in waiting { resume(message, with: &decoder, into: &batch) }
  }

  private mutating func resume(_ message: HeldMessage, with decoder: inout Decoder, into batch: inout EventBatch) {
    var message = message
    let isKept = message.withMessage { consumed, topicName in
      switch opener.open(consumed, topicName: topicName) {
      case .waits:
        message.isAwaited = true
        return true
      case .refused(let schema, let reason, let isOut):
        if !message.isTold { decoder.refuse(consumed, isOut ? "\(schema): \(reason)" : reason, into: &batch) }
        (message.isTold, message.isAwaited, message.isOut) = (true, false, isOut)
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

  /// Partitions to read again, with the first offset, because a schema of dropped messages has arrived or is requested. Each is returned
  /// once: the caller must read it again before its position may count as read.
  mutating func takeDropped() -> [Place: Int64] {
    guard !dropped.isEmpty, let registry, dropped.isAnyAvailable(registry) else { return [:] }
    let offsets = dropped.take()
    for (place, offsets) in offsets { told[place, default: []].formUnion(offsets) }
    return offsets.compactMapValues { $0.min() }
  }
}
