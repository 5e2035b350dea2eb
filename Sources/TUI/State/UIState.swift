import Core

/// Everything that the screen remembers between keys. A value; changed by `update` and `settle` only.
package struct UIState: Sendable, Equatable {
  package var view = ViewID.overview
  package var overview = SagaListState()
  package var sagas = SagaListState()
  package var events = EventListState()
  package var lag = LagListState()
  package var locks = LockListState()
  package var services = ServiceListState()
  package var nodes = NodeListState()
  package var compensations = CompensationListState()
  package var actions = ActionListState()
  /// What was opened over the view, the last on top.
  package var pages: [Page] = []
  package var marks: Set<SagaHandle> = []
  package var prompt: Prompt?
  /// The question before an action; has all keys.
  package var dialog: ActionDialog?
  /// Accepted lines per kind of prompt, newest last.
  package var history: [Prompt.Kind: [String]] = [:]
  package var isHelpOpen = false
  package var helpTop = 0
  /// The instant that the picture stands still at; `nil` while it is live.
  package var frozenAt: Timestamp?
  package var notice: Notice?
  /// `nil` where no recording is shown.
  package var replay: ReplayBadge?

  package init() {}

  /// The list of sagas that is in front.
  package var sagaList: SagaListState {
    get { view == .overview ? overview : sagas }
    set { if view == .overview { overview = newValue } else { sagas = newValue } }
  }

  /// The words that the list in front knows.
  var vocabulary: FilterVocabulary {
    switch view {
    case .overview, .sagas: SagaRow.vocabulary
    case .events: EventRow.vocabulary
    case .lag: lag.showsTopics ? TopicRow.vocabulary : GroupRow.vocabulary
    case .locks: LockRow.vocabulary
    case .services: ServiceLine.vocabulary
    case .nodes: nodes.showsMembers ? MemberRow.vocabulary : NodeRow.vocabulary
    case .compensations: compensations.showsPatterns ? FailurePatternRow.vocabulary : CompensationView.vocabulary
    case .actions: ActionRecord.vocabulary
    }
  }

  /// The filter of the list that is in front. A list that is filtered anew stands at its first row.
  package var filter: ListFilter {
    get {
      switch view {
      case .overview, .sagas: sagaList.filter
      case .events: events.filter
      case .lag: lag.filter
      case .locks: locks.filter
      case .services: services.filter
      case .nodes: nodes.filter
      case .compensations: compensations.filter
      case .actions: actions.filter
      }
    }
    set {
      guard newValue != filter else { return }
      switch view {
      case .overview, .sagas:
        sagaList.filter = newValue
        sagaList.cursor.release()
      case .events:
        events.filter = newValue
        events.cursor.release()
      case .lag:
        lag.filter = newValue
        lag.groups.release()
        lag.topics.release()
      case .locks:
        locks.filter = newValue
        locks.cursor.release()
      case .services:
        services.filter = newValue
        services.cursor.release()
      case .nodes:
        nodes.filter = newValue
        nodes.cursor.release()
        nodes.members.release()
      case .compensations:
        compensations.filter = newValue
        compensations.cursor.release()
        compensations.patterns.release()
      case .actions:
        actions.filter = newValue
        actions.cursor.release()
      }
    }
  }

  package mutating func say(_ text: String, isError: Bool = false, now: Timestamp) {
    notice = Notice(text, isError: isError, now: now)
  }

  /// Takes away what has had its time.
  package mutating func expire(now: Timestamp) {
    if let notice, notice.until <= now { self.notice = nil }
  }
}
