import Core
import Text

/// A decoded event as a line of JSON: the input of the saga fold, without the original message. Definitions, rules and kinds of id are
/// stored as indices, so a line can only be read with the definitions that wrote it (`StateHeader`).
struct RecordedEvent {
  private static let kind = "event"
  /// If the event's own time is later than the read time by more than this, the read time is stored too.
  private static let clockTolerance = Duration.seconds(1)

  private let symbols: SymbolTable
  private let sagas: [SagaDefinition]

  init(_ system: SystemDefinition, symbols: SymbolTable) {
    sagas = system.sagas
    self.symbols = symbols
  }

  /// Appends the line with its line feed. `readAt` is written if the event's own time is later. `hasTexts`: with the error text and the
  /// product.
  func append(_ event: Event, readAt: Timestamp?, hasTexts: Bool = true, to line: inout [UInt8]) {
    line += "{\"kind\":\"\(Self.kind)\"".utf8
    text("topic", symbols.text(event.origin.topic), to: &line)
    line += ",\"partition\":\(event.origin.partition),\"offset\":\(event.origin.offset)".utf8
    text("type", symbols.text(event.type), to: &line)
    line += ",\"time\":\(event.time.nanoseconds)".utf8
    if let readAt, event.time - readAt > Self.clockTolerance { line += ",\"read\":\(readAt.nanoseconds)".utf8 }
    if event.isTimeOfReading { line += ",\"isTimeOfReading\":true".utf8 }
    if event.fingerprint != 0 { line += ",\"id\":\(event.fingerprint)".utf8 }
    text("node", symbols.name(event.node), to: &line)
    text("version", symbols.name(event.version), to: &line)
    text("trace", event.trace?.text, to: &line)
    if let letter = event.deadLetter { append(letter, hasTexts, to: &line) }
    line += ",\"links\":[".utf8
    if let link = event.link { append(link, hasTexts, to: &line) }
    for link in event.otherLinks {
      line.append(UInt8(ascii: ","))
      append(link, hasTexts, to: &line)
    }
    line += "]}\n".utf8
  }

  private func append(_ letter: DeadLetter, _ hasTexts: Bool, to line: inout [UInt8]) {
    line += ",\"letter\":{\"isRetry\":\(letter.isRetry)".utf8
    text("topic", symbols.name(letter.originalTopic), to: &line)
    if hasTexts { text("error", letter.error, to: &line) }
    line.append(UInt8(ascii: "}"))
  }

  private func append(_ link: SagaLink, _ hasTexts: Bool, to line: inout [UInt8]) {
    line += "{\"saga\":\(link.definition)".utf8
    if let rule = link.rule { line += ",\"rule\":\(rule)".utf8 }
    line += ",\"ids\":[".utf8
    for (place, key) in ([link.key] + link.otherKeys).enumerated() {
      line += "\(place == 0 ? "" : ",")\(key.identity),".utf8
      quoted(key.value, to: &line)
    }
    line.append(UInt8(ascii: "]"))
    text("parent", link.parent, to: &line)
    append(steps: link.steps, to: &line)
    if hasTexts {
      text("error", link.error, to: &line)
      text("product", link.details?.product, to: &line)
    }
    line.append(UInt8(ascii: "}"))
  }

  private func append(steps: [Symbol], to line: inout [UInt8]) {
    guard !steps.isEmpty else { return }
    line += ",\"steps\":[".utf8
    for (place, step) in steps.enumerated() {
      if place > 0 { line.append(UInt8(ascii: ",")) }
      quoted(symbols.text(step), to: &line)
    }
    line.append(UInt8(ascii: "]"))
  }

  private func text(_ name: String, _ value: String?, to line: inout [UInt8]) {
    guard let value else { return }
    line += ",\"\(name)\":".utf8
    quoted(value, to: &line)
  }

  private func quoted(_ text: String, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    JSONString.append(text.utf8, to: &line)
    line.append(UInt8(ascii: "\""))
  }

  static func isEvent(_ node: JSONNode) -> Bool { node.text("kind") == kind }

  /// The event, and the time when it was read if the line contains it.
  func event(_ node: JSONNode) throws(DamagedLine) -> (event: Event, readAt: Timestamp?) {
    var links: [SagaLink] = []
    for link in node.list("links") { links.append(try self.link(link)) }
    let offset: Int64 = try DamagedLine.need(node.whole("offset"))
    // The next offset must also be valid.
    guard (0..<Int64.max).contains(offset) else { throw DamagedLine() }
    let origin = Origin(
      topic: symbol(try DamagedLine.need(node.text("topic"))),
      partition: try DamagedLine.need(node.whole("partition")), offset: offset)
    var event = Event(
      type: symbol(node.text("type")), time: try DamagedLine.need(node.time("time")), origin: origin,
      node: symbol(node.text("node")), version: symbol(node.text("version")), fingerprint: node.whole("id") ?? 0,
      link: links.first, otherLinks: Array(links.dropFirst()), deadLetter: node["letter"].map(letter))
    event.trace = node.text("trace").flatMap { TraceID(header: $0.utf8) }
    event.isTimeOfReading = node.flag("isTimeOfReading")
    return (event, node.time("read"))
  }

  private func letter(_ node: JSONNode) -> DeadLetter {
    DeadLetter(originalTopic: symbol(node.text("topic")), error: node.text("error"), isRetry: node.flag("isRetry"))
  }

  /// Throws if an index is out of range: it would refer to another definition or rule.
  private func link(_ node: JSONNode) throws(DamagedLine) -> SagaLink {
    let place: UInt16 = try DamagedLine.need(node.whole("saga"))
    guard sagas.indices.contains(Int(place)) else { throw DamagedLine() }
    let definition = sagas[Int(place)]
    let rule: UInt16? = node.whole("rule")
    if let rule, rule != EventRule.none, !definition.events.indices.contains(Int(rule)) { throw DamagedLine() }
    var keys: [SagaKey] = []
    let ids = node.list("ids")
    for start in stride(from: 0, to: ids.count - 1, by: 2) {
      guard let identity: UInt8 = ids[start].whole(), definition.identities.indices.contains(Int(identity)),
        let value = ids[start + 1].text
      else { throw DamagedLine() }
      keys.append(SagaKey(identity: identity, value: value))
    }
    return SagaLink(
      definition: place, key: try DamagedLine.need(keys.first), otherKeys: Array(keys.dropFirst()), rule: rule,
      parent: node.text("parent"), steps: node.list("steps").compactMap(\.text).map(symbols.symbol),
      error: node.text("error"), product: node.text("product"))
  }

  private func symbol(_ text: String?) -> Symbol { text.map(symbols.symbol) ?? .none }
}
