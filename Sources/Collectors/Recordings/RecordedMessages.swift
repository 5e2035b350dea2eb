import Core
import Text

/// Decodes the recorded messages to events by the current rules, as their source would. Belongs to one thread.
final class RecordedMessages {
  /// The feed of a document or command, which delivers each event once.
  private final class Feed {
    var feed: MessageFeed

    init(_ feed: consuming MessageFeed) { self.feed = feed }
  }

  private let fields: CompiledFields
  private let symbols: SymbolTable
  private let sink: any ObservationSink
  private var decoder: Decoder
  private var batch = EventBatch()
  private var headers: [ConsumedMessage.Header] = []
  private var feeds: [Symbol: Feed] = [:]
  private var openFeed: Feed?

  init(_ system: SystemDefinition, symbols: SymbolTable, sink: any ObservationSink) {
    fields = CompiledFields(system, symbols: symbols)
    self.symbols = symbols
    self.sink = sink
    decoder = Decoder(fields, symbols: symbols)
  }

  /// Notes on the messages of topics for the reader, one sentence each.
  var notes: [String] { decoder.notes }

  func take(_ line: borrowing RecordedLine) {
    let topic = decoder.symbol(line.topic)
    let origin = Origin(topic: topic, partition: line.partition, offset: line.offset)
    guard origin.isInTopic else { return take(line, of: topic) }
    let received = line.receivedAt ?? .distantPast
    line.withParts { key, body, parts in
      headers.removeAll(keepingCapacity: true)
      for start in stride(from: 0, to: parts.count - 1, by: 2) {
        headers.append(ConsumedMessage.Header(name: parts[start], value: parts[start + 1]))
      }
      let message = ConsumedMessage(
        origin: origin, brokerTime: line.brokerTime, receivedAt: received, key: key, body: body, headers: headers)
      decoder.decode(message, topicName: line.topic, into: &batch)
    }
  }

  private func take(_ line: borrowing RecordedLine, of source: Symbol) {
    let feed =
      feeds[source]
      ?? Feed(MessageFeed(source: symbols.text(source), fields: fields, symbols: symbols, sink: sink))
    feeds[source] = feed
    openFeed = feed
    let (type, time) = (line.type, line.receivedAt ?? .distantPast)
    line.withParts { _, body, _ in feed.feed.take(Array(body ?? Bytes.empty), type: type, at: time) }
  }

  /// Delivers the events of one observation.
  func flush() {
    openFeed?.feed.flush()
    openFeed = nil
    if !batch.isEmpty { sink.accept(batch) }
    batch.removeAll()
  }
}

/// Writes a message as a line of a recording. It builds no JSON tree, because there are very many messages.
struct RecordedMessage {
  let symbols: SymbolTable

  func append(_ message: OriginalMessage, at time: Timestamp, to line: inout [UInt8]) {
    line += "{\"at\":\(time.nanoseconds),\"kind\":\"message\",\"topic\":".utf8
    Self.appendText(Array(symbols.text(message.origin.topic).utf8), to: &line)
    line += ",\"partition\":\(message.origin.partition),\"offset\":\(message.origin.offset)".utf8
    if let time = message.brokerTime { line += ",\"time\":\(time.nanoseconds)".utf8 }
    line += ",\"received\":\(message.receivedAt.nanoseconds)".utf8
    if let type = message.type {
      line += ",\"type\":".utf8
      Self.appendText(Array(type.utf8), to: &line)
    }
    if !message.key.isEmpty { Self.append("key", message.key, to: &line) }
    append(message.headers, to: &line)
    if let body = message.body {
      Self.append("body", body, to: &line)
      if message.fullBodyLength > body.count { line += ",\"length\":\(message.fullBodyLength)".utf8 }
    }
    line += "}\n".utf8
  }

  /// Alternating names and values; all in Base64 if one of them is no valid text.
  private func append(_ headers: [OriginalMessage.Header], to line: inout [UInt8]) {
    if headers.isEmpty { return }
    let parts = headers.flatMap { [$0.name, $0.value] }
    let areTexts = parts.allSatisfy(Self.isText)
    line += (areTexts ? ",\"headers\":[" : ",\"headers64\":[").utf8
    for (place, part) in parts.enumerated() {
      if place > 0 { line.append(UInt8(ascii: ",")) }
      Self.appendText(areTexts ? part : Array(Base64.encoded(part).utf8), to: &line)
    }
    line.append(UInt8(ascii: "]"))
  }

  private static func append(_ name: String, _ bytes: [UInt8], to line: inout [UInt8]) {
    if isText(bytes) {
      line += ",\"\(name)\":".utf8
      appendText(bytes, to: &line)
    } else {
      line += ",\"\(name)64\":\"\(Base64.encoded(bytes))\"".utf8
    }
  }

  private static func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  private static func appendText(_ text: [UInt8], to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    JSONString.append(text, to: &line)
    line.append(UInt8(ascii: "\""))
  }
}
