import Core

/// Turns messages into events by a system's rules. Belongs to one thread.
package struct Decoder {
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

  private let fields: CompiledFields
  private let keep: MessageKeeper
  private let reader: JSONReader
  private var names: SymbolCache
  private var stepLists: [[Symbol]: [Symbol]] = [:]
  package private(set) var counts = Counts()

  package init(_ fields: CompiledFields, symbols: SymbolTable, bodyLimit: Int = 4096) {
    self.fields = fields
    keep = MessageKeeper(bodyLimit: bodyLimit)
    reader = JSONReader(fields.plan)
    names = SymbolCache(symbols)
  }

  mutating func symbol(_ name: String) -> Symbol {
    var name = name
    return name.withUTF8 { names.symbol(UnsafeRawBufferPointer($0)) }
  }

  /// Appends what the message is to the batch: an event, or a message that could not be read and why.
  package mutating func decode(_ message: RawMessage, topicName: UnsafeRawBufferPointer, into batch: inout EventBatch) {
    let view = MessageView(message: message, topicName: topicName, reader: reader)
    if let reason = read(message) {
      let text = keep.keep(message, in: &batch.arena)
      let time = brokerTime(message)
      batch.undecoded.append(UndecodedMessage(origin: message.origin, time: time, reason: reason, text: text))
      return
    }
    let type = eventType(view)
    let links = links(view, type: type)
    if message.body == nil, links.isEmpty {
      counts.tombstones += 1
      return
    }
    batch.events.append(
      Event(
        type: type, time: eventTime(view), origin: message.origin, node: symbol(view.first(fields.node)),
        fingerprint: (view.first(fields.id) ?? view.cloudID(fields)).map(Bytes.hash) ?? 0, link: links.first,
        otherLinks: links.count > 1 ? Array(links.dropFirst()) : [], text: keep.keep(message, in: &batch.arena)))
  }

  /// Reads the body; gives the reason when that fails.
  private func read(_ message: RawMessage) -> String? {
    reader.reset()
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

  mutating func symbol(_ bytes: UnsafeRawBufferPointer?) -> Symbol {
    bytes.map { names.symbol($0) } ?? .none
  }

  private mutating func eventType(_ view: MessageView) -> Symbol {
    names.symbol(view.first(fields.type) ?? view.cloudType(fields) ?? view.topicName)
  }

  private mutating func eventTime(_ view: MessageView) -> Timestamp {
    guard let text = view.first(fields.time) ?? view.cloudTime(fields), let time = TimestampParser.parse(text) else {
      return brokerTime(view.message)
    }
    if time <= view.message.receivedAt + Self.believedAhead { return time }
    counts.futureTimes += 1
    return brokerTime(view.message)
  }

  private func brokerTime(_ message: RawMessage) -> Timestamp {
    guard let time = message.brokerTime, time <= message.receivedAt + Self.believedAhead else {
      return message.receivedAt
    }
    return time
  }

  /// What the message says of which saga. Where no definition knows its type, the first whose ids it carries takes it.
  private mutating func links(_ view: MessageView, type: Symbol) -> [SagaLink] {
    var links: [SagaLink] = []
    var isKnown = false
    for (index, definition) in fields.definitions.enumerated() {
      let knows = definition.types.contains(type)
      guard knows || (!isKnown && links.isEmpty), let link = link(view, definition, index) else { continue }
      if knows, !isKnown { links.removeAll() }
      isKnown = isKnown || knows
      links.append(link)
    }
    return links
  }

  private mutating func link(_ view: MessageView, _ definition: CompiledFields.Definition, _ index: Int) -> SagaLink? {
    var link: SagaLink?
    for (identity, sources) in definition.identities.enumerated() {
      guard let value = view.first(sources).flatMap(SagaID.text) else { continue }
      let key = SagaKey(identity: UInt8(clamping: identity), value: value)
      if link == nil {
        link = SagaLink(definition: UInt16(clamping: index), key: key)
      } else {
        link?.otherKeys.append(key)
      }
    }
    guard link != nil else { return nil }
    link?.steps = steps(view, definition.steps)
    link?.error = view.first(definition.error).map { Bytes.string(Bytes.prefix($0, Self.longestError)) }
    return link
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
