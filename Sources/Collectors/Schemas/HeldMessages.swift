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
  /// How far partitions are read, while a message may be dropped.
  private var taken = TakenOffsets()
  private var again = MessagesReadAgain()
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
    let omitted = dropped.note(isReadAgain: !keepsAll)
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

  /// While a partition is read again, messages that were taken before are passed over.
  package mutating func decode(
    _ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, with decoder: inout Decoder,
    into batch: inout EventBatch
  ) {
    let verdict = again.note(message.origin)
    if verdict == .known { return }
    decode(message, topicName, isTold: verdict == .told, with: &decoder, into: &batch)
    if isHolding || hasDropped { taken.note(message.origin) }
  }

  private mutating func decode(
    _ message: ConsumedMessage, _ topicName: UnsafeRawBufferPointer, isTold: Bool, with decoder: inout Decoder,
    into batch: inout EventBatch
  ) {
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
      if mustDrop(isOut: isOut) { return dropped.add(message.origin, schema, isOut: isOut) }
      reasons[schema] = reason
      hold(message, topicName, schema, isTold: true, isOut: isOut)
    }
  }

  private func mustDrop(isOut: Bool) -> Bool { hasNoRoom && !(isOut && keepsAll) }

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
    if !isHolding, !hasDropped { taken.removeAll() }
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
        if mustDrop(isOut: isOut) {
          dropped.add(consumed.origin, schema, isOut: isOut)
          return false
        }
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
    let parts = dropped.take()
    for (place, part) in parts {
      // From there on, dropped messages are not distinguished from those that were taken: all are taken again.
      if let offset = part.firstUnlisted { taken.lower(place, to: offset) }
      again.add(place, part, takenUntil: taken[place])
    }
    return parts.compactMapValues { $0.offsets.min() }
  }

  /// Forgets which messages of a partition were read, because it is not read any more: a partition with the same name may be another one.
  mutating func forget(_ place: Place) {
    dropped.forget(place)
    taken.forget(place)
    again.forget(place)
  }
}

extension HeldMessages.Place {
  init(_ origin: Origin) { self.init(topic: origin.topic, partition: origin.partition) }
}
