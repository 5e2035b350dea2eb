import Core

extension ViewID {
  package static let overview = ViewID("overview")
}

/// The first screen: how much flows, how much is in trouble, and the worst sagas with their causes.
package struct OverviewScreen: SagaListScreen {
  package static let id = ViewID.overview

  package var list = ListState<SagaRow, SagaOrder>()
  var sagas = SagaSelection()
  var explained: Int { 3 }
  private var compensations = CompensationSums()
  private var failures = FailureList()
  private var health = FlowHealth()
  private var causes: [CauseGroup] = []
  package var columns: [ListColumn<SagaRow, SagaOrder>] { ListColumn.overview }

  /// Without the causes where no row has one: the timelines get the room.
  package func shownColumns(_ status: SystemStatus) -> [ListColumn<SagaRow, SagaOrder>] {
    let hasCauses = list.rows.contains { $0.cause != nil }
    return columns.filter { column in
      (column.order != .type || status.onlyType == nil) && (column.title != "CAUSE" || hasCauses)
    }
  }

  package static var keys: ViewKeys {
    var keys = sagaKeys
    keys.own.append(KeyMap.Binding(.nextCause, [.character("f")], "only the sagas of the next cause", hint: "cause"))
    return keys
  }

  package init() {}

  package mutating func read(_ request: ReadRequest) {
    readSagas(request, explains: true)
    let source = request.source
    health = FlowHealth(
      CheckInputs(
        now: request.now, sources: source.header(now: request.now).sources,
        overview: source.overview(limit: 0, now: request.now),
        lag: source.groups(GroupQuery(limit: Self.mostRead), now: request.now),
        locks: source.locks(LockQuery(limit: Self.mostRead), now: request.now),
        services: source.services(ServiceQuery(limit: .max), now: request.now)))
    causes = source.causes(now: request.now)
    compensations = request.source.compensations(CompensationQuery(limit: 0), now: request.now).sums
    failures = request.source.failures(FailureQuery(limit: 1), now: request.now)
  }

  /// Rows of groups and locks, the worst first, that the health is told from.
  private static let mostRead = 20

  package mutating func run(_ command: Command) -> Effect? {
    guard command == .nextCause else { return runSagas(command) }
    let filters = causes.prefix(OverviewSummary.mostCauses).compactMap(\.filter)
    let next = filters.firstIndex(of: list.filter.text).map { $0 + 1 } ?? 0
    let text = next < filters.count ? filters[next] : ""
    if let filter = try? ListFilter(text, for: SagaRow.vocabulary) { list.filter = filter }
    return nil
  }

  package func detailHeight(body: Int) -> Int {
    switch body {
    case ..<16: DetailLines.height(body: body)
    case ..<26: 5
    default: 7
    }
  }

  /// Lines for the types, where there are several.
  private func typeCount(_ context: DrawContext) -> Int {
    let types = context.status.overview.types.count
    return types > 1 ? min(types, OverviewSummary.maxTypes) : 0
  }

  /// Causes that have a line each.
  private func causeCount(body: Int) -> Int {
    min(causes.count, body >= 18 ? OverviewSummary.mostCauses : body >= 12 ? 2 : 0)
  }

  private var hasSentence: Bool { health.state != .ok }

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int {
    guard body >= 7 else { return 1 }
    let (lines, causes) = (hasSentence && body >= 10 ? 4 : 3, causeCount(body: body))
    let history = causes == 0 && body >= OverviewSummary.historyFrom ? 2 : 0
    return lines + causes + history + (body >= 18 ? typeCount(context) : 0)
  }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let lines = OverviewSummary(columns: context.columns, glyphs: context.glyphs)
    let overview = context.status.overview
    var text = [lines.verdict(health, localOffset: context.localOffset)]
    guard height > 1 else { return text }
    let types = overview.types.count > 1 ? overview.types.prefix(OverviewSummary.maxTypes).map(lines.type) : []
    let sums = [lines.flow(overview.total, type: context.status.onlyType), lines.trouble(overview.total.counts)]
    var room = height - text.count - sums.count
    if hasSentence, room > 0 {
      text.append(lines.sentence(health))
      room -= 1
    }
    let told = causes.prefix(min(room, OverviewSummary.mostCauses)).map { group in
      lines.cause(group, isChosen: group.filter == list.filter.text, localOffset: context.localOffset)
    }
    let history = told.isEmpty && room >= 2 ? [lines.compensations(compensations), lines.failure(failures)] : []
    return text + told + sums + history + types
  }

  package func badges(_ glyphs: Glyphs) -> StyledLine {
    var line = markBadges(glyphs)
    if list.order != .standard || list.isReversed { line.add(" by \(list.orderText) ", .accent) }
    return line
  }
}
