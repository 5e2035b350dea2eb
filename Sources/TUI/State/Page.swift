import Core

/// A thing that was opened with Enter and lies over its view until Esc.
package struct Page: Sendable, Equatable {
  package enum Subject: Sendable, Equatable {
    /// The id is the one shown when it was opened, for when the saga is no longer kept.
    case saga(SagaHandle, id: String)
    case event(EventRow)
    /// A consumer group, by its name.
    case group(String)
    case lock(LockKey)
    /// A service, by its name.
    case service(String)
    case action(ActionRecord.ID)
  }

  package var subject: Subject
  package var document = DocumentState()

  package init(_ subject: Subject) {
    self.subject = subject
    if case .event(let row) = subject { document.expanded = [EventID(row): row.message] }
  }

  package var title: String {
    switch subject {
    case .saga(_, let id): "saga \(id)"
    case .event(let row): "event \(row.type)"
    case .group(let name): "group \(name)"
    case .lock(let key): "lock \(key.key)"
    case .service(let name): "service \(name)"
    case .action(let id): "action on \(id.subject)"
    }
  }
}
