/// Everything that a report is made of, as it was at one instant.
package struct SnapshotView: Sendable {
  package var header: HeaderView
  /// Every source had given its first full reading.
  package var isComplete: Bool
  /// How its sagas were inferred; `nil` where somebody has described them.
  package var inference: InferenceView?
  /// How much of what was read the definitions understand.
  package var coverage = CoverageView()
  /// Its sagas are all that are retained, in the order of severity.
  package var overview: OverviewView
  /// All roll-backs, all failure patterns and all nodes.
  package var compensations: CompensationList
  package var oldestRollBacks: [OldestCompensation]
  package var failures: FailureList
  package var nodes: NodeList
  /// Why things stand badly, as the overview tells it.
  package var causes: [CauseGroup] = []
  /// Of the sagas that need an explanation, as many as were looked at.
  package var diagnoses: [SagaHandle: Diagnosis] = [:]

  package init(
    header: HeaderView, isComplete: Bool, overview: OverviewView,
    compensations: CompensationList = CompensationList(), oldestRollBacks: [OldestCompensation] = [],
    failures: FailureList = FailureList(), nodes: NodeList = NodeList()
  ) {
    self.header = header
    self.isComplete = isComplete
    self.overview = overview
    self.compensations = compensations
    self.oldestRollBacks = oldestRollBacks
    self.failures = failures
    self.nodes = nodes
  }
}
