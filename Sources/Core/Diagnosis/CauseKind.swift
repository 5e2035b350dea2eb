/// Which rule found a cause. The raw value is the word in JSON.
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
  /// How far it is from the root of things: brokers, nodes and pods, services, circuits and locks, groups, and what they answer.
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

  /// Whether the other is told as a consequence of this, where one saga has both.
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

  /// What an operator can do about it from here; `nil` where the cure lies elsewhere, as the cause's suggestion says.
  package var remedy: ActionName? {
    switch self {
    case .lockImmortal, .lockOverdue: .releaseLock
    case .stepFailed, .retrying, .unanswered, .deadLetter, .eventMissing: .retry
    default: nil
    }
  }

  /// A saga that is tried again meets it again: it only queues up behind what is there.
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
