import Core

/// Sends prepared requests, one at a time. Belongs to one thread; blocks until there is an answer or the time is over.
final class ActionSender {
  private let settings: ActionSettings
  private let http: HTTPSender
  private var kafka: KafkaSender?

  init(_ settings: ActionSettings, tokens: TokenStore) {
    self.settings = settings
    http = HTTPSender(apis: settings.apis, tokens: tokens, now: settings.now, mask: settings.mask)
  }

  /// The intent is used up: what it stands for is sent once.
  func send(_ intent: consuming DurableIntent) -> SendResult {
    let clock = ContinuousClock()
    let start = clock.now
    var answer: SendResult
    switch intent.request.call {
    case .http(let call): answer = http.send(call, intent)
    case .kafka(let call): answer = publish(call, intent)
    case .command(let words): answer = CommandSender.run(words, intent, mask: settings.mask)
    case .releaseLock(let lock): answer = LockReleaser.release(lock, intent, at: settings.redis[lock.source])
    }
    answer.latency = clock.now - start
    answer.outcome = answer.outcome.mapped(settings.mask)
    return answer
  }

  private func publish(_ call: PreparedRequest.Kafka, _ intent: borrowing DurableIntent) -> SendResult {
    var call = call
    if let reason = complete(&call, within: intent.request.timeout) {
      return SendResult(outcome: .refused(status: nil, message: "not sent: \(reason)"), latency: .zero)
    }
    if kafka == nil {
      switch KafkaSender.make(settings.kafka) {
      case .success(let made): kafka = made
      case .failure(let error):
        return SendResult(outcome: .refused(status: nil, message: "not sent: \(error.message)"), latency: .zero)
      }
    }
    return kafka?.publish(call, intent)
      ?? SendResult(outcome: .refused(status: nil, message: "not sent: no Kafka client"), latency: .zero)
  }

  /// Takes key and headers from where the message lies. Why that cannot be done, or `nil`.
  private func complete(_ call: inout PreparedRequest.Kafka, within timeout: Duration) -> String? {
    guard let place = call.origin else { return nil }
    let name = "the message at \(place.topic)/\(place.partition)/\(place.offset)"
    switch KafkaOriginal.read(place, settings.kafka, timeout: timeout) {
    case .failure(let failure): return "\(name): \(failure.message)"
    case .success(let original):
      guard original.value == call.value else { return "\(name) is not the one that was planned for" }
      call.key = original.key
      call.headers = original.headers.filter { $0.name.lowercased() != PreparedRequest.keyHeader.lowercased() }
      return nil
    }
  }
}

extension ActionOutcome {
  /// The same with its text changed.
  fileprivate func mapped(_ change: (String) -> String) -> ActionOutcome {
    switch self {
    case .accepted(let message): .accepted(message.map(change))
    case .refused(let status, let message): .refused(status: status, message: change(message))
    case .unknown(let reason): .unknown(change(reason))
    case .skipped(let reason): .skipped(change(reason))
    case .intended, .sent, .observed, .notObserved, .cancelled: self
    }
  }
}
