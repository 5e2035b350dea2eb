import Core
import Text

/// Turns messages into events by a system's rules. Belongs to one thread.
package struct Decoder: ~Copyable {
  private static let longestError = 500
  private static let mostSteps = 64
  /// That one message may belong to; as many values of one path are read of it.
  private static let mostSagas = 64
  private static let longestID = 200

  let fields: CompiledFields
  private let shortcuts: CompiledFields.Shortcuts
  private let symbols: SymbolTable
  private let keep: MessageCopier
  private let keepsOriginals: Bool
  private(set) var reader: JSONReader
  /// For the text of an envelope, and for keys that are JSON.
  private var opener: JSONReader
  private var keyReader: JSONReader
  private var deadLetters: DeadLetters
  private let scratch = DecodingScratch()
  private var names: SymbolCache
  private var rules: RuleChoice
  private var stepNames: [StepNames]
  private var stepLists: [[Symbol]: EventDetails] = [:]
  package private(set) var counts = DecodingCounts()
  /// What was met that a reader should know, a sentence each.
  package var notes: [String] { counts.notes(symbols, known: fields.eventNames) }

  package init(_ fields: CompiledFields, symbols: SymbolTable, bodyLimit: Int = 4096, keepsOriginals: Bool = false) {
    self.fields = fields
    shortcuts = fields.shortcuts
    self.symbols = symbols
    self.keepsOriginals = keepsOriginals
    keep = MessageCopier(bodyLimit: bodyLimit)
    reader = JSONReader(fields.plan)
    opener = JSONReader(fields.openedPlan ?? fields.plan)
    keyReader = JSONReader(fields.keyPlan ?? fields.plan)
    deadLetters = DeadLetters(fields, symbols: symbols)
    names = SymbolCache(symbols)
    rules = RuleChoice(fields, symbols: symbols)
    stepNames = fields.definitions.map { StepNames($0.aliases, symbols: symbols) }
  }

  mutating func symbol(_ name: String) -> Symbol {
    var name = name
    return name.withUTF8 { names.symbol(UnsafeRawBufferPointer($0)) }
  }

  /// Appends what the message is to the batch: an event, or a message that could not be read and why. Where the body is no JSON the key, the
  /// headers and the topic may tell enough; JSON that is damaged is never an event, for its reader cannot read it either.
  /// `problem` is why the body cannot be read, where that is known before.
  package mutating func decode(
    _ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, problem: String? = nil,
    into batch: inout EventBatch
  ) {
    batch.readAt = message.receivedAt
    if keepsOriginals { batch.originals.append(OriginalMessage(message)) }
    let problem = problem ?? read(message)
    if problem != nil { forget() }
    var view = view(message, topicName)
    let deadLetter = deadLetters.open(&view, isReadable: problem == nil)
    let type = eventType(&view, deadLetter)
    var otherLinks: [SagaLink] = []
    let link = link(view, type: type, others: &otherLinks)
    if let problem, link?.rule ?? EventRule.none == EventRule.none || Bytes.beginsJSON(message.body) {
      return note(message, problem, into: &batch)
    }
    if message.body == nil, link == nil {
      counts.tombstones += 1
      if message.origin.isInTopic { batch.passed.append(message.origin) }
      return
    }
    counts.note(link, type, fields)
    let time = deadLetter == nil ? eventTime(view) : brokerTime(message)
    // In one piece: an event is large, and is copied where it is changed afterwards.
    batch.events.append(
      Event(
        type: type, time: time, origin: message.origin, node: symbol(view.first(shortcuts.node, fields.node)),
        version: symbol(view.first(shortcuts.version, fields.version)),
        fingerprint: deadLetter == nil ? fingerprint(view) : 0, link: link, otherLinks: otherLinks,
        deadLetter: deadLetter, text: keep.keep(message, in: &batch.arena),
        isTimeOfReading: message.brokerTime == nil && time == message.receivedAt,
        trace: view.trace(shortcuts.trace, fields.trace)))
  }

  /// Takes the message as one that cannot be read, whatever it holds.
  mutating func refuse(_ message: ConsumedMessage, _ reason: String, into batch: inout EventBatch) {
    batch.readAt = message.receivedAt
    if keepsOriginals { batch.originals.append(OriginalMessage(message)) }
    note(message, reason, into: &batch)
  }

  private mutating func forget() {
    reader.clear()
    scratch.clear()
  }

  private mutating func note(_ message: ConsumedMessage, _ reason: String, into batch: inout EventBatch) {
    let text = keep.keep(message, in: &batch.arena)
    let time = brokerTime(message)
    batch.undecoded.append(UndecodedMessage(origin: message.origin, time: time, reason: reason, text: text))
  }

  /// A message that was put aside is no copy of what it was before: it has no fingerprint.
  private func fingerprint(_ view: borrowing MessageView) -> UInt64 {
    view.first(shortcuts.id, fields.id).map { Bytes.hash($0) } ?? view.cloudFingerprint(fields)
  }

  /// Reads the body; gives the reason when that fails.
  mutating func read(_ message: ConsumedMessage) -> String? {
    forget()
    guard let body = message.body else { return nil }
    if body.count > 18, body[0] == 3, body[1] == 0 || body[1] == 5 {
      let version = String(decoding: MessageID.guid(bytes: body[2..<18]), as: UTF8.self)
      return "AWS Glue schema registry, schema version \(version): not decoded"
    }
    if body.count > 5, body[0] == 0 {
      // A schema registry's frame: a zero and the schema's id, then the record.
      let document = UnsafeRawBufferPointer(rebasing: body[5...])
      if document[0] == UInt8(ascii: "{") || document[0] == UInt8(ascii: "[") { return reader.read(document) }
      let schema = body[1...4].reduce(0) { $0 << 8 | UInt32($1) }
      return "Avro or Protobuf, schema id \(schema): not decoded without the registry that has it"
    }
    return reader.read(body)
  }

  /// What was read of the message, with the envelope's text and the key, where fields are wanted of them. One that is no JSON holds nothing
  /// that could be looked for.
  mutating func view(_ message: ConsumedMessage, _ topicName: UnsafeRawBufferPointer) -> MessageView {
    var view = MessageView(message: message, topicName: topicName, fields: reader.fields, scratch: scratch)
    if fields.keyPlan != nil, let key = Self.document(message.key), keyReader.read(key) == nil {
      view.keyFields = keyReader.fields
    }
    if fields.openedPlan != nil, let text = view.first(fields.envelope), open(text) { view.opened = opener.fields }
    return view
  }

  /// The text of an envelope: JSON, or Base64 of it.
  private mutating func open(_ text: UnsafeRawBufferPointer) -> Bool {
    if Bytes.beginsJSON(text) { return opener.read(text) == nil }
    guard let decoded = Base64.decoded(text) else { return opener.read(text) == nil }
    return opener.read(scratch.texts.copy(decoded)) == nil
  }

  /// A key that may be JSON, without the frame of a schema registry.
  private static func document(_ key: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let document = key.count > 5 && key[0] == 0 ? UnsafeRawBufferPointer(rebasing: key[5...]) : key
    guard let first = document.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
    return document
  }

  mutating func symbol(_ bytes: UnsafeRawBufferPointer?) -> Symbol {
    bytes.map { names.symbol($0) } ?? .none
  }

  /// Where no definition knows the type, what was put aside is of the type that it had in its own topic.
  private mutating func eventType(_ view: inout MessageView, _ deadLetter: DeadLetter?) -> Symbol {
    let type = eventType(view)
    guard let origin = deadLetter?.originalTopic, !origin.isNone, !isKnown(type) else { return type }
    let name = view.topicName
    view.topicName = scratch.texts.copy(symbols.text(origin).utf8)
    let original = eventType(view)
    view.topicName = name
    return isKnown(original) ? original : type
  }

  private mutating func eventType(_ view: borrowing MessageView) -> Symbol {
    if let type = view.message.type { return symbol(type) }
    return names.symbol(view.first(shortcuts.type, fields.type) ?? view.cloudType(fields) ?? view.topicName)
  }

  private mutating func isKnown(_ type: Symbol) -> Bool {
    for index in fields.definitions.indices where rules.knows(type, index) { return true }
    return false
  }

  func candidates(of type: Symbol, _ definition: Int) -> [UInt16] {
    fields.definitions[definition].rules.candidates(of: type, symbols)
  }

  mutating func chosenRule(of type: Symbol, _ definition: Int, _ view: borrowing MessageView) -> UInt16 {
    rules.rule(of: type, definition, view)
  }

  mutating func openDeadLetter(_ view: inout MessageView, isReadable: Bool) -> DeadLetter? {
    deadLetters.open(&view, isReadable: isReadable)
  }

  private mutating func eventTime(_ view: borrowing MessageView) -> Timestamp {
    let found = value(of: view)
    guard let value = found ?? view.cloudTime(fields).map({ ($0, false) }) else { return brokerTime(view.message) }
    guard let reading = time(value.bytes, isWhole: value.isWhole), reading.time.nanoseconds != 0 else {
      counts.note(unreadable: value.bytes)
      return brokerTime(view.message)
    }
    guard DecodingCounts.isBelieved(reading.time, view.message) else {
      counts.futureTimes += 1
      return brokerTime(view.message)
    }
    counts.note(reading, brokerTime: view.message.brokerTime)
    return reading.time
  }

  private func value(of view: borrowing MessageView) -> (bytes: UnsafeRawBufferPointer, isWhole: Bool)? {
    if case .path(let path) = shortcuts.time, let text = view.text(at: Int(path)) { return (text, false) }
    return shortcuts.time == .empty ? nil : view.firstOrWhole(fields.time)
  }

  private func time(_ bytes: UnsafeRawBufferPointer, isWhole: Bool) -> TimestampParser.Reading? {
    let zone = shortcuts.hasTimeZone ? fields.timeZone : nil
    if isWhole { return WholeValue.time(bytes, zone: zone) }
    if shortcuts.hasTimeFormat, let reading = fields.timeFormat?.read(bytes, zone: zone) { return reading }
    return TimestampParser.read(bytes, zone: zone)
  }

  private func brokerTime(_ message: ConsumedMessage) -> Timestamp {
    guard let time = message.brokerTime, DecodingCounts.isBelieved(time, message) else { return message.receivedAt }
    return time
  }

  /// What the message says of which saga; further sagas go to `others`. Definitions with a rule that matches come first; where there is
  /// none, the first whose ids the message carries takes it, one that knows the type before one that does not.
  private mutating func link(_ view: borrowing MessageView, type: Symbol, others: inout [SagaLink]) -> SagaLink? {
    var first: SagaLink?
    for index in shortcuts.definitions.indices {
      let rule = rules.rule(of: type, index, view)
      if rule == EventRule.none { continue }
      var more: [SagaLink] = []
      guard let link = link(view, index, rule, others: &more) else { continue }
      if first == nil { first = link } else { others.append(link) }
      if !more.isEmpty { others += more }
    }
    if first != nil { return first }
    for isKnown in [true, false] {
      for index in fields.definitions.indices where rules.knows(type, index) == isKnown {
        guard rules.rule(of: type, index, view) == EventRule.none else { continue }
        if let link = link(view, index, EventRule.none, others: &others) { return link }
      }
    }
    return nil
  }

  private mutating func link(
    _ view: borrowing MessageView, _ index: Int, _ rule: UInt16, others: inout [SagaLink]
  ) -> SagaLink? {
    let only = shortcuts.definitions[index].onlyID
    if only >= 0 { return Self.key(view.text(at: Int(only)), 0).map { link(view, index, rule, $0) } }
    let definition = fields.definitions[index]
    if let each = definition.each {
      let keys = Self.keys(view, definition.identities[each], UInt8(clamping: each))
      if keys.count > 1 {
        for key in keys.dropFirst() { others.append(link(view, index, rule, key)) }
        return link(view, index, rule, keys[0])
      }
    }
    var key: SagaKey?
    var otherKeys: [SagaKey] = []
    for identity in definition.identities.indices {
      guard let found = Self.key(view, definition.identities[identity], UInt8(clamping: identity)) else { continue }
      if key == nil { key = found } else { otherKeys.append(found) }
    }
    return key.map { link(view, index, rule, $0, otherKeys) }
  }

  private mutating func link(
    _ view: borrowing MessageView, _ index: Int, _ rule: UInt16, _ key: SagaKey, _ otherKeys: [SagaKey] = []
  ) -> SagaLink {
    let shortcut = shortcuts.definitions[index]
    return SagaLink(
      definition: UInt16(clamping: index), key: key, otherKeys: otherKeys, rule: rule,
      parent: shortcut.hasParent ? Self.id(view.first(fields.definitions[index].parent)) : nil,
      details: shortcut.hasDetails ? details(view, shortcut, index) : nil)
  }

  /// Equal lists of steps share one, because they repeat with every saga.
  private mutating func details(
    _ view: borrowing MessageView, _ shortcut: CompiledFields.Shortcuts.Definition, _ index: Int
  ) -> EventDetails? {
    if shortcut.onlyError >= 0, !view.has(Int(shortcut.onlyError)) { return nil }
    let definition = fields.definitions[index]
    let error = Self.error(view, definition.error)
    let product = definition.product.isEmpty ? nil : Self.id(view.first(definition.product))
    let steps = definition.steps.isEmpty ? [] : steps(view, definition.steps.all, index)
    guard error == nil, product == nil, !steps.isEmpty else {
      return .of(steps: steps, error: error, product: product)
    }
    if let shared = stepLists[steps] { return shared }
    let details = EventDetails.of(steps: steps, error: nil, product: nil)
    if let details, stepLists.count < 1000 { stepLists[steps] = details }
    return details
  }

  /// A list or an object gives its first text.
  private static func error(_ view: borrowing MessageView, _ sources: SourceList) -> String? {
    guard !sources.isEmpty, let value = view.firstOrWhole(sources) else { return nil }
    guard value.isWhole else { return Bytes.string(Bytes.prefix(value.bytes, longestError)) }
    guard var text = WholeValue.text(value.bytes) else { return nil }
    return text.withUTF8 { Bytes.string(Bytes.prefix(UnsafeRawBufferPointer($0), longestError)) }
  }

  /// The id of the first source that has one that counts.
  private static func key(
    _ view: borrowing MessageView, _ identity: CompiledFields.Definition.Identity, _ kind: UInt8
  ) -> SagaKey? {
    if identity.sources.onlyPath >= 0, identity.ignored.isEmpty {
      return view.first(identity.sources).flatMap { key($0, kind) }
    }
    for source in identity.sources.all {
      if let key = key(view.text(source), kind, of: source), !identity.ignored.contains(key) { return key }
    }
    return nil
  }

  /// `nil` for what programs write where they have no id. A trace id is none of the GUIDs that it looks like.
  private static func key(
    _ bytes: UnsafeRawBufferPointer?, _ kind: UInt8, of source: CompiledSource = .topic
  ) -> SagaKey? {
    guard let bytes else { return nil }
    if case .traceID = source { return SagaKey(identity: kind, text: bytes) }
    guard bytes.count > longestID else { return SagaKey(identity: kind, id: bytes) }
    return SagaKey(identity: kind, value: shortened(bytes))
  }

  private static func id(_ bytes: UnsafeRawBufferPointer?) -> String? {
    guard let bytes else { return nil }
    return bytes.count > longestID ? shortened(bytes) : MessageID.canonical(bytes)
  }

  /// A very long one keeps its beginning and a hash of the whole.
  private static func shortened(_ bytes: UnsafeRawBufferPointer) -> String {
    Bytes.string(Bytes.prefix(bytes, longestID)) + "#" + String(Bytes.hash(bytes), radix: 16)
  }

  /// The ids that the first source has that has any, each once.
  private static func keys(
    _ view: borrowing MessageView, _ identity: CompiledFields.Definition.Identity, _ kind: UInt8
  ) -> [SagaKey] {
    for source in identity.sources.all {
      var found: [SagaKey] = []
      var seen: Set<SagaKey> = []
      view.forEach(source) { bytes in
        guard found.count < mostSagas, let key = key(bytes, kind, of: source), !identity.ignored.contains(key) else {
          return
        }
        if seen.insert(key).inserted { found.append(key) }
      }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// The values of the first source that has any.
  private mutating func steps(_ view: borrowing MessageView, _ sources: [CompiledSource], _ definition: Int) -> [Symbol]
  {
    for source in sources {
      var found: [Symbol] = []
      view.forEach(source) { bytes in
        if found.count < Self.mostSteps { found.append(stepNames[definition].step(names.symbol(bytes))) }
      }
      if !found.isEmpty { return found }
    }
    return []
  }
}
