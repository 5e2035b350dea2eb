/// Publishes the chat's events. Writes events of friend requests to the ledger after the broker has acknowledged them. Simulates
/// duplicates and late events.
final class ChatPublisher {
  /// Delay before a rejected message is sent again, in milliseconds.
  private static let retryDelay = 500

  private let context: ChatContext
  private let producer: KafkaProducer
  private(set) var count = 0

  init(context: ChatContext, producer: KafkaProducer) {
    self.context = context
    self.producer = producer
  }

  /// Publishes an event that happened now and returns its body. `number` is that of the request or user.
  @discardableResult
  func publish(_ event: ChatEvent, number: Int, _ entry: ChatEntry? = nil) -> JSON {
    let time = Clock.epochMilliseconds()
    let body = event.body(time: text(time, number))
    let publication = Publication(
      topic: event.topic.rawValue, key: event.key, value: Array(body.text.utf8), headers: [], timestamp: time)
    var entry = entry
    entry?.time = time
    let type = event.type ?? event.topic.rawValue
    let isLate = context.isOn(.reorder) && context.book.isLate(number, type)
    let delay = isLate ? context.book.chance.pick(300...1200, number, "lateness " + type) : 0
    send(publication, event.topic, entry, after: delay)
    guard context.isOn(.duplicates), context.book.isDuplicated(number, type) else { return body }
    entry?.isDuplicate = true
    send(publication, event.topic, entry, after: delay + context.book.chance.pick(5...100, number, "duplicate " + type))
    return body
  }

  /// Publishes a message that is not JSON.
  func poison() {
    let publication = Publication(
      topic: ChatTopic.friend.rawValue, key: "0", value: Array("{\"__event_type__\": FriendRequestSent".utf8),
      headers: [],
      timestamp: Clock.epochMilliseconds())
    send(publication, .friend, nil, after: 0)
  }

  /// With microseconds and without a time zone, as Python writes it.
  private func text(_ time: Int64, _ number: Int) -> String {
    let fine = context.book.chance.pick(100...999, number, "microseconds")
    return "\(Clock.text(time).dropLast())\(fine)"
  }

  private func send(_ publication: Publication, _ topic: ChatTopic, _ entry: ChatEntry?, after milliseconds: Int) {
    guard milliseconds == 0 else {
      return context.loop.after(milliseconds: milliseconds) { self.send(publication, topic, entry, after: 0) }
    }
    producer.publish(publication) { [context] result in
      switch result {
      case .success(let delivery):
        self.count += 1
        if let entry { context.ledger.write(entry.line(topic: topic, delivery)) }
      case .failure(let failure):
        context.log.write("publisher", "\(failure); sending again in \(Self.retryDelay) ms")
        self.send(publication, topic, entry, after: Self.retryDelay)
      }
    }
  }
}
