import Core
import Text

/// How messages become sagas: the inferred definition, its certainty, and the messages that were not understood.
package struct ReadingPage: Page {
  private static let mostTypes = 200
  private static let mostNamed = 40

  package var document = Document()
  private var inference: InferenceView?
  private var coverage = CoverageView()

  package init() {}

  package var name: PageName { PageName(word: "as", text: "read") }
  /// The command that writes the inferred definition as a configuration.
  package var copied: String { inference == nil ? "sagatop doctor" : "sagatop init" }

  package mutating func read(_ request: ReadRequest) {
    inference = request.source.inference
    coverage = request.source.coverage
  }

  package func lines(_ context: DrawContext) -> [PageLine] {
    let isOpen = inference == nil && context.status.overview.types.isEmpty
    let found = inference.map { inferred($0, context) } ?? (isOpen ? open : described(context))
    let lines = found + (isOpen ? [] : understood(context) + advice(context))
    // Every line with text can have the cursor, so that all lines are reachable.
    return lines.enumerated().map { place, line in
      line.spans.isEmpty ? PageLine() : PageLine(line, id: place == 0 ? .title : .note(place))
    }
  }

  private func inferred(_ view: InferenceView, _ context: DrawContext) -> [StyledLine] {
    var title = StyledLine(" \(view.badge)", view.doubts.isEmpty ? .heading : .warning, .strong)
    title.add("  from \(Quantity.grouped(view.messages)) messages", .dim)
    let others = unproven(view, context)
    guard !view.sagas.isEmpty || !others.isEmpty else {
      return [title, StyledLine(" no id connects events of several types", .warning)]
    }
    return [title] + view.sagas.flatMap { saga($0, context) } + others
  }

  /// Events that an id connects and that are not shown as sagas, with the reason.
  private func unproven(_ view: InferenceView, _ context: DrawContext) -> [StyledLine] {
    guard !view.unproven.isEmpty else { return [] }
    let lines = view.unproven.prefix(Self.mostNamed).flatMap { one in
      StyledLine("   \(Quantity.grouped(one.flows)) by `\(one.id)`: \(one.evidence)").wrapped(
        columns: context.columns, indent: 5, maxLines: 3)
    }
    return [StyledLine(), StyledLine(" not shown as sagas", .heading, .strong)] + lines
  }

  private var open: [StyledLine] {
    [
      StyledLine(" nothing is inferred yet", .heading, .strong),
      StyledLine(" no id connects events of several types, with evidence of sagas", .warning),
      StyledLine(" `sagatop init` shows what the messages look like; `--id` names where an id lies", .dim),
    ]
  }

  private func described(_ context: DrawContext) -> [StyledLine] {
    var title = StyledLine(" read by a preset or a configuration", .heading, .strong)
    title.add("  \(context.status.header.context)", .dim)
    return [title]
  }

  private func saga(_ saga: InferenceView.Saga, _ context: DrawContext) -> [StyledLine] {
    var heading = StyledLine(" \(saga.type)", .accent, .strong)
    heading.add(
      "  \(Quantity.grouped(saga.flows)) sagas, of which \(Quantity.grouped(saga.settled)) had ended when this was inferred",
      .dim)
    let parts = saga.parts.flatMap { part(wide: $0, context.columns) }
    let shown = saga.types.prefix(Self.mostTypes)
    let table = TextColumns(
      [
        .init("MEANING", width: 20, priority: 1), .init("COUNT", width: 8, align: .right, priority: 2),
        .init("TYPE", width: 20, idealWidth: .max, priority: 0),
      ], width: context.columns - 3, glyphs: context.glyphs)
    let rows = shown.map { row($0, table) }
    let rest = saga.types.count - shown.count
    let more = rest > 0 ? [StyledLine("   and \(rest) more types", .dim)] : []
    return [StyledLine(), heading] + parts + [table.titles.indented(by: 3)] + rows + more
  }

  private func part(wide part: InferenceView.Part, _ columns: Int) -> [StyledLine] {
    let role: StyleRole = part.confidence == .unsure ? .warning : part.confidence == .sure ? .ok : .text
    var line = StyledLine("   \(part.name)".padded(to: 10), .dim)
    line.add(part.confidence.rawValue.padded(to: 8), role)
    line.add(part.evidence)
    return line.wrapped(columns: columns, indent: 18, maxLines: 3)
  }

  private func row(_ type: InferenceView.EventType, _ table: TextColumns) -> StyledLine {
    table.line { column, _ in
      switch column {
      case 0: (type.meaning?.text ?? "not known", type.meaning == nil ? .warning : .text)
      case 1: (Quantity.grouped(type.count), .text)
      default: (type.name, .text)
      }
    }.indented(by: 3)
  }

  /// Events without a saga or rule, and rules without events.
  private func understood(_ context: DrawContext) -> [StyledLine] {
    var lines: [StyledLine] = []
    for row in coverage.unmatched.prefix(Self.mostNamed) {
      let reason = row.isTypeKnown ? "their type has a rule, but they contain no id" : "their type has no rule"
      lines.append(count(row.count, "of topic \(row.topic): \(reason)", row.isTypeKnown ? .warning : .text))
    }
    let ofSagas = coverage.unknownTypes.filter { $0.ofSagas > 0 }
    for type in ofSagas.prefix(Self.mostNamed) {
      lines.append(count(type.ofSagas, "of type \(type.name) contain a saga's id, but the type has no rule", .text))
    }
    if !coverage.unseenTypes.isEmpty {
      let names = coverage.unseenTypes.prefix(Self.mostNamed).map { $0.type }.joined(separator: ", ")
      lines += StyledLine("   rules without events: \(names)", .dim).wrapped(
        columns: context.columns, indent: 5, maxLines: 4)
    }
    var title = StyledLine(" not understood", .heading, .strong)
    if coverage.unmatchedCount > 0 {
      title.add("  \(Quantity.grouped(coverage.unmatchedCount)) events belong to no saga", .dim)
    }
    return lines.isEmpty
      ? [StyledLine(), StyledLine(" every event belongs to a saga", .ok)] : [StyledLine(), title] + lines
  }

  private func count(_ count: Int, _ text: String, _ role: StyleRole) -> StyledLine {
    let number = Quantity.grouped(count)
    return StyledLine("   \(String(repeating: " ", count: max(0, 9 - number.count)))\(number)  \(text)", role)
  }

  private func advice(_ context: DrawContext) -> [StyledLine] {
    let text =
      inference == nil
      ? " `sagatop doctor` shows this and the findings of each source; with `--topic NAME`, how a message is read"
      : " `sagatop init` writes this as a configuration; `--id`, `--type` and `words` correct parts of it"
    return [StyledLine()] + StyledLine(text, .dim).wrapped(columns: context.columns, indent: 1, maxLines: 2)
  }
}

extension EventName.Meaning {
  fileprivate var text: String {
    switch self {
    case .begins: "begins"
    case .completes: "completes"
    case .fails: "fails"
    case .compensates: "undoes"
    case .compensating: "asks to undo"
    case .compensationFails: "undoing fails"
    case .tells: "changes nothing"
    case .halts: "stops"
    }
  }
}

extension String {
  func padded(to columns: Int) -> String {
    count >= columns ? self + " " : self + String(repeating: " ", count: columns - count)
  }
}
