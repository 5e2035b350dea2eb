/// Which rule found a cause. The raw value is the word in JSON.
package enum CauseKind: String, CaseIterable, Sendable {
  case serviceDown
  case serviceDegraded
  case serviceFlapping
  case circuitOpen
  case nodeLost
  case groupEmpty
  case groupStalled
  case groupRebalancing
  case groupBehind
  case groupLostMessages
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
  case awaitingPerson
  case slowStep
  case unanswered
  case nothingFound
}
