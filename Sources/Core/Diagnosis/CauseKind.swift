/// The rule that found a cause. The raw value is the word in JSON.
package enum CauseKind: String, CaseIterable, Sendable {
  case serviceDown
  case serviceDegraded
  case serviceFlapping
  case circuitOpen
  case callFailed
  case callSlow
  case podDied
  case podNotStarting
  case rolloutUnderWay
  case nodeLost
  case groupEmpty
  case groupStalled
  case groupRebalancing
  case groupBehind
  case groupLostMessages
  case transactionOpen
  case lockImmortal
  case lockOverdue
  case lockContended
  case lockLost
  case brokerUnreachable
  case partitionLeaderless
  case poisonMessage
  case deadLetter
  case stepFailed
  case repeatedError
  case retrying
  case awaitingCompensation
  case orchestratorSilent
  case eventMissing
  case clockSkew
  case duplicates
  case lateSuccess
  case lateFailure
  case contradictingEnd
  case endMissing
  case sharedEventIDs
  case joinedIDs
  case awaitingPerson
  case slowStep
  case unanswered
  case nothingFound
}

extension CauseKind {
  /// Distance from the root: brokers, nodes and pods; services; circuits and locks; groups; their responses.
  var depth: Int {
    switch self {
    case .brokerUnreachable, .partitionLeaderless, .nodeLost, .podDied, .podNotStarting: 0
    case .serviceDown, .serviceFlapping, .serviceDegraded: 1
    case .callFailed, .callSlow, .circuitOpen, .lockImmortal, .lockOverdue, .lockContended, .lockLost, .transactionOpen:
      2
    case .groupEmpty, .groupRebalancing, .poisonMessage, .groupStalled, .groupLostMessages: 3
    case .groupBehind, .slowStep, .stepFailed, .deadLetter: 4
    default: 5
    }
  }

  private static let ofGroups: Set<CauseKind> = [
    .groupEmpty, .groupRebalancing, .groupStalled, .groupBehind, .poisonMessage,
  ]
  private static let ofAnswers: Set<CauseKind> = [.unanswered, .retrying, .repeatedError]

  /// Whether the other cause is reported as a consequence of this one if a saga has both.
  func bringsAbout(_ other: CauseKind) -> Bool {
    switch self {
    case .brokerUnreachable, .partitionLeaderless:
      Self.ofGroups.union(Self.ofAnswers).union([.orchestratorSilent]).contains(other)
    case .nodeLost: Self.ofGroups.union(Self.ofAnswers).union([.serviceDegraded, .serviceFlapping]).contains(other)
    case .podDied, .podNotStarting:
      Self.ofGroups.union(Self.ofAnswers).union([.serviceDown, .serviceDegraded, .serviceFlapping, .circuitOpen])
        .contains(other)
    case .rolloutUnderWay: [.serviceDegraded, .serviceFlapping, .groupRebalancing, .groupBehind].contains(other)
    case .serviceDown: Self.ofGroups.union(Self.ofAnswers).union([.circuitOpen]).contains(other)
    case .circuitOpen: Self.ofGroups.union(Self.ofAnswers).union([.serviceDegraded, .stepFailed]).contains(other)
    case .callFailed, .callSlow: Self.ofGroups.union(Self.ofAnswers).union([.stepFailed]).contains(other)
    case .serviceFlapping: [.groupRebalancing, .groupBehind, .unanswered, .retrying].contains(other)
    case .lockImmortal, .lockOverdue, .lockContended, .transactionOpen:
      [.groupStalled, .groupBehind, .poisonMessage, .unanswered].contains(other)
    case .groupEmpty, .poisonMessage: [.groupStalled, .groupBehind].contains(other)
    case .groupRebalancing, .groupStalled: other == .groupBehind
    case .slowStep: other == .groupBehind
    case .deadLetter: [.stepFailed, .unanswered].contains(other)
    case .stepFailed: [.repeatedError, .awaitingCompensation].contains(other)
    default: false
    }
  }

  /// The action that an operator can run; `nil` if the remedy is not an action, see the cause's suggestion.
  package var remedy: ActionName? {
    switch self {
    case .lockImmortal, .lockOverdue: .releaseLock
    case .stepFailed, .retrying, .unanswered, .deadLetter, .eventMissing: .retry
    default: nil
    }
  }

  /// A retried saga would be blocked again by the same cause.
  package var holdsRetries: Bool {
    switch self {
    case .brokerUnreachable, .partitionLeaderless, .serviceDown, .circuitOpen, .groupEmpty, .groupStalled,
      .poisonMessage,
      .lockImmortal, .lockOverdue, .transactionOpen:
      true
    default: false
    }
  }
}
