import Clients
import Core

/// Publishes an action's message. Used by one thread only.
final class KafkaSender {
  private let access: KafkaAccess
  private var producer: KafkaProducer?

  init(_ access: KafkaAccess) {
    self.access = access
  }

  func publish(_ call: PreparedRequest.Kafka, _ intent: borrowing DurableIntent) -> SendResult {
    let request = intent.request
    let outcome: KafkaProducer.Outcome
    do throws(KafkaError) {
      var message = try message(of: call, timeout: request.timeout)
      message.headers.append(.init(name: "idempotency-key", value: Array(request.idempotencyKey.utf8)))
      if producer == nil { producer = try KafkaProducer(access) }
      outcome =
        producer?.publish(
          .init(topic: call.topic, partition: call.partition, message: message), timeout: request.timeout)
        ?? .notSent("no Kafka client")
    } catch {
      outcome = .notSent(error.description)
    }
    return Self.result(outcome, topic: call.topic)
  }

  /// A message that is published again gets key and headers from its original, because the messages stored for the screen are truncated.
  private func message(of call: PreparedRequest.Kafka, timeout: Duration) throws(KafkaError) -> KafkaMessage {
    guard let place = call.origin else {
      return KafkaMessage(
        key: call.key, headers: call.headers.map { .init(name: $0.name, value: $0.value) }, value: call.value)
    }
    let name = "the message at \(place.topic)/\(place.partition)/\(place.offset)"
    var original: KafkaMessage
    do throws(KafkaError) {
      original = try KafkaMessage.read(
        topic: place.topic, partition: place.partition, offset: place.offset, access, timeout: timeout)
    } catch {
      throw KafkaError(description: "\(name): \(error.description)")
    }
    guard original.value == call.value else {
      throw KafkaError(description: "\(name) is another message than the planned one")
    }
    original.headers.removeAll { $0.name.lowercased() == PreparedRequest.keyHeader.lowercased() }
    return original
  }

  private static func result(_ outcome: KafkaProducer.Outcome, topic: String) -> SendResult {
    switch outcome {
    case .published(let partition, let offset):
      SendResult(
        outcome: .accepted("\(topic)/\(partition)/\(offset)"), latency: .zero,
        own: .init(topic: topic, partition: partition, offset: offset))
    case .notSent(let reason):
      SendResult(outcome: .refused(status: nil, message: "not sent: \(reason)"), latency: .zero)
    case .notPublished(let reason):
      SendResult(outcome: .refused(status: nil, message: "not published: \(reason)"), latency: .zero)
    case .unknown(let reason): SendResult(outcome: .unknown(reason), latency: .zero)
    }
  }
}
