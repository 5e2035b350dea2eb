import Core
import Text

/// Decodes messages to events by the rules of a system. Belongs to one thread.
package struct Decoder: ~Copyable {
  private static let longestError = 500
  private static let mostSteps = 64
  /// Maximum number of sagas per message, and of values read per path.
  private static let mostSagas = 64
  private static let longestID = 200

  let fields: CompiledFields
  private let shortcuts: CompiledFields.Shortcuts
  private let symbols: SymbolTable
  private let keep: MessageCopier
  private let keepsOriginals: Bool
  private(set) var reader: JSONReader
  /// For the text of an envelope, and for JSON keys.
  private var opener: JSONReader
  private var keyReader: JSONReader
  private var deadLetters: DeadLetters
  private let scratch = DecodingScratch()
  private var names: SymbolCache
  private var rules: RuleChoice
  private var stepNames: [StepNames]
  private var stepLists: [[Symbol]: EventDetails] = [:]
  package private(set) var counts = DecodingCounts()
  /// Notes for the reader, one sentence each.
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

  /// Appends an event to the batch, or an undecoded message with the reason. If the body is no JSON, the key, headers and topic may be
  /// enough for an event. Damaged JSON is never an event, because its consumer cannot read it either. `problem` is the reason if the body
  /// is already known to be unreadable.
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
    // Built in one expression: an event is large, and changing it later would copy it.
    batch.events.append(
      Event(
        type: type, time: time, origin: message.origin, node: symbol(view.first(shortcuts.node, fields.node)),
        version: symbol(view.first(shortcuts.version, fields.version)),
        fingerprint: deadLetter == nil ? fingerprint(view) : 0, link: link, otherLinks: otherLinks,
        deadLetter: deadLetter, text: keep.keep(message, in: &batch.arena),
        isTimeOfReading: message.brokerTime == nil && time == message.receivedAt,
        trace: view.trace(shortcuts.trace, fields.trace)))
  }

  /// Records the message as undecoded, regardless of its content.
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

  /// A dead letter has no fingerprint, because it is no duplicate of its original message.
  private func fingerprint(_ view: borrowing MessageView) -> UInt64 {
    view.first(shortcuts.id, fields.id).map { Bytes.hash($0) } ?? view.cloudFingerprint(fields)
  }

  /// Parses the body. Returns the reason on failure.
  mutating func read(_ message: ConsumedMessage) -> String? {
    forget()
    guard let body = message.body else { return nil }
    if body.count > 18, body[0] == 3, body[1] == 0 || body[1] == 5 {
      let version = String(decoding: MessageID.guid(bytes: body[2..<18]), as: UTF8.self)
      return "AWS Glue schema registry, schema version \(version): not decoded"
    }
    if body.count > 5, body[0] == 0 {
      // Schema registry framing: a zero byte and the 4-byte schema id, then the record.
      let document = UnsafeRawBufferPointer(rebasing: body[5...])
      if document[0] == UInt8(ascii: "{") || document[0] == UInt8(ascii: "[") { return reader.read(document) }
      let schema = body[1...4].reduce(0) { $0 << 8 | UInt32($1) }
      return "Avro or Protobuf, schema id \(schema): not decoded without the registry that has it"
    }
    return reader.read(body)
  }

  /// The message with the parsed envelope text and key, where fields need them. An envelope or key that is no JSON gives no fields.
  mutating func view(_ message: ConsumedMessage, _ topicName: UnsafeRawBufferPointer) -> MessageView {
    var view = MessageView(message: message, topicName: topicName, fields: reader.fields, scratch: scratch)
    if fields.keyPlan != nil, let key = Self.document(message.key), keyReader.read(key) == nil {
      view.keyFields = keyReader.fields
    }
    if fields.openedPlan != nil, let text = view.first(fields.envelope), open(text) { view.opened = opener.fields }
    return view
  }

  /// Parses the text of an envelope: JSON, or Base64 of JSON.
  private mutating func open(_ text: UnsafeRawBufferPointer) -> Bool {
    if Bytes.beginsJSON(text) { return opener.read(text) == nil }
    guard let decoded = Base64.decoded(text) else { return opener.read(text) == nil }
    return opener.read(scratch.texts.copy(decoded)) == nil
  }

  /// A key that may be JSON, without schema registry framing.
  private static func document(_ key: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let document = key.count > 5 && key[0] == 0 ? UnsafeRawBufferPointer(rebasing: key[5...]) : key
    guard let first = document.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
    return document
  }

  mutating func symbol(_ bytes: UnsafeRawBufferPointer?) -> Symbol {
    bytes.map { names.symbol($0) } ?? .none
  }

  /// If no definition knows the type of a dead letter, its type is determined again as in its original topic.
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

  /// The saga of the message; further sagas are added to `others`. Definitions with a matching rule come first. If there is none, the
  /// first definition with an id in the message is used, with preference for definitions that know the type.
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

  /// Equal step lists share one instance, because they repeat for each saga.
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

  /// For a list or object, the first text in it.
  private static func error(_ view: borrowing MessageView, _ sources: SourceList) -> String? {
    guard !sources.isEmpty, let value = view.firstOrWhole(sources) else { return nil }
    guard value.isWhole else { return Bytes.string(Bytes.prefix(value.bytes, longestError)) }
    guard var text = WholeValue.text(value.bytes) else { return nil }
    return text.withUTF8 { Bytes.string(Bytes.prefix(UnsafeRawBufferPointer($0), longestError)) }
  }

  /// The first accepted id of the sources.
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

  /// `nil` for placeholder values that mean no id. A trace id is not parsed as a GUID, although it can look like one.
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

  /// A very long id is shortened to its start and a hash of the whole id.
  private static func shortened(_ bytes: UnsafeRawBufferPointer) -> String {
    Bytes.string(Bytes.prefix(bytes, longestID)) + "#" + String(Bytes.hash(bytes), radix: 16)
  }

  /// The distinct ids of the first source that has any.
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
