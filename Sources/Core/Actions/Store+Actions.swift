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

  package func actions(_ query: ActionQuery, now: Timestamp) -> ActionList {
    let (all, problem) = read { ($0.actions.latest, $0.actions.problem) }
    var list = ActionList(query.window(of: all, now: now), problem: problem)
    for record in all { list.counts[record.outcome.name, default: 0] += 1 }
    return list
  }

  /// All records of one intent, in the order in which they were intended.
  package func actions(of intent: String) -> [ActionRecord] {
    past?.live.actions(of: intent) ?? read { $0.actions.records(of: intent) }
  }

  /// What was done to a subject, the oldest first.
  package func actions(on subject: String, type: String) -> [ActionRecord] {
    read { $0.actions.records(type: type, ids: [subject]) }
  }

  /// How far a saga is, without deriving it; `nil` when it was dropped, or joined to another.
  package func version(of handle: SagaHandle) -> ActionPlan.Version? { versions(of: [handle])[0] }

  /// The same of several, all at one moment.
  package func versions(of handles: [SagaHandle]) -> [ActionPlan.Version?] {
    read { state in
      handles.map { handle in
        state.sagas[handle].map {
          .init(events: $0.events.count + $0.droppedEvents, updatedAt: $0.summary.updatedAt)
        }
      }
    }
  }

  /// The text of one of the latest messages; `nil` when it is not kept any more.
  package func message(topic: String, partition: Int32, offset: Int64) -> Message? {
    read { state in
      var found: MessageRef?
      state.recent.walk { entry in
        let origin = entry.record.origin
        guard found == nil, origin.offset == offset, origin.partition == partition,
          state.symbols.text(origin.topic) == topic
        else { return }
        found = entry.record.message
      }
      return found.flatMap { state.messages.message($0) }
    }
  }
}
