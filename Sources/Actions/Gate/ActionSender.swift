import Core

/// Sends prepared requests, one at a time. Belongs to one thread; blocks until there is an answer or the time is over.
final class ActionSender {
  private let settings: ActionSettings
  private let http: HTTPSender
  private var kafka: KafkaSender?

  init(_ settings: ActionSettings, tokens: TokenStore) {
    self.settings = settings
    http = HTTPSender(apis: settings.apis, tokens: tokens, now: settings.now)
  }

  /// The intent is used up: what it stands for is sent once.
  func send(_ request: PreparedRequest, _ intent: consuming DurableIntent) -> ActionAnswer {
    let clock = ContinuousClock()
    let start = clock.now
    var answer: ActionAnswer
    switch request.call {
    case .http(let call): answer = http.send(call, key: request.idempotencyKey, timeout: request.timeout)
    case .kafka(let call): answer = publish(call, request)
    case .command(let words):
      answer = CommandSender.run(words, key: request.idempotencyKey, timeout: request.timeout)
    case .releaseLock(let lock):
      answer = LockReleaser.release(lock, at: settings.redis[lock.source], timeout: request.timeout)
    }
    answer.latency = clock.now - start
    answer.outcome = answer.outcome.mapped(settings.mask)
    return answer
  }

  private func publish(_ call: PreparedRequest.Kafka, _ request: PreparedRequest) -> ActionAnswer {
    if kafka == nil {
      switch KafkaSender.make(settings.kafka) {
      case .success(let made): kafka = made
      case .failure(let error):
        return ActionAnswer(outcome: .refused(status: nil, message: "not sent: \(error.message)"), latency: .zero)
      }
    }
    return kafka?.publish(call, key: request.idempotencyKey, timeout: request.timeout)
      ?? ActionAnswer(outcome: .refused(status: nil, message: "not sent: no Kafka client"), latency: .zero)
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
