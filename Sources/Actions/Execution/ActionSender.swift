import Core

/// Sends prepared requests, one at a time. Belongs to one thread; blocks until there is an answer or the time is over.
final class ActionSender {
  private let settings: ActionSettings
  private let http: HTTPSender
  private let kafka: KafkaSender

  init(_ settings: ActionSettings, tokens: TokenStore) {
    self.settings = settings
    kafka = KafkaSender(settings.kafka)
    http = HTTPSender(apis: settings.apis, tokens: tokens, now: settings.now, mask: settings.mask)
  }

  /// The intent is used up: what it stands for is sent once.
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
  /// The same with its text changed.
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

/// What came of sending one request.
struct SendResult: Sendable {
  /// `accepted`, `refused` or `unknown`.
  var outcome: ActionOutcome
  var latency: Duration
  /// Where the action's own message lies, so that it is not taken for an answer.
  var own: ExpectationCheck.Place?
  /// The other side has itself shown that it is done: there is nothing to watch.
  var isObserved = false
  /// For so long the other side wants nothing more.
  var retryAfter: Duration?
}
