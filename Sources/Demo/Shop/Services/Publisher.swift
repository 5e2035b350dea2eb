/// Publishes the services' events. Writes each to the ledger after the broker has acknowledged it. Simulates duplicates, late events and
/// invalid messages.
final class Publisher {
  /// Delay before a rejected message is sent again, in milliseconds.
  private static let retryDelay = 500

  private let context: ShopContext
  private let producer: KafkaProducer
  let format: ShopFormat

  init(context: ShopContext, producer: KafkaProducer, format: ShopFormat) {
    self.format = format
    self.context = context
    self.producer = producer
  }

  /// Publishes an event that happened now; `completion` is called after the broker has acknowledged it.
  func publish(_ event: ShopEvent, from origin: Origin, trace: TraceContext?, completion: @escaping () -> Void) {
    let publication = publication(of: event, from: origin, trace: trace)
    let entry = entry(for: event, from: origin, at: publication.timestamp)
    let (id, topic) = (event.orderId, event.topic)
    if context.strikes(.reorder, id), context.book.isLate(id, topic) {
      // The service continues immediately, as with an outbox.
      let delay = context.book.chance.pick(1000...2000, id, "lateness " + topic.rawValue)
      context.loop.after(milliseconds: delay) { self.send(publication, entry) {} }
      completion()
    } else {
      send(publication, entry, completion: completion)
    }
    guard context.strikes(.duplicates, id), context.book.isDuplicated(id, topic) else { return }
    var copy = entry
    copy.isDuplicate = true
    let delay = context.book.chance.pick(5...100, id, "duplicate delay " + topic.rawValue)
    context.loop.after(milliseconds: delay) { [copy] in self.send(publication, copy) {} }
  }

  /// Publishes a message that is not JSON to the payment service.
  func poison(key: Int, from origin: Origin) {
    let topic = Topic.inventoryReserved
    let publication = Publication(
      topic: topic.rawValue, key: String(key), value: Array("{\"orderId\":\(key),\"productId\":<!DOCTYPE html>".utf8),
      headers: [KafkaMessage.Header(name: "node", value: origin.node)], timestamp: Clock.epochMilliseconds())
    let entry = ShopEntry(
      time: publication.timestamp, orderId: nil, event: topic.rawValue, service: origin.service, node: origin.node,
      step: topic.step, effect: "poison", topic: topic.rawValue)
    send(publication, entry) {}
  }

  /// Moves a message that cannot be processed to the dead-letter topic.
  func park(_ message: KafkaMessage, from origin: Origin) {
    let publication = Publication(
      topic: Topic.deadLetters(of: message.topic), key: message.key ?? "", value: message.value,
      headers: message.headers, timestamp: Clock.epochMilliseconds())
    producer.publish(publication) { [context] result in
      if case .failure(let failure) = result { context.log.write(origin.name, "\(failure): parking a message") }
    }
  }

  private func send(_ publication: Publication, _ entry: ShopEntry, completion: @escaping () -> Void) {
    producer.publish(publication) { [context] result in
      switch result {
      case .success(let delivery):
        var entry = entry
        entry.delivery = delivery
        context.ledger.write(entry.line)
        completion()
      case .failure(let failure):
        context.log.write("publisher", "\(failure); sending again in \(Self.retryDelay) ms")
        context.loop.after(milliseconds: Self.retryDelay) { self.send(publication, entry, completion: completion) }
      }
    }
  }

  private func publication(of event: ShopEvent, from origin: Origin, trace: TraceContext?) -> Publication {
    let chance = context.book.chance
    let root = trace ?? TraceContext(orderId: event.orderId, chance: chance)
    let span = trace == nil ? root : root.child(orderId: event.orderId, topic: event.topic, chance: chance)
    let time = Clock.epochMilliseconds()
    report(event, span, isRoot: trace == nil, from: origin)
    return Publication(
      topic: event.topic.rawValue, key: String(event.orderId),
      value: format.value(of: event, at: time, elapsed: context.elapsed),
      headers: [
        KafkaMessage.Header(name: "node", value: origin.node),
        KafkaMessage.Header(name: "__TypeId__", value: event.topic.typeId),
        KafkaMessage.Header(name: "b3", value: span.header),
      ], timestamp: time)
  }

  /// Reports the span in which the event is published; the first one is the customer's request.
  private func report(_ event: ShopEvent, _ span: TraceContext, isRoot: Bool, from origin: Origin) {
    var report = SpanBook.Span(
      trace: span.trace, id: span.span, parent: span.parent, kind: isRoot ? "SERVER" : "PRODUCER",
      name: isRoot ? "post /orders" : "send", service: origin.service.rawValue, start: Clock.epochMilliseconds(),
      duration: 2)
    if !isRoot { report.tags = [JSON.Member(name: "kafka.topic", value: .string(event.topic.rawValue))] }
    context.spans?.add(report)
  }

  private func entry(for event: ShopEvent, from origin: Origin, at time: Int64) -> ShopEntry {
    ShopEntry(
      time: time, orderId: event.orderId, event: event.topic.rawValue, service: origin.service, node: origin.node,
      step: event.topic.step, effect: event.topic.effect.rawValue, error: event.reason,
      topic: event.topic.rawValue)
  }
}
