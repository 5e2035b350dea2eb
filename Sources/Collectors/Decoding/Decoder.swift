import Core

/// Turns messages into events by a system's rules. Belongs to one thread.
package struct Decoder: ~Copyable {
  package struct Counts: Sendable, Equatable {
    /// Events whose own time lay too far ahead to be believed.
    package var futureTimes = 0
    /// Tombstones that named no saga.
    package var tombstones = 0
  }

  /// An event's time may run ahead of the receiver's clock by this much.
  static let believedAhead = Duration.seconds(300)
  private static let longestError = 500
  private static let mostSteps = 64
  /// That one message may belong to; as many values of one path are read of it.
  private static let mostSagas = 64

  let fields: CompiledFields
  private let keep: MessageCopier
  private let keepsOriginals: Bool
  private(set) var reader: JSONReader
  /// For the text of an envelope.
  private var opener: JSONReader
  private var names: SymbolCache
  private var stepLists: [[Symbol]: [Symbol]] = [:]
  package private(set) var counts = Counts()

  package init(_ fields: CompiledFields, symbols: SymbolTable, bodyLimit: Int = 4096, keepsOriginals: Bool = false) {
    self.fields = fields
    self.keepsOriginals = keepsOriginals
    keep = MessageCopier(bodyLimit: bodyLimit)
    reader = JSONReader(fields.plan)
    opener = JSONReader(fields.openedPlan ?? fields.plan)
    names = SymbolCache(symbols)
  }

  mutating func symbol(_ name: String) -> Symbol {
    var name = name
    return name.withUTF8 { names.symbol(UnsafeRawBufferPointer($0)) }
  }

  /// Appends what the message is to the batch: an event, or a message that could not be read and why.
  package mutating func decode(
    _ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, into batch: inout EventBatch
  ) {
    if keepsOriginals { batch.originals.append(OriginalMessage(message)) }
    if let reason = read(message) {
      let text = keep.keep(message, in: &batch.arena)
      let time = brokerTime(message)
      batch.undecoded.append(UndecodedMessage(origin: message.origin, time: time, reason: reason, text: text))
      return
    }
    let view = open(MessageView(message: message, topicName: topicName, fields: reader.fields, opened: JSONFields()))
    let type = eventType(view)
    var otherLinks: [SagaLink] = []
    let link = link(view, type: type, others: &otherLinks)
    if message.body == nil, link == nil {
      counts.tombstones += 1
      return
    }
    batch.events.append(
      Event(
        type: type, time: eventTime(view), origin: message.origin, node: symbol(view.first(fields.node)),
        version: symbol(view.first(fields.version)),
        fingerprint: (view.first(fields.id) ?? view.cloudID(fields)).map(Bytes.hash) ?? 0, link: link,
        otherLinks: otherLinks, text: keep.keep(message, in: &batch.arena)))
  }

  /// Reads the body; gives the reason when that fails.
  private mutating func read(_ message: ConsumedMessage) -> String? {
    reader.clear()
    guard let body = message.body else { return nil }
    if body.count > 5, body[0] == 0 {
      // A schema registry's frame: a zero and the schema's id, then the record.
      let document = UnsafeRawBufferPointer(rebasing: body[5...])
      if document[0] == UInt8(ascii: "{") || document[0] == UInt8(ascii: "[") { return reader.read(document) }
      let schema = body[1...4].reduce(0) { $0 << 8 | UInt32($1) }
      return "Avro or Protobuf, schema id \(schema): not decoded"
    }
    return reader.read(body)
  }

  /// Reads the envelope's text. One that is no JSON holds nothing that could be looked for.
  mutating func open(_ view: MessageView) -> MessageView {
    guard fields.openedPlan != nil, let text = view.first(fields.envelope), opener.read(text) == nil else {
      return view
    }
    return MessageView(
      message: view.message, topicName: view.topicName, fields: view.fields, opened: opener.fields)
  }

  mutating func symbol(_ bytes: UnsafeRawBufferPointer?) -> Symbol {
    bytes.map { names.symbol($0) } ?? .none
  }

  private mutating func eventType(_ view: MessageView) -> Symbol {
    if let type = view.message.type { return symbol(type) }
    return names.symbol(view.first(fields.type) ?? view.cloudType(fields) ?? view.topicName)
  }

  private mutating func eventTime(_ view: MessageView) -> Timestamp {
    guard let text = view.first(fields.time) ?? view.cloudTime(fields),
      let time = Self.binaryTime(text) ?? TimestampParser.parse(text), time.nanoseconds != 0
    else {
      return brokerTime(view.message)
    }
    if Self.isBelieved(time, view.message) { return time }
    counts.futureTimes += 1
    return brokerTime(view.message)
  }

  /// Headers that Java writes may hold a time as eight bytes, in milliseconds, the highest first; text never begins with a zero.
  private static func binaryTime(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    guard bytes.count == 8, bytes[0] == 0 else { return nil }
    return Timestamp(milliseconds: bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) })
  }

  private func brokerTime(_ message: ConsumedMessage) -> Timestamp {
    guard let time = message.brokerTime, Self.isBelieved(time, message) else { return message.receivedAt }
    return time
  }

  private static func isBelieved(_ time: Timestamp, _ message: ConsumedMessage) -> Bool {
    time <= message.receivedAt || time <= message.receivedAt + believedAhead
  }

  /// What the message says of which saga; further sagas go to `others`. Where no definition knows its type, the first whose ids it
  /// carries takes it.
  private mutating func link(_ view: MessageView, type: Symbol, others: inout [SagaLink]) -> SagaLink? {
    var first: SagaLink?
    for index in fields.definitions.indices where fields.definitions[index].knows(type) {
      var more: [SagaLink] = []
      guard let link = link(view, index, others: &more) else { continue }
      if first == nil { first = link } else { others.append(link) }
      others += more
    }
    if first != nil { return first }
    for index in fields.definitions.indices where !fields.definitions[index].knows(type) {
      if let link = link(view, index, others: &others) { return link }
    }
    return nil
  }

  private mutating func link(_ view: MessageView, _ index: Int, others: inout [SagaLink]) -> SagaLink? {
    let definition = fields.definitions[index]
    if let each = definition.each {
      let values = Self.ids(view, definition.identities[each])
      if values.count > 1 {
        for value in values.dropFirst() {
          others.append(link(view, index, key: SagaKey(identity: UInt8(clamping: each), value: value)))
        }
        return link(view, index, key: SagaKey(identity: UInt8(clamping: each), value: values[0]))
      }
    }
    var key: SagaKey?
    var otherKeys: [SagaKey] = []
    for identity in definition.identities.indices {
      guard let value = view.first(definition.identities[identity]).flatMap(SagaID.text) else { continue }
      let found = SagaKey(identity: UInt8(clamping: identity), value: value)
      if key == nil { key = found } else { otherKeys.append(found) }
    }
    guard let key else { return nil }
    var link = link(view, index, key: key)
    link.otherKeys = otherKeys
    return link
  }

  private mutating func link(_ view: MessageView, _ index: Int, key: SagaKey) -> SagaLink {
    let definition = fields.definitions[index]
    return SagaLink(
      definition: UInt16(clamping: index), key: key, parent: view.first(definition.parent).flatMap(SagaID.text),
      steps: steps(view, definition.steps),
      error: view.first(definition.error).map { Bytes.string(Bytes.prefix($0, Self.longestError)) },
      product: view.first(definition.product).flatMap(SagaID.text))
  }

  /// The ids that the first source has that has any, each once.
  private static func ids(_ view: MessageView, _ sources: [CompiledSource]) -> [String] {
    for source in sources {
      var found: [String] = []
      var seen: Set<String> = []
      view.forEach(source) { bytes in
        if found.count < mostSagas, let id = SagaID.text(bytes), seen.insert(id).inserted { found.append(id) }
      }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// The values of the first source that has any. Equal lists share their storage, because they repeat with every saga.
  private mutating func steps(_ view: MessageView, _ sources: [CompiledSource]) -> [Symbol] {
    for source in sources {
      var found: [Symbol] = []
      view.forEach(source) { bytes in
        if found.count < Self.mostSteps { found.append(names.symbol(bytes)) }
      }
      if found.isEmpty { continue }
      if let shared = stepLists[found] { return shared }
      if stepLists.count < 1000 { stepLists[found] = found }
      return found
    }
    return []
  }
}
