/// What an operator may have done to the watched system. Each is possible only where the configuration defines it.
package enum ActionName: String, CaseIterable, Sendable {
  case retry
  case compensate
  /// Lets a saga be as it is: it is marked as given up where it is kept.
  case giveUp = "give-up"
  /// Publishes a dead-letter message to the topic that it was meant for.
  case redrive
  /// Removes a lock, if its holder is still the one that was seen.
  case releaseLock = "release-lock"
  /// Lets an event store publish its events again.
  case replay

  /// What it is done to.
  package var scope: Scope {
    switch self {
    case .retry, .compensate, .giveUp: .saga
    case .redrive: .deadLetter
    case .releaseLock: .lock
    case .replay: .system
    }
  }

  package enum Scope: Sendable {
    case saga
    case deadLetter
    case lock
    /// The watched system as a whole.
    case system

    /// "saga", "dead letter".
    package var noun: String {
      switch self {
      case .saga: "saga"
      case .deadLetter: "dead letter"
      case .lock: "lock"
      case .system: "system"
      }
    }
  }
}

/// The one thing that an action is done to.
package enum ActionSubject: Hashable, Sendable {
  case saga(SagaHandle)
  case lock(LockKey)
  case deadLetter(topic: String, partition: Int32, offset: Int64)
  case system
}
