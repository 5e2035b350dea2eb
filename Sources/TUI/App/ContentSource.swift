import Core

/// Where the contents of the screen are read from. Every call answers at once.
package protocol ContentSource {
  func header(now: Timestamp) -> HeaderView
  func overview(limit: Int, now: Timestamp) -> OverviewView
  func sagas(_ query: SagaQuery, now: Timestamp) -> SagaListView
  func saga(_ handle: SagaHandle, now: Timestamp) -> SagaView?
  func diagnosis(_ handle: SagaHandle, now: Timestamp) -> Diagnosis?
  func events(_ query: EventQuery, now: Timestamp) -> EventListView
  func message(_ ref: MessageRef) -> Message?
  func lag(matching pattern: String, limit: Int, now: Timestamp) -> LagView
  func locks(_ query: LockQuery, now: Timestamp) -> LockListView
  func lock(_ key: LockKey, now: Timestamp) -> LockView?
  func group(_ name: String, now: Timestamp) -> GroupView?
  func services(matching pattern: String, limit: Int, now: Timestamp) -> ServicesView
  func actions(matching pattern: String, offset: Int, limit: Int) -> ActionListView
  func actions(of intent: String) -> [ActionRecord]
  /// The sagas that are shown by an id, of one type or of any.
  func find(id: String, type: String?) -> [SagaHandle]
  func service(_ name: String, now: Timestamp) -> ServiceRow?
  func nodes(_ query: NodeQuery, now: Timestamp) -> NodeListView
  func members(_ query: NodeQuery) -> MemberListView
  func compensations(_ query: CompensationQuery, now: Timestamp) -> CompensationListView
  func failures(_ query: FailureQuery, now: Timestamp) -> FailureListView
}

extension Store: ContentSource {}
