import Text

/// How far one action on one thing is. What is not known is `unknown`, never "failed".
package enum ActionOutcome: Sendable, Equatable {
  /// Written down, and not sent yet.
  case intended
  /// Under way: no answer yet.
  case sent
  /// The other side took it, in its own words if it had any.
  case accepted(String?)
  /// The other side did not take it. `status` is HTTP's status or a program's exit code.
  case refused(status: Int?, message: String)
  /// It may have been done: the answer did not come, or does not tell.
  case unknown(String)
  /// It was taken, and the saga moved as expected, so long after it was sent.
  case observed(after: Duration)
  /// It was taken, and the saga did not move as expected within the time.
  case notObserved(after: Duration)
  /// It was taken, and the saga failed once more afterwards, with this error.
  case failedAgain(String)
  /// Was not sent, because of what had happened since the plan.
  case skipped(String)
  /// Was not sent, because the operator said so.
  case cancelled

  /// The word on the screen, in the audit log and in JSON.
  package var name: String {
    switch self {
    case .intended: "intended"
    case .sent: "sent"
    case .accepted: "accepted"
    case .refused: "refused"
    case .unknown: "unknown"
    case .observed: "observed"
    case .notObserved: "not observed"
    case .failedAgain: "failed again"
    case .skipped: "skipped"
    case .cancelled: "cancelled"
    }
  }

  /// What there is to say beside the word.
  package var detail: String? {
    switch self {
    case .intended, .sent, .cancelled: nil
    case .accepted(let message): message
    case .refused(let status, let message):
      [status.map(String.init), message.isEmpty ? nil : message].compactMap { $0 }.joined(separator: ": ")
    case .unknown(let reason), .skipped(let reason): reason
    case .failedAgain(let error): error.isEmpty ? nil : error
    case .observed(let time): "in \(Quantity.latency(time))"
    case .notObserved(let time): "within \(Quantity.latency(time))"
    }
  }

  /// How far on its way an action is with this outcome.
  var rank: Int {
    switch self {
    case .intended: 0
    case .sent: 1
    case .accepted, .unknown: 2
    case .refused, .skipped, .cancelled: 3
    case .observed, .notObserved, .failedAgain: 4
    }
  }

  /// Nothing more is to come by itself. What was accepted is still watched.
  package var isFinal: Bool {
    switch self {
    case .intended, .sent, .accepted: false
    case .refused, .unknown, .observed, .notObserved, .failedAgain, .skipped, .cancelled: true
    }
  }
}
