import Core

/// Source of the contents of the screen. No call blocks.
package protocol ContentSource {
  func header(now: Timestamp) -> HeaderView
  /// `nil` if the sagas are configured.
  var inference: InferenceView? { get }
  var coverage: CoverageView { get }
  func overview(limit: Int, now: Timestamp) -> OverviewView
  func sagas(_ query: SagaQuery, now: Timestamp) -> SagaList
  func saga(_ handle: SagaHandle, now: Timestamp) -> SagaView?
  /// With `asks`, unknown traces are requested from the trace store; a later call returns the result.
  func traces(of handle: SagaHandle, asks: Bool, now: Timestamp) -> SagaTraces?
  func diagnosis(_ handle: SagaHandle, now: Timestamp) -> Diagnosis?
  func causes(now: Timestamp) -> [CauseGroup]
  /// Newest first.
  func changes(since instant: Timestamp) -> [Change]
  func events(_ query: EventQuery, now: Timestamp) -> EventList
  func message(_ ref: MessageRef) -> Message?
  func groups(_ query: GroupQuery, now: Timestamp) -> GroupList
  func topics(_ query: TopicQuery, now: Timestamp) -> TopicList
  func locks(_ query: LockQuery, now: Timestamp) -> LockList
  func lock(_ key: LockKey, now: Timestamp) -> LockView?
  func group(_ name: String, now: Timestamp) -> GroupView?
  func services(_ query: ServiceQuery, now: Timestamp) -> ServiceList
  func actions(_ query: ActionQuery, now: Timestamp) -> ActionList
  func actions(of intent: String) -> [ActionRecord]
  /// The sagas with this displayed id; `type` `nil` searches all types.
  func find(id: String, type: String?) -> [SagaHandle]
  func service(_ name: String, now: Timestamp) -> ServiceRow?
  func nodes(_ query: NodeQuery, now: Timestamp) -> NodeList
  func members(_ query: MemberQuery, now: Timestamp) -> MemberList
  func compensations(_ query: CompensationQuery, now: Timestamp) -> CompensationList
  func failures(_ query: FailureQuery, now: Timestamp) -> FailureList
}

extension Store: ContentSource {}

extension CheckInputs {
  /// `limit`: maximum number of groups and of locks to check, the most severe first.
  init(_ source: any ContentSource, _ status: SystemStatus, limit: Int) {
    let now = status.header.now
    self.init(
      now: now, lag: source.groups(GroupQuery(limit: limit), now: now),
      locks: source.locks(LockQuery(limit: limit), now: now),
      services: source.services(ServiceQuery(limit: .max), now: now))
    take(status)
  }

  /// Replaces the sources and the sums over sagas.
  mutating func take(_ status: SystemStatus) {
    (now, sources, overview) = (status.header.now, status.header.sources, status.overview)
  }
}
