/// All data of a report at one instant.
package struct SnapshotView: Sendable {
  package var header: HeaderView
  /// All sources have completed their first read.
  package var isComplete: Bool
  /// How its sagas were inferred; `nil` if they are configured.
  package var inference: InferenceView?
  /// How well the definitions cover the events.
  package var coverage = CoverageView()
  /// Contains all retained sagas in order of severity.
  package var overview: OverviewView
  /// All roll-backs, all failure patterns and all nodes.
  package var compensations: CompensationList
  package var oldestRollBacks: [OldestCompensation]
  package var failures: FailureList
  package var nodes: NodeList
  /// The causes of current trouble, as in the overview.
  package var causes: [CauseGroup] = []
  /// Diagnoses of the sagas that need an explanation, limited in number.
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
