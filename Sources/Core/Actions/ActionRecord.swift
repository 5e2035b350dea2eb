import Text

/// One action on one subject, as in the audit log: who, what, why, and the outcome.
package struct ActionRecord: Sendable, Equatable {
  package struct Stage: Sendable, Equatable {
    package var time: Timestamp
    package var outcome: ActionOutcome

    package init(time: Timestamp, outcome: ActionOutcome) {
      self.time = time
      self.outcome = outcome
    }
  }

  /// For example `alice@jump-1`, with the sudo user and the SSH connection.
  package struct Operator: Sendable, Equatable {
    package var name: String
    package var sudoUser: String?
    package var sshConnection: String?

    package init(name: String, sudoUser: String? = nil, sshConnection: String? = nil) {
      self.name = name
      self.sudoUser = sudoUser
      self.sshConnection = sshConnection
    }
  }

  package var intent: String
  package var action: ActionName
  package var context: String
  /// The displayed id of a saga; the key of a lock.
  package var subject: String
  /// The saga's type; empty for other subjects.
  package var type: String
  package var `operator`: Operator
  package var reason: String
  /// The concerns that the operator confirmed by typing their words.
  package var insisted: String?
  package var attempt: Int
  package var idempotencyKey: String
  /// The first line of the request: `POST http://…/retry/7f3a`.
  package var request: String
  /// SHA-256 of the whole request with masked secrets, in hexadecimal.
  package var digest: String
  /// From sending to the response; `nil` without a response.
  package var latency: Duration?
  /// The effect of an accepted action is watched until this time; `nil` if there is no effect to observe.
  package var watchedUntil: Timestamp?
  /// In chronological order; the first is `intended`. Never empty.
  package var stages: [Stage]

  package init(
    intent: String, action: ActionName, context: String, subject: String, type: String = "", operator: Operator,
    reason: String = "", attempt: Int = 1, idempotencyKey: String = "", request: String = "", digest: String = "",
    latency: Duration? = nil, intendedAt: Timestamp
  ) {
    self.intent = intent
    self.action = action
    self.context = context
    self.subject = subject
    self.type = type
    self.operator = `operator`
    self.reason = reason
    self.attempt = attempt
    self.idempotencyKey = idempotencyKey
    self.request = request
    self.digest = digest
    self.latency = latency
    stages = [Stage(time: intendedAt, outcome: .intended)]
  }

  package var outcome: ActionOutcome { stages.last?.outcome ?? .intended }
  package var intendedAt: Timestamp { stages.first?.time ?? .distantPast }
  package var updatedAt: Timestamp { stages.last?.time ?? .distantPast }

  /// An intent acts on a subject once.
  package var id: ID { ID(intent: intent, type: type, subject: subject) }

  package struct ID: Hashable, Sendable {
    package var intent: String
    package var type: String
    package var subject: String

    /// Compares bytes: two Unicode normal forms of one text are two subjects.
    package static func == (left: ID, right: ID) -> Bool {
      left.intent == right.intent && left.type.utf8.elementsEqual(right.type.utf8)
        && left.subject.utf8.elementsEqual(right.subject.utf8)
    }

    package init(intent: String, type: String, subject: String) {
      self.intent = intent
      self.type = type
      self.subject = subject
    }
  }
}

/// The progress of one action on one subject. An undetermined outcome is `unknown`, never "failed".
package enum ActionOutcome: Sendable, Equatable {
  /// Written to the audit log, not yet sent.
  case intended
  /// Sent, no response yet.
  case sent
  /// Accepted by the receiver, with its message if any.
  case accepted(String?)
  /// Rejected by the receiver. `status` is the HTTP status or the exit status of a program.
  case refused(status: Int?, message: String)
  /// It may have been executed: there was no response, or the response is inconclusive.
  case unknown(String)
  /// Accepted, and the saga changed as expected after this time since sending.
  case observed(after: Duration)
  /// Accepted, but the saga did not change as expected within this time.
  case notObserved(after: Duration)
  /// Accepted, but the saga failed again with this error.
  case failedAgain(String)
  /// Not sent because of a change since the plan.
  case skipped(String)
  /// Not sent because the operator cancelled it.
  case cancelled

  /// The name on the screen, in the audit log and in JSON.
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

  /// Additional text for the outcome.
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

  /// Order of the outcomes in the course of an action.
  var rank: Int {
    switch self {
    case .intended: 0
    case .sent: 1
    case .accepted, .unknown: 2
    case .refused, .skipped, .cancelled: 3
    case .observed, .notObserved, .failedAgain: 4
    }
  }

  /// No further outcome follows by itself. An accepted action is still watched.
  package var isFinal: Bool {
    switch self {
    case .intended, .sent, .accepted: false
    case .refused, .unknown, .observed, .notObserved, .failedAgain, .skipped, .cancelled: true
    }
  }
}

/// A request of the operator to control a running plan, in any process.
package enum RunControl: String, CaseIterable, Sendable {
  case pause
  case resume
  case stop
}

/// One plan that was run: who, what, why, and the number of subjects.
package struct RunRecord: Sendable, Equatable {
  /// The most recent control request.
  package struct Asked: Sendable, Equatable {
    package var control: RunControl
    package var `operator`: String
    package var reason: String

    package init(_ control: RunControl, by operator: String, reason: String = "") {
      self.control = control
      self.operator = `operator`
      self.reason = reason
    }
  }

  package var intent: String
  package var action: ActionName
  package var context: String
  package var `operator`: ActionRecord.Operator
  package var reason: String
  package var time: Timestamp
  /// Number of subjects of the plan.
  package var count: Int
  /// The intent that this run resumes.
  package var resumes: String?
  /// The concerns that the operator confirmed by typing their words.
  package var insisted: String?
  package var control: Asked?

  package init(_ record: ActionRecord, count: Int, resumes: String? = nil) {
    intent = record.intent
    action = record.action
    context = record.context
    self.operator = record.operator
    reason = record.reason
    time = record.intendedAt
    insisted = record.insisted
    self.count = count
    self.resumes = resumes
  }
}

/// The state of a run of this process.
package struct ActionRunState: Sendable, Equatable {
  /// Why sending is paused until the operator decides; `nil` if not paused.
  package var pause: String?
  /// Why the run waits by itself: "the server asks to wait for 30s".
  package var note: String?

  package init(pause: String? = nil, note: String? = nil) {
    self.pause = pause
    self.note = note
  }
}

/// Path and access of a context's audit log.
package struct AuditSettings: Sendable, Equatable {
  /// An absolute path.
  package var path: String
  /// Name of the system group that may write to it too; `nil` for the owner only.
  package var group: String?
  /// No action is planned without a reason.
  package var requiresReason: Bool

  package init(path: String, group: String? = nil, requiresReason: Bool = false) {
    self.path = path
    self.group = group
    self.requiresReason = requiresReason
  }
}
