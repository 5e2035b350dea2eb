import Core

/// Makes events of a recording's messages by the rules of today, as the source did that read them. Belongs to one thread.
final class RecordedMessages {
  /// A document's or a command's messages, each counted once.
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

  /// What was met in messages of topics that a reader should know, a sentence each.
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

  /// Hands over what belongs to one observation.
  func flush() {
    openFeed?.feed.flush()
    openFeed = nil
    if !batch.isEmpty { sink.accept(batch) }
    batch.removeAll()
  }
}
