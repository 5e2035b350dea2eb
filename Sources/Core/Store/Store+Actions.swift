/// What screens, reports and the gate of actions ask of operators' actions.
extension Store {
  package func accept(_ actions: [ActionRecord]) {
    fold { state in
      for action in actions { state.actions.fold(action) }
    }
  }

  /// Says what is wrong with the audit log; `nil` says that it is well again.
  package func note(auditProblem: String?) {
    fold { $0.actions.problem = auditProblem }
  }

  /// The latest first; those in which a text holds `pattern` (empty: all).
  package func actions(matching pattern: String = "", offset: Int = 0, limit: Int) -> ActionListView {
    read { $0.actions.view(offset: offset, limit: limit, matching: pattern) }
  }

  /// All records of one intent, in the order in which they were intended.
  package func actions(of intent: String) -> [ActionRecord] {
    read { $0.actions.records(of: intent) }
  }

  /// What was done to a subject, the oldest first.
  package func actions(on subject: String, type: String) -> [ActionRecord] {
    read { $0.actions.records(type: type, ids: [subject]) }
  }
}
