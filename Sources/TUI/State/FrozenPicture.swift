import Core

/// What stands still while the picture is frozen: the lists some way beyond the window, so that one can scroll in them, and every
/// thing that was opened since, as it was when it was opened first.
struct FrozenPicture: Sendable {
  /// Rows that are kept of each list.
  private static let rows = 1000

  private let header: HeaderView
  private let overview: OverviewView
  private var lists: [ViewID: SagaList] = [:]
  private let events: EventList
  private var opened: [SagaHandle: SagaView] = [:]
  private var diagnoses: [SagaHandle: Diagnosis] = [:]
  private var messages: [MessageRef: Message] = [:]
  private let groups: GroupList
  private let topics: TopicList
  private var openedGroups: [String: GroupView] = [:]
  private let locks: LockList
  private var openedLocks: [LockKey: LockView] = [:]
  private let services: ServiceList
  private let actions: ActionList
  private let nodes: NodeList
  private let members: MemberList
  private let compensations: CompensationList
  private let failures: FailureList

  init(_ state: UIState, at instant: Timestamp, from source: some ContentSource) {
    header = source.header(now: instant)
    overview = source.overview(limit: 0, now: instant)
    for (view, list) in [(ViewID.overview, state.overview), (.sagas, state.sagas)] {
      var query = list.query(height: Self.rows)
      query.offset = max(0, list.cursor.top - Self.rows / 2)
      lists[view] = source.sagas(query, now: instant)
    }
    groups = source.groups(state.lag.groupQuery(height: Self.rows), now: instant)
    topics = source.topics(state.lag.topicQuery(height: Self.rows), now: instant)
    var lockQuery = state.locks.query(height: Self.rows)
    lockQuery.offset = max(0, state.locks.cursor.top - Self.rows / 2)
    locks = source.locks(lockQuery, now: instant)
    services = source.services(state.services.query(height: Self.rows), now: instant)
    var actionQuery = state.actions.query(height: Self.rows)
    actionQuery.offset = max(0, state.actions.cursor.top - Self.rows / 2)
    actions = source.actions(actionQuery, now: instant)
    nodes = source.nodes(state.nodes.query(height: Self.rows), now: instant)
    members = source.members(state.nodes.memberQuery(height: Self.rows), now: instant)
    compensations = source.compensations(state.compensations.query(height: Self.rows), now: instant)
    failures = source.failures(state.compensations.patternQuery(height: Self.rows), now: instant)
    let top = max(0, state.events.cursor.top - Self.rows / 2)
    events = source.events(
      EventQuery(filter: state.events.filter.filter, offset: top, limit: Self.rows), now: instant)
  }

  private mutating func diagnosis(
    _ handle: SagaHandle, at instant: Timestamp, from source: some ContentSource
  ) -> Diagnosis? {
    if diagnoses[handle] == nil { diagnoses[handle] = source.diagnosis(handle, now: instant) }
    return diagnoses[handle]
  }

  mutating func content(
    for request: ContentRequest, view: ViewID, at instant: Timestamp, from source: some ContentSource
  ) -> Content {
    var content = Content(header: header)
    content.overview = overview
    if let query = request.sagas, let list = lists[view] {
      content.sagas = list.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let wanted = request.events {
      content.events = events.part(
        following: wanted.following, offset: wanted.query.offset, limit: wanted.query.limit)
    }
    if let handle = request.saga {
      if opened[handle] == nil { opened[handle] = source.saga(handle, now: instant) }
      content.saga = opened[handle]
      content.diagnosis = diagnosis(handle, at: instant, from: source)
    }
    for handle in content.sagas.explained(request.explained) {
      content.diagnoses[handle] = diagnosis(handle, at: instant, from: source)
    }
    for ref in request.messages {
      if messages[ref] == nil { messages[ref] = source.message(ref) }
      content.messages[ref] = messages[ref]
    }
    content.locks = locks
    if let query = request.locks {
      content.locks = locks.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let key = request.lock {
      if openedLocks[key] == nil { openedLocks[key] = source.lock(key, now: instant) }
      content.lock = openedLocks[key]
    }
    if let query = request.actions {
      content.actions = actions.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let id = request.action { content.read(id, from: source) }
    addHistory(to: &content, request)
    content.groups = groups
    content.topics = topics
    content.services = services
    if let query = request.groups {
      content.groups = groups.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let query = request.topics {
      content.topics = topics.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let query = request.services {
      content.services = services.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let name = request.service ?? content.saga?.awaitedService {
      content.service = services.services.first { $0.name == name }
    }
    if let name = request.group ?? content.saga?.awaitedGroup {
      if openedGroups[name] == nil { openedGroups[name] = source.group(name, now: instant) }
      content.group = openedGroups[name]
    }
    return content
  }

  private func addHistory(to content: inout Content, _ request: ContentRequest) {
    content.compensations = compensations
    content.failures = failures
    if let query = request.nodes {
      content.nodes = nodes.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let query = request.members {
      content.members = members.part(following: query.following, offset: query.offset, limit: query.limit)
    }
    if let query = request.compensations {
      content.compensations = compensations.part(
        following: query.following, offset: query.offset, limit: query.limit)
    }
    if let query = request.failures {
      content.failures = failures.part(following: query.following, offset: query.offset, limit: query.limit)
    }
  }
}
