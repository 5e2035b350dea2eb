import Core

extension ViewID {
  package static let overview = ViewID("overview")
}

/// The first screen: flow, causes with remedies, and the worst sagas.
package struct OverviewScreen: SagaListScreen {
  package static let id = ViewID.overview

  package var list = ListState<SagaRow, SagaOrder>()
  var sagas = SagaSelection()
  private var compensations = CompensationSums()
  private var failures = FailureList()
  private static let sumsInterval = Duration.milliseconds(900)
  private var readAt: Timestamp?
  /// Groups, locks and services.
  private var known = CheckInputs(now: .distantPast)
  private var health = FlowHealth()
  private var causes: [CauseGroup] = []
  private var deadLetters: Known<Int64>?
  package var columns: [ListColumn<SagaRow, SagaOrder>] { ListColumn.overview }

  /// Hides the cause column if no row has a cause, so that the timelines get its room.
  package func shownColumns(_ status: SystemStatus) -> [ListColumn<SagaRow, SagaOrder>] {
    let hasCauses = list.rows.contains { $0.cause != nil }
    return columns.filter { column in
      (column.order != .type || status.onlyType == nil) && (column.title != "CAUSE" || hasCauses)
    }
  }

  package static var keys: ViewKeys {
    var keys = sagaKeys
    keys.own.append(KeyMap.Binding(.nextCause, [.character("f")], "only the sagas of the next cause", hint: "cause"))
    keys.actions.append(.releaseLock)
    return keys
  }

  package init() {}

  package mutating func read(_ request: ReadRequest) {
    readSagas(request, explains: true)
    readTotals(request)
    // The verdict and the sums below it are of the same overview.
    known.take(request.status)
    health = FlowHealth(known)
    causes = request.source.causes(now: request.now)
  }

  /// These totals change slowly, so they are not read for each frame. A repeated read at the same instant renews them, because the data may
  /// have changed.
  private mutating func readTotals(_ request: ReadRequest) {
    if let readAt, request.now > readAt, request.now - readAt < Self.sumsInterval { return }
    let source = request.source
    readAt = request.now
    known = CheckInputs(source, request.status, limit: Self.mostRead)
    compensations = source.compensations(CompensationQuery(limit: 0), now: request.now).sums
    failures = source.failures(FailureQuery(limit: 1), now: request.now)
    deadLetters = source.topics(TopicQuery(limit: 0), now: request.now).deadLetters?.messages
  }

  /// Number of groups and locks, the worst first, used to determine the health.
  private static let mostRead = 20

  package mutating func run(_ command: Command) -> Effect? {
    guard command == .nextCause else { return runSagas(command) }
    let filters = causes.prefix(OverviewSummary.mostCauses).compactMap(\.filter)
    guard !filters.isEmpty else { return .nothing("no cause has sagas of its own to show") }
    let next = filters.firstIndex(of: list.filter.text).map { $0 + 1 } ?? 0
    let text = next < filters.count ? filters[next] : ""
    if let filter = try? ListFilter(text, for: SagaRow.vocabulary) { list.filter = filter }
    return nil
  }

  /// The cause by which the list is filtered, otherwise the first one.
  private var chosen: CauseGroup? { causes.first { $0.filter == list.filter.text } ?? causes.first }

  package var fittingAction: ActionName? { chosen?.cause.kind.remedy }

  /// The lock is that of the chosen cause.
  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] {
    switch scope {
    case .saga: sagaSubjects
    case .lock: (chosen?.lock ?? causes.lazy.compactMap(\.lock).first).map { [.lock($0)] } ?? []
    case .deadLetter, .system: []
    }
  }

  package func detailHeight(body: Int) -> Int { body < 16 ? DetailLines.height(body: body) : body < 30 ? 4 : 5 }

  private var hasSentence: Bool { health.state != .ok }

  package func measuredSummary(_ context: DrawContext, body: Int) -> [StyledLine]? {
    // Keeps room for the title line and at least two rows of the list.
    summary(context, height: max(1, min(body - 4, body * 2 / 3)))
  }

  /// Lines are assigned by importance: the verdict, one line per cause, the remedy of the first cause, then the rest.
  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let lines = OverviewSummary(context: context)
    let overview = context.status.overview
    var room = Room(lines: height - 1)
    let groups = causes.prefix(room.take(min(causes.count, OverviewSummary.mostCauses)))
    var shown = groups.map { causeLines($0, lines, most: 1) }
    expand(0, groups, &shown, &room, lines)
    let sentence = room.fitting(hasSentence ? [lines.sentence(health)] : [])
    let left = room.fitting(leftovers(lines, context))
    let sums = room.fitting([
      lines.flow(overview.total, type: context.status.onlyType), lines.trouble(overview.total.counts),
    ])
    for place in groups.indices.dropFirst() { expand(place, groups, &shown, &room, lines) }
    let types = room.fitting(
      overview.types.count > 1 ? overview.types.prefix(OverviewSummary.maxTypes).map(lines.type) : [])
    let history = room.fitting(causes.isEmpty ? [lines.compensations(compensations), lines.failure(failures)] : [])
    let verdict = [lines.verdict(health)]
    return verdict + sentence + shown.flatMap(\.self) + sums + left + history + types
  }

  /// Number of remaining lines.
  private struct Room {
    var lines: Int

    /// Returns the requested number, or the remaining number if it is smaller.
    mutating func take(_ wanted: Int) -> Int {
      let taken = max(0, min(wanted, lines))
      lines -= taken
      return taken
    }

    mutating func fitting(_ text: [StyledLine]) -> [StyledLine] { Array(text.prefix(take(text.count))) }
  }

  private func leftovers(_ lines: OverviewSummary, _ context: DrawContext) -> [StyledLine] {
    lines.leftovers(
      deadLetters: deadLetters, undecoded: context.status.overview.undecoded, unmatched: context.status.header.unmatched
    ).map { [$0] } ?? []
  }

  private func causeLines(_ group: CauseGroup, _ lines: OverviewSummary, most: Int) -> [StyledLine] {
    let isChosen = list.filter.isActive && group.filter == list.filter.text
    return lines.cause(group, isChosen: isChosen, most: most)
  }

  /// Adds the consequences and the remedy of a cause if there is room.
  private func expand(
    _ place: Int, _ groups: ArraySlice<CauseGroup>, _ shown: inout [[StyledLine]], _ room: inout Room,
    _ lines: OverviewSummary
  ) {
    guard groups.indices.contains(place) else { return }
    shown[place] = causeLines(groups[place], lines, most: 1 + min(2, room.lines))
    _ = room.take(shown[place].count - 1)
  }

  package func badges(_ glyphs: Glyphs) -> StyledLine {
    var line = markBadges(glyphs)
    if list.order != .standard || list.isReversed { line.add(" by \(list.orderText) ", .accent) }
    return line
  }
}
