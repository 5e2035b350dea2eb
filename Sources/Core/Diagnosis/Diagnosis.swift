import Text

/// The diagnosis of a saga: ranked causes with supporting and contradicting evidence.
package struct Diagnosis: Sendable, Equatable {
  package var saga: SagaRow
  package var trouble: SagaCondition
  /// The step in question.
  package var step: String?
  /// Strongest first, each with its consequences. Never empty for a saga that needs an explanation.
  package var causes: [Cause]
  /// What could not be observed, one sentence each.
  package var unknown: [String]
  package var at: Timestamp

  package init(
    saga: SagaRow, trouble: SagaCondition, step: String? = nil, causes: [Cause] = [], unknown: [String] = [],
    at: Timestamp
  ) {
    self.saga = saga
    self.trouble = trouble
    self.step = step
    self.causes = causes
    self.unknown = unknown
    self.at = at
  }

  /// Causes of equal strength are ranked in this order.
  private static let rules: [@Sendable (Situation) -> [Cause]] = [
    ContradictionRule.causes, PodRule.causes, BrokerRule.causes, PartitionLeaderRule.causes, NodeLostRule.causes,
    ServiceDownRule.causes, CircuitRule.causes, CallRule.causes,
    DeadLetterRule.causes, PoisonRule.causes, GroupEmptyRule.causes, LockRule.causes, StepFailedRule.causes,
    OpenTransactionRule.causes, GroupStalledRule.causes, GroupLostMessagesRule.causes, SlowStepRule.causes,
    GroupRebalancingRule.causes,
    ServiceFlappingRule.causes, ServiceDegradedRule.causes, GroupBehindRule.causes, MissingEventRule.causes,
    OrchestratorRule.causes, UnansweredRule.causes, RetryRule.causes, RepeatedErrorRule.causes, CompensationRule.causes,
    EndMissingRule.causes, PersonRule.causes, ClockSkewRule.causes, DuplicateRule.causes, SharedEventIDRule.causes,
    JoinedIDsRule.causes,
  ]

  /// Minimum strength of a reported cause.
  private static let least = 10
  /// Minimum strength of a cause that explains the saga's state alone.
  private static let explaining = 25

  package init(of situation: Situation) {
    var causes = Self.rules.flatMap { $0(situation) }
    for place in causes.indices {
      PassingContradiction.apply(to: &causes[place], in: situation)
      causes[place].discount()
    }
    let unknown = UnobservedSources.sentences(situation)
    let isExplained = causes.contains { $0.strength >= Self.explaining }
    causes.removeAll { $0.strength < Self.least }
    if situation.trouble.needsCause, !isExplained { causes.append(NothingFoundRule.cause(situation, unknown)) }
    for change in situation.deployments where situation.trouble.needsCause {
      let age = situation.focusStart.map { max(.zero, $0 - change.time) } ?? .zero
      let evidence = Evidence("\(change.sentence) \(Quantity.age(age)) before the saga began to wait", source: "events")
      if let first = causes.indices.max(by: { causes[$0].strength < causes[$1].strength }) {
        causes[first].evidence.append(evidence)
      }
    }
    // Among equally strong causes the rule that comes first in the list wins.
    self.init(
      saga: situation.row, trouble: situation.trouble, step: situation.focus?.name,
      causes: Cause.chains(
        of: causes.enumerated().sorted { ($1.element.strength, $0.offset) < ($0.element.strength, $1.offset) }
          .map(\.element)),
      unknown: unknown, at: situation.now)
  }
}
