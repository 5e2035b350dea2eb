import Core

/// Sends prepared requests, one at a time. Used by one thread only. Blocks until there is a response or the timeout is over.
final class ActionSender {
  private let settings: ActionSettings
  private let http: HTTPSender
  private let kafka: KafkaSender

  init(_ settings: ActionSettings, tokens: TokenStore) {
    self.settings = settings
    kafka = KafkaSender(settings.kafka)
    http = HTTPSender(apis: settings.apis, tokens: tokens, now: settings.now, mask: settings.mask)
  }

  /// Consumes the intent, so that its request is sent only once.
  func send(_ intent: consuming DurableIntent) -> SendResult {
    let clock = ContinuousClock()
    let start = clock.now
    var answer: SendResult
    switch intent.request.call {
    case .http(let call): answer = http.send(call, intent)
    case .kafka(let call): answer = kafka.publish(call, intent)
    case .command(let words): answer = CommandSender.run(words, intent, mask: settings.mask)
    case .releaseLock(let lock): answer = LockReleaser.release(lock, intent, at: settings.redis[lock.source])
    }
    answer.latency = clock.now - start
    answer.outcome = answer.outcome.mapped(settings.mask)
    return answer
  }
}

extension ActionOutcome {
  /// The same outcome with its text transformed.
  fileprivate func mapped(_ change: (String) -> String) -> ActionOutcome {
    switch self {
    case .accepted(let message): .accepted(message.map(change))
    case .refused(let status, let message): .refused(status: status, message: change(message))
    case .unknown(let reason): .unknown(change(reason))
    case .skipped(let reason): .skipped(change(reason))
    case .failedAgain(let error): .failedAgain(change(error))
    case .intended, .sent, .observed, .notObserved, .cancelled: self
    }
  }
}

/// The result of sending one request.
struct SendResult: Sendable {
  /// `accepted`, `refused` or `unknown`.
  var outcome: ActionOutcome
  var latency: Duration
  /// Position of the action's own message, so that it is not mistaken for a reaction.
  var own: ExpectationCheck.Place?
  /// The receiver has confirmed that the work is done, so nothing is watched.
  var isObserved = false
  /// The server accepts no further requests for this time (`Retry-After`).
  var retryAfter: Duration?
}
