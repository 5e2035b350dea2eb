import Core

/// What the screen shows, read at one instant. Parts that the screen does not need are empty.
package struct Content: Sendable, Equatable {
  package var header: HeaderView
  package var overview = OverviewView(total: TypeView(type: ""))
  package var sagas = SagaList()
  package var events = EventList()
  /// The saga whose page is open; `nil` when it is no longer kept.
  package var saga: SagaView?
  /// Why it is where it is.
  package var diagnosis: Diagnosis?
  /// Of the list's sagas that are explained beside it.
  package var diagnoses: [SagaHandle: Diagnosis] = [:]
  /// Texts of the events that are expanded; one that was asked for and is missing is no longer kept.
  package var messages: [MessageRef: Message] = [:]
  /// Also where the list is not open: the sums of all groups.
  package var groups = GroupList()
  package var topics = TopicList()
  /// The consumer group whose page is open, or that the open saga waits for; `nil` when it is not known.
  package var group: GroupView?

  package var locks = LockList()
  /// The lock whose page is open; `nil` when it is not known.
  package var lock: LockView?
  package var services = ServiceList()
  /// The service whose page is open; `nil` when there is none of that name.
  package var service: ServiceRow?
  package var actions = ActionList()
  /// The action whose page is open, and its saga; `nil` when they are no longer kept.
  package var action: ActionRecord?
  package var actionSaga: SagaHandle?
  /// What became so far of the intent that the dialog is about.
  package var progress: [ActionRecord] = []
  /// Which actions there are for what is in front, and whether they are possible; empty where nobody can act.
  package var availability: [ActionName: ActionAvailability] = [:]

  package var nodes = NodeList()
  package var members = MemberList()
  package var compensations = CompensationList()
  package var failures = FailureList()

  package init(header: HeaderView) {
    self.header = header
  }

  package init(_ request: ContentRequest, from source: some ContentSource, now: Timestamp) {
    header = source.header(now: now)
    if request.overview { overview = source.overview(limit: 0, now: now) }
    if let query = request.sagas { sagas = source.sagas(query, now: now) }
    if let events = request.events { self.events = Self.window(events, from: source, now: now) }
    if let handle = request.saga {
      saga = source.saga(handle, now: now)
      diagnosis = source.diagnosis(handle, now: now)
    }
    for handle in sagas.explained(request.explained) { diagnoses[handle] = source.diagnosis(handle, now: now) }
    messages = Self.messages(request.messages, from: source)
    groups = source.groups(request.groups ?? GroupQuery(limit: 0), now: now)
    if let query = request.topics { topics = source.topics(query, now: now) }
    locks = source.locks(request.locks ?? LockQuery(limit: 0), now: now)
    if let key = request.lock { lock = source.lock(key, now: now) }
    if let query = request.services { services = source.services(query, now: now) }
    readHistory(request, from: source, now: now)
    readActions(request, from: source, now: now)
    if let name = request.service ?? saga?.awaitedService { service = source.service(name, now: now) }
    if let name = request.group ?? saga?.awaitedGroup { group = source.group(name, now: now) }
  }

  private mutating func readActions(_ request: ContentRequest, from source: some ContentSource, now: Timestamp) {
    if let query = request.actions { actions = source.actions(query, now: now) }
    if let intent = request.intent { progress = source.actions(of: intent) }
    if let id = request.action { read(id, from: source) }
  }

  /// An action and its saga.
  mutating func read(_ id: ActionRecord.ID, from source: some ContentSource) {
    action = source.actions(of: id.intent).first { $0.id == id }
    if action?.action.scope == .saga { actionSaga = source.find(id: id.subject, type: id.type).first }
  }

  private mutating func readHistory(_ request: ContentRequest, from source: some ContentSource, now: Timestamp) {
    if let query = request.nodes { nodes = source.nodes(query, now: now) }
    if let query = request.members { members = source.members(query, now: now) }
    if let query = request.compensations { compensations = source.compensations(query, now: now) }
    if let query = request.failures { failures = source.failures(query, now: now) }
  }

  static func messages(_ refs: [MessageRef], from source: some ContentSource) -> [MessageRef: Message] {
    var messages: [MessageRef: Message] = [:]
    for ref in refs { messages[ref] = source.message(ref) }
    return messages
  }

  /// New events push the rows down: looks for the followed one about where it must be by now.
  private static func window(
    _ request: ContentRequest.EventsRequest, from source: some ContentSource, now: Timestamp
  ) -> EventList {
    guard let key = request.following else { return source.events(request.query, now: now) }
    let probe = source.events(EventQuery(filter: request.query.filter, limit: 0), now: now)
    let isFiltered = !request.query.filter.matchesAll
    let shift = isFiltered ? probe.matching - request.matching : probe.received - request.received
    let expected = request.query.offset + max(0, shift)
    let margin = 100 + request.query.limit
    var query = request.query
    query.offset = max(0, expected - margin)
    query.limit += 2 * margin
    let wide = source.events(query, now: now)
    return wide.part(following: key, offset: expected, limit: request.query.limit)
  }
}

extension SagaView {
  /// The service that must do the step before the saga goes on.
  var awaitedService: String? { awaitedStep?.service }

  /// The consumer group that must read before the saga goes on.
  var awaitedGroup: String? { awaitedStep?.group }

  private var awaitedStep: StepView? {
    guard row.status == .running else { return nil }
    return row.steps.first { $0.name == row.step && $0.endedAt == nil }
  }
}

extension SagaList {
  /// The saga under the cursor, and of the first ones those that are in trouble.
  func explained(_ request: ContentRequest.Explained?) -> [SagaHandle] {
    guard let request else { return [] }
    let place = request.position - offset
    let selected = rows.first { $0.handle == request.cursor } ?? (rows.indices.contains(place) ? rows[place] : nil)
    return ([selected].compactMap { $0 } + worst(request.worst)).map(\.handle)
  }

  /// The first rows, where the list begins and they need an explanation.
  func worst(_ count: Int) -> [SagaRow] {
    offset > 0
      ? []
      : rows.prefix(count).filter { $0.status != .completed && ($0.status != .running || $0.flags.contains(.stuck)) }
  }
}
