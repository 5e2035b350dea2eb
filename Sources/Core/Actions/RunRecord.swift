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
