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
  package var columns: [ListColumn<SagaRow, SagaOrder>] { ListColumn.overview }

  package init() {}

  package mutating func read(_ request: ReadRequest) {
    readSagas(request)
    compensations = request.source.compensations(CompensationQuery(limit: 0), now: request.now).sums
    failures = request.source.failures(FailureQuery(limit: 1), now: request.now)
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

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int {
    (body >= 7 ? 2 : 1) + (body >= OverviewSummary.historyFrom ? 2 : 0) + (body >= 18 ? typeCount(context) : 0)
  }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let lines = OverviewSummary(columns: context.columns, glyphs: context.glyphs)
    let overview = context.status.overview
    let hasHistory = height >= 4 + typeCount(context)
    let flow = height > 1 ? [lines.flow(overview.total, type: context.status.onlyType)] : []
    return flow + [lines.trouble(overview.total.counts)]
      + (hasHistory ? [lines.compensations(compensations), lines.failure(failures)] : [])
      + overview.types.map(lines.type)
  }

  package func badges(_ glyphs: Glyphs) -> StyledLine {
    var line = markBadges(glyphs)
    if list.order != .standard || list.isReversed { line.add(" by \(list.orderText) ", .accent) }
    return line
  }
}
