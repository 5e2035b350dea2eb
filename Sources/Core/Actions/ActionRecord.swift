import Text

/// One action on one thing, as the audit log has it: who, what, why, and what came of it.
package struct ActionRecord: Sendable, Equatable {
  package struct Stage: Sendable, Equatable {
    package var time: Timestamp
    package var outcome: ActionOutcome

    package init(time: Timestamp, outcome: ActionOutcome) {
      self.time = time
      self.outcome = outcome
    }
  }

  /// `alice@jump-1`, and how she came there.
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
  /// Of a saga the id that it is shown by; of a lock its key.
  package var subject: String
  /// The saga's type; empty for other subjects.
  package var type: String
  package var `operator`: Operator
  package var reason: String
  /// What stood against it, where the operator insisted with typed words.
  package var insisted: String?
  package var attempt: Int
  package var idempotencyKey: String
  /// The first line of the request: `POST http://…/retry/7f3a`.
  package var request: String
  /// SHA-256 of the whole request with its secrets masked, in hexadecimal.
  package var digest: String
  /// From being sent to the answer; `nil` before.
  package var latency: Duration?
  /// What was taken is looked at until then; `nil` where there is nothing to be seen of it.
  package var watchedUntil: Timestamp?
  /// In the order in which it went through them, the first is `intended`. Never empty.
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

  /// One intent does one thing to a subject once.
  package var id: ID { ID(intent: intent, type: type, subject: subject) }

  package struct ID: Hashable, Sendable {
    package var intent: String
    package var type: String
    package var subject: String

    /// Byte for byte: two normal forms of one text are two subjects.
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

/// What an operator asks of a plan that is being run, by whichever process.
package enum RunControl: String, CaseIterable, Sendable {
  case pause
  case resume
  case stop
}

/// One plan that was run: who, what, why, and how many.
package struct RunRecord: Sendable, Equatable {
  /// The last thing that was asked of it.
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
  /// Subjects of the plan.
  package var count: Int
  /// The intent whose rest it is.
  package var resumes: String?
  /// What stood against it, where the operator insisted.
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

/// How a run of this process stands.
package struct ActionRunState: Sendable, Equatable {
  /// Why nothing is sent until the operator says so; `nil` while it goes on.
  package var pause: String?
  /// What it waits for by itself: "the server asks to wait for 30s".
  package var note: String?

  package init(pause: String? = nil, note: String? = nil) {
    self.pause = pause
    self.note = note
  }
}

/// Where the audit log of a context lies, and who shares it.
package struct AuditSettings: Sendable, Equatable {
  /// An absolute path.
  package var path: String
  /// The system's group whose members write to it too; `nil` keeps it to its owner.
  package var group: String?
  /// No action is planned without a reason.
  package var requiresReason: Bool

  package init(path: String, group: String? = nil, requiresReason: Bool = false) {
    self.path = path
    self.group = group
    self.requiresReason = requiresReason
  }
}
