import COpenSSL

/// Publishes the nest's events asynchronously, each on the topic selected by the hash of its ids. Writes them to the ledger after the
/// broker has acknowledged them. Simulates duplicates and late events.
final class NestPublisher {
  /// Delay before a rejected message is sent again, in milliseconds.
  private static let retryDelay = 500
  private static let mostRecent = 200

  /// The latest events of all sagas, the newest last.
  private(set) var recent: [PublishedEvent] = []
  private let context: NestContext
  private let producer: KafkaProducer
  private let topics: TopicMaker

  init(context: NestContext, producer: KafkaProducer, topics: TopicMaker) {
    self.context = context
    self.producer = producer
    self.topics = topics
  }

  /// Publishes an event that happened now. `saga` is `nil` before the saga starts.
  func publish(_ event: NestEvent, order: NestOrder, saga: NestSaga?, node: String) {
    let time = Clock.epochMilliseconds()
    let body = Self.body(of: event, order: order, time: time)
    remember(event, body, order: order, saga: saga, time: time)
    let key = event.hasCorrelation ? order.correlationId : saga?.id ?? order.id
    let publication = Publication(
      topic: NestTopic.name(of: event, order: order), key: key, value: Array(body.text.utf8), headers: [],
      timestamp: time)
    var entry = NestEntry(
      time: time, order: order, sagaId: saga?.id, node: node, attempt: saga?.attempt ?? 1, event: event.type,
      step: event.step, effect: event.effect?.rawValue, error: event.error, business: event.business,
      topic: publication.topic)
    let book = context.book
    let isLate = context.strikes(.reorder, order) && book.isLate(order.number, event.type)
    send(publication, entry, after: isLate ? book.chance.pick(300...1500, order.number, "lateness " + event.type) : 0)
    guard context.strikes(.duplicates, order), book.isDuplicated(order.number, event.type) else { return }
    entry.isDuplicate = true
    send(publication, entry, after: book.chance.pick(5...100, order.number, "duplicate delay " + event.type))
  }

  /// Publishes a test message that is no saga event.
  func test(completion: @escaping (Result<Delivery, KafkaFailure>) -> Void) {
    let body: JSON = .members(["message": .string("test"), "timestamp": .string(Clock.text(Clock.epochMilliseconds()))])
    producer.publish(
      Publication(
        topic: NestTopic.test, key: "test", value: Array(body.text.utf8), headers: [],
        timestamp: Clock.epochMilliseconds()), report: completion)
  }

  private func send(_ publication: Publication, _ entry: NestEntry, after milliseconds: Int) {
    guard milliseconds == 0 else {
      return context.loop.after(milliseconds: milliseconds) { self.send(publication, entry, after: 0) }
    }
    topics.withTopic(publication.topic) { self.produce(publication, entry) }
  }

  private func produce(_ publication: Publication, _ entry: NestEntry) {
    producer.publish(publication) { [context] result in
      switch result {
      case .success(let delivery):
        var entry = entry
        entry.delivery = delivery
        context.ledger.write(entry.line)
      case .failure(let failure):
        context.log.write("publisher", "\(failure); sending again in \(Self.retryDelay) ms")
        context.loop.after(milliseconds: Self.retryDelay) { self.produce(publication, entry) }
      }
    }
  }

  private func remember(_ event: NestEvent, _ body: JSON, order: NestOrder, saga: NestSaga?, time: Int64) {
    let id = event.stream == .order ? order.id : event.stream == .saga ? saga?.id : saga?.paymentId
    let published = PublishedEvent(
      type: event.type, stream: event.stream, aggregateId: id ?? order.id, time: time, body: body)
    recent = recent.suffix(Self.mostRecent - 1) + [published]
    saga?.timeline.append(published)
  }

  private static func body(of event: NestEvent, order: NestOrder, time: Int64) -> JSON {
    var members = [JSON.Member(name: "type", value: .string(event.type))]
    if event.stream != .saga { members.append(JSON.Member(name: "orderId", value: .string(order.id))) }
    members += event.fields
    if event.hasCorrelation { members.append(JSON.Member(name: "correlationId", value: .string(order.correlationId))) }
    let time = JSON.string(Clock.text(time))
    members.append(JSON.Member(name: event.stream == .saga ? "timestamp" : "occurredAt", value: time))
    return .object(members)
  }
}

/// A published event.
struct PublishedEvent {
  let type: String
  let stream: NestEvent.Stream
  let aggregateId: String
  /// Milliseconds since 1970.
  let time: Int64
  let body: JSON

  /// The format in the API's traces.
  var json: JSON {
    .members([
      "timestamp": .string(Clock.text(time)), "eventType": .string(type),
      "aggregateType": .string(stream.rawValue.capitalizedWord), "aggregateId": .string(aggregateId), "data": body,
    ])
  }
}

extension String {
  fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}

/// MD5 (RFC 1321), used for names only, not for security.
enum MD5 {
  /// The digest of the UTF-8 text as 32 hexadecimal digits.
  static func hexadecimal(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: 16)
    guard EVP_Digest(Array(text.utf8), text.utf8.count, &digest, nil, EVP_md5(), nil) == 1 else {
      preconditionFailure("OpenSSL without MD5")
    }
    return digest.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }
}
