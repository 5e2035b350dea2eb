/// One step of a saga as a screen or report shows it.
package struct StepView: Sendable, Equatable {
  package struct Attempt: Sendable, Equatable {
    /// When the step was handed its work: its own begin event, else the event that handed over to it.
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    package var hasFailed: Bool
    /// Its start or its end is when it was read: it took at most as long as it seems.
    package var isAtMost = false
    package var node: String?
    package var error: String?

    package init(
      startedAt: Timestamp? = nil, endedAt: Timestamp? = nil, hasFailed: Bool = false, isAtMost: Bool = false,
      node: String? = nil, error: String? = nil
    ) {
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.hasFailed = hasFailed
      self.isAtMost = isAtMost
      self.node = node
      self.error = error
    }
  }

  package var name: String
  package var status: StepStatus
  package var service: String?
  /// The consumer group that must read before the step begins.
  package var group: String?
  /// In order; empty while the step is pending.
  package var attempts: [Attempt]
  /// When its undoing was done, or failed.
  package var compensatedAt: Timestamp?
  package var compensationNode: String?
  package var compensationError: String?
  /// It is done when a person decides.
  package var waitsForPerson = false

  package init(
    name: String, status: StepStatus, service: String? = nil, group: String? = nil, attempts: [Attempt] = [],
    compensatedAt: Timestamp? = nil, compensationNode: String? = nil, compensationError: String? = nil
  ) {
    self.name = name
    self.status = status
    self.service = service
    self.group = group
    self.attempts = attempts
    self.compensatedAt = compensatedAt
    self.compensationNode = compensationNode
    self.compensationError = compensationError
  }

  package var startedAt: Timestamp? { attempts.last?.startedAt }
  package var endedAt: Timestamp? { attempts.last?.endedAt }
  /// The instance that worked on it last.
  package var node: String? { attempts.last?.node }
  package var error: String? { compensationError ?? attempts.last?.error }
}
