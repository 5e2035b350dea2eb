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
