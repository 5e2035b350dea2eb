import Core

/// The common part of the overview and the sagas view: a list of sagas with marks, and the diagnoses of the visible sagas.
protocol SagaListScreen: ListScreen where Row == SagaRow, Order == SagaOrder {
  var sagas: SagaSelection { get set }
}

/// The marks of a list of sagas, and data of the list other than its rows.
struct SagaSelection: Sendable {
  var marks: Set<SagaHandle> = []
  /// Rows that the cursor passes are marked.
  var isMarkingRange = false
  var read = SagaList()
  var diagnoses: [SagaHandle: Diagnosis] = [:]
  /// When the diagnoses were made; `nil` if the rows are not diagnosed.
  var explainedAt: Timestamp?
}

extension SagaRow {
  var needsExplanation: Bool { status != .completed && (status != .running || flags.contains(.stuck)) }
}

extension SagaListScreen {
  package static var place: String { "in the lists of sagas" }

  /// In column order, after the order by severity.
  package static var orders: [SagaOrder] {
    [.severity, .id, .type, .status, .step, .age, .node, .updated, .started]
  }

  package static var keys: ViewKeys { sagaKeys }

  static var sagaKeys: ViewKeys {
    ViewKeys(
      open: ("open the saga under the cursor", "open"), filter: "filter: words, status:stuck, age>5m, !node:node-1",
      escape: "clear the filter, then the marks; or go back",
      own: [
        KeyMap.Binding(.mark, [.character(" ")], "mark the saga and go to the next", hint: "mark"),
        KeyMap.Binding(.markRange, [.character("v")], "mark what the cursor passes; the same key ends it"),
        KeyMap.Binding(.unmark, [.character("U")], "remove all marks"), KeyMap.why, KeyMap.reading,
      ], actions: [.retry, .compensate, .giveUp], noSubject: "there is no saga here")
  }

  package var emptyText: String { "no saga matches" }

  package func shownColumns(_ status: SystemStatus) -> [ListColumn<SagaRow, SagaOrder>] {
    status.onlyType == nil ? columns : columns.filter { $0.order != .type }
  }

  package var allColumns: [ListColumn<SagaRow, SagaOrder>] { ListColumn.all }

  package mutating func read(_ request: ReadRequest) { readSagas(request, explains: list.columns.contains("cause")) }

  /// `explains` sets the likeliest cause of each visible row.
  mutating func readSagas(_ request: ReadRequest, explains: Bool = false) {
    sagas.read = request.source.sagas(list.query(request), now: request.now)
    if !explains {
      sagas.explainedAt = nil
      sagas.diagnoses = sagas.diagnoses.filter { $0.key == list.selected?.handle }
    } else if !hasExplained(within: .seconds(3), request.now) {
      let isLater = sagas.explainedAt.map { request.now > $0 } ?? false
      sagas.diagnoses = isLater ? sagas.diagnoses.filter { isSettled($0.value, request.now) } : [:]
      sagas.explainedAt = request.now
    }
    if explains { explainRows(request) }
    list.take(sagas.read, height: request.height)
  }

  /// Diagnosing all rows takes longer than drawing them, so diagnoses are reused for a short time. A repeated read at the same instant
  /// renews them, because the data may have changed.
  private func hasExplained(within span: Duration, _ now: Timestamp) -> Bool {
    sagas.explainedAt.map { now > $0 && now - $0 < span } ?? false
  }

  /// The diagnosis of an ended saga hardly changes, so it is reused for 30 s.
  private func isSettled(_ diagnosis: Diagnosis, _ now: Timestamp) -> Bool {
    !diagnosis.saga.status.isActive && now - diagnosis.at < .seconds(30) && now >= diagnosis.at
  }

  private mutating func explainRows(_ request: ReadRequest) {
    for place in sagas.read.rows.indices.prefix(request.height) where sagas.read.rows[place].needsExplanation {
      let row = sagas.read.rows[place]
      let known = sagas.diagnoses[row.handle].flatMap { $0.saga.status == row.status ? $0 : nil }
      let diagnosis = known ?? request.source.diagnosis(row.handle, now: request.now)
      sagas.diagnoses[row.handle] = diagnosis
      sagas.read.window.rows[place].cause = diagnosis?.causes.first?.sentence
    }
  }

  /// Diagnoses the saga under the cursor.
  package mutating func readDetails(_ request: ReadRequest) {
    guard let row = list.selected else { return }
    if let known = sagas.diagnoses[row.handle] {
      let isCurrent = known.saga.updatedAt == row.updatedAt && known.saga.flags == row.flags
      if request.isFrozen || known.at == request.now && sagas.explainedAt == request.now { return }
      if isCurrent, request.now > known.at, request.now - known.at < Self.diagnosisInterval { return }
    }
    sagas.diagnoses[row.handle] = request.source.diagnosis(row.handle, now: request.now)
  }

  /// Its surroundings change slowly: the diagnosis of an unchanged saga is reused for this time.
  private static var diagnosisInterval: Duration { .milliseconds(900) }

  package func emptyState(_ status: SystemStatus) -> EmptyState? {
    status.hasNoSagas && list.rows.isEmpty ? .sagas : nil
  }

  package func open(_ row: SagaRow) -> Layer? { .page(SagaPage(row.handle, id: row.id)) }
  package func saga(of row: SagaRow) -> SagaPage? { SagaPage(row.handle, id: row.id) }
  package func copied(_ row: SagaRow) -> String? { row.id }

  // MARK: Marks and actions

  package func isMarked(_ row: SagaRow) -> Bool { sagas.marks.contains(row.handle) }
  package var hasMarks: Bool { !sagas.marks.isEmpty }

  /// The marked sagas, otherwise the one under the cursor.
  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { scope == .saga ? sagaSubjects : [] }

  var sagaSubjects: [ActionSubject] {
    guard sagas.marks.isEmpty else {
      return sagas.marks.sorted { ($0.slot, $0.generation) < ($1.slot, $1.generation) }.map { .saga($0) }
    }
    return list.selected.map { [.saga($0.handle)] } ?? []
  }

  package var filterForActions: Filter? { list.filter.isActive ? list.filter.filter : nil }

  package mutating func run(_ command: Command) -> Effect? { runSagas(command) }

  mutating func runSagas(_ command: Command) -> Effect? {
    switch command {
    case .unmark:
      sagas.marks = []
      sagas.isMarkingRange = false
    case .markRange:
      guard let row = list.selected else { break }
      sagas.isMarkingRange.toggle()
      if sagas.isMarkingRange { sagas.marks.insert(row.handle) }
    case .mark:
      guard let row = list.selected else { break }
      if sagas.marks.remove(row.handle) == nil { sagas.marks.insert(row.handle) }
      list.move(.by(1))
    default: break
    }
    return nil
  }

  package mutating func moved(from: Int, to: Int) {
    guard sagas.isMarkingRange else { return }
    for place in min(from, to)...max(from, to) where list.rows.indices.contains(place - list.offset) {
      sagas.marks.insert(list.rows[place - list.offset].handle)
    }
  }

  package var jumpRefusal: String? {
    sagas.isMarkingRange ? "a range is marked line by line or page by page" : nil
  }

  package mutating func clearRange() -> Bool {
    defer { sagas.isMarkingRange = false }
    return sagas.isMarkingRange
  }

  package mutating func clearMarks() -> Bool {
    defer { sagas.marks = [] }
    return hasMarks
  }

  package mutating func actionsWereSent() { sagas.marks = [] }

  func markBadges(_ glyphs: Glyphs) -> StyledLine {
    var line = StyledLine()
    if hasMarks { line.add("\(glyphs.mark) \(sagas.marks.count) marked ", .accent) }
    if sagas.isMarkingRange { line.add(" range ", .badge) }
    return line
  }

  package func badges(_ glyphs: Glyphs) -> StyledLine { markBadges(glyphs) }

  // MARK: Detail

  package func drawDetail(of row: SagaRow, into frame: inout Frame, _ area: Rect, _ context: DrawContext) {
    if area.height > 1 { frame.horizontalLine(x: area.x, y: area.y, width: area.width, context.glyphs.horizontal) }
    let top = area.height > 1 ? area.y + 1 : area.y
    let lines = detail(of: row, height: max(1, area.height - 1), columns: area.width - 3, context)
    for (index, short) in lines.enumerated() {
      var width = area.width - 3
      if let age = short.age, area.width >= 60 {
        width -= age.columns + 2
        frame.put(age, x: area.x + area.width - age.columns - 1, y: top + index)
      }
      let indent = short.isIndented ? 3 : 1
      frame.put(short.line, x: area.x + indent, y: top + index, width: width, ellipsis: context.glyphs.ellipsis)
    }
  }

  /// The saga under the cursor with its causes.
  private func detail(
    of row: SagaRow, height: Int, columns: Int, _ context: DrawContext
  ) -> [CauseLines.Short] {
    let facts = SagaDetail(row: row, now: context.now, glyphs: context.glyphs)
    var own = [CauseLines.Short(line: facts.headline)]
    let diagnosis = sagas.diagnoses[row.handle]
    if let diagnosis {
      let why = CauseLines(diagnosis: diagnosis, columns: columns, glyphs: context.glyphs)
      own += diagnosis.causes.indices.map { why.short($0).indented }
    }
    let isExplained = diagnosis.map { !$0.causes.isEmpty } ?? false
    own += (isExplained ? facts.circumstances : facts.details).map { CauseLines.Short(line: $0).indented }
    return Array(own.prefix(height))
  }
}
