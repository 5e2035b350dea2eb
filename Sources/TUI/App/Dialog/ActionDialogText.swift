import Core
import Text

/// The text of an action dialog as lines of at most `columns` columns.
struct ActionDialogText {
  private static let indent = 10

  let dialog: ActionDialog
  /// The records of the subjects so far.
  let records: [ActionRecord]
  let columns: Int
  let glyphs: Glyphs
  /// Maximum number of subjects, warnings and reasons that are listed individually.
  let sample: Int
  private var look: ActionStyle { ActionStyle(glyphs: glyphs) }

  /// "retry 12 sagas".
  var title: String {
    guard let plan = dialog.plan, plan.action.scope != .system else { return ActionStyle.name(dialog.request.action) }
    return "\(ActionStyle.verb(plan.action)) \(ActionStyle.things(plan.action, count: plan.items.count))"
  }

  var lines: [StyledLine] {
    switch dialog.phase {
    case .planning: [StyledLine("making the plan", .dim)]
    case .refused(let refusal): refused(refusal)
    case .asking(let plan): asked(plan)
    case .starting: [StyledLine("writing the intent into the audit log", .dim)]
    case .running(let plan): ActionProgressText(plan: plan, records: records, columns: columns, glyphs: glyphs).lines
    }
  }

  private func refused(_ refusal: ActionRefusal) -> [StyledLine] {
    let words = StyledLine("\(glyphs.failed) nothing is sent: \(refusal.message)", .error)
    return words.wrapped(columns: columns, indent: 2, maxLines: 8) + exclusions(refusal.exclusions)
  }

  private func asked(_ plan: ActionPlan) -> [StyledLine] {
    let first = plan.items.count > 1 ? "the first of \(Quantity.grouped(plan.items.count)), by \(plan.kind)" : plan.kind
    var lines = plan.isProtected ? labelled("context", context(plan)) : []
    for concern in plan.confirmation.concerns {
      lines += labelled("", StyledLine("\(glyphs.failed) \(concern.sentence)", .critical, .strong))
    }
    lines += subjects(plan)
    for fact in plan.facts { lines += labelled("", StyledLine(fact)) }
    if plan.items.count > sample { lines += PlanSums(plan).lines.flatMap { labelled("", StyledLine($0, .dim)) } }
    lines += warnings(plan) + exclusions(plan.exclusions)
    if !plan.reason.isEmpty { lines += labelled("reason", StyledLine(plan.reason)) }
    if !plan.expectation.isEmpty { lines += labelled("expected", StyledLine(plan.expectation)) }
    lines += labelled(
      "valid", StyledLine("for \(Quantity.age(plan.validFor)); after that it must be planned again", .dim))
    // The request is last because it may be long: subjects and exclusions must be visible without scrolling.
    lines += labelled("request", StyledLine(first, .dim))
    return lines + plan.request.flatMap { labelled("", StyledLine($0)) } + whole(plan)
  }

  /// The complete lists for scrolling, if they are shortened above.
  private func whole(_ plan: ActionPlan) -> [StyledLine] {
    var lines: [StyledLine] = []
    if plan.items.count > sample {
      for (place, item) in plan.items.enumerated() {
        lines += labelled(place == 0 ? "all" : "", subject(item))
        if let warning = item.warning { lines += labelled("", StyledLine("\(glyphs.stuck) \(warning)", .warning)) }
      }
    }
    guard plan.exclusions.count > 3 else { return lines }
    for (place, left) in plan.exclusions.enumerated() {
      var line = StyledLine(left.id)
      line.add(": \(left.reason)", .dim)
      lines += labelled(place == 0 ? "left out" : "", line)
    }
    return lines
  }

  private func context(_ plan: ActionPlan) -> StyledLine {
    var line = StyledLine(" \(plan.context) ", .protected, .strong)
    line.add("  is protected: check twice", .critical, .strong)
    return line
  }

  private func subjects(_ plan: ActionPlan) -> [StyledLine] {
    guard plan.action.scope != .system else { return [] }
    var lines: [StyledLine] = []
    for (place, item) in plan.items.prefix(sample).enumerated() {
      lines += labelled(place == 0 ? Self.noun(plan) : "", subject(item))
    }
    let rest = plan.items.count - sample
    if rest > 0 { lines += labelled("", StyledLine("and \(Quantity.grouped(rest)) more", .dim)) }
    return lines
  }

  private static func noun(_ plan: ActionPlan) -> String {
    switch plan.action.scope {
    case .saga: plan.items.count == 1 ? "saga" : "sagas"
    case .lock: "lock"
    case .deadLetter: "message"
    case .system: ""
    }
  }

  /// "1007  order, ▲ stuck at payment, attempt 2".
  private func subject(_ item: ActionPlan.Item) -> StyledLine {
    var line = StyledLine(item.id, .text, .strong)
    guard let status = item.status else { return line }
    let look = SagaStyle(glyphs: glyphs)
    let isStuck = item.flags.contains(.stuck)
    line.add("  \(item.type), ", .dim)
    line.add(
      isStuck ? "\(glyphs.stuck) stuck" : "\(look.glyph(status)) \(status.name)", isStuck ? .stuck : look.role(status))
    if let step = item.step { line.add(" at \(step)", .text) }
    if item.attempt > 1 { line.add(", attempt \(item.attempt)", .warning) }
    return line
  }

  private func warnings(_ plan: ActionPlan) -> [StyledLine] {
    let warned = plan.items.filter { $0.warning != nil }
    var lines = warned.prefix(sample).flatMap { item in
      labelled(
        "", StyledLine("\(glyphs.stuck) \(plan.items.count > 1 ? "\(item.id): " : "")\(item.warning ?? "")", .warning))
    }
    if warned.count > sample {
      let rest = Quantity.grouped(warned.count - sample)
      lines += labelled("", StyledLine("\(glyphs.stuck) and \(rest) more with a warning", .warning))
    }
    return lines
  }

  /// Exclusions grouped by reason, the most frequent first.
  private func exclusions(_ exclusions: [ActionPlan.Exclusion]) -> [StyledLine] {
    guard !exclusions.isEmpty else { return [] }
    var reasons: [String] = []
    var ids: [String: [String]] = [:]
    for exclusion in exclusions {
      if ids[exclusion.reason] == nil { reasons.append(exclusion.reason) }
      ids[exclusion.reason, default: []].append(exclusion.id)
    }
    let order = reasons.enumerated().sorted {
      (-(ids[$0.element]?.count ?? 0), $0.offset) < (-(ids[$1.element]?.count ?? 0), $1.offset)
    }
    var lines: [StyledLine] = []
    for (place, reason) in order.map(\.element).prefix(sample).enumerated() {
      lines += labelled(place == 0 ? "left out" : "", exclusion(reason, ids[reason] ?? []))
    }
    let rest = reasons.count - sample
    return rest > 0 ? lines + labelled("", StyledLine("and for \(rest) more reasons", .dim)) : lines
  }

  private func exclusion(_ reason: String, _ ids: [String]) -> StyledLine {
    var line = StyledLine(ids.prefix(3).joined(separator: ", "))
    if ids.count > 3 { line.add(" and \(Quantity.grouped(ids.count - 3)) more", .dim) }
    line.add(": \(reason)", .dim)
    return line
  }

  private func labelled(_ label: String, _ line: StyledLine) -> [StyledLine] {
    var whole = StyledLine(label + String(repeating: " ", count: max(0, Self.indent - label.count)), .dim)
    whole.add(line)
    return whole.wrapped(columns: columns, indent: Self.indent, maxLines: 6)
  }
}

/// Progress of a confirmed plan: the sums, and each subject with its outcome. Subjects that need manual work are first.
struct ActionProgressText {
  private static let barColumns = 20

  let plan: ActionPlan
  let records: [ActionRecord]
  let columns: Int
  let glyphs: Glyphs

  /// Whether all items have a final outcome.
  static func isOver(_ plan: ActionPlan, _ records: [ActionRecord]) -> Bool {
    records.count >= plan.items.count && records.allSatisfy(\.outcome.isFinal)
  }

  var lines: [StyledLine] {
    let known = Dictionary(records.map { ($0.id, $0.outcome) }) { $1 }
    let items = plan.items.enumerated().map {
      (
        place: $0.offset, id: $0.element.id,
        outcome: known[.init(intent: plan.intent, type: $0.element.type, subject: $0.element.id)]
      )
    }
    let sorted = items.sorted { (Self.rank($0.outcome), $0.place) < (Self.rank($1.outcome), $1.place) }
    return sums(items.map(\.outcome)) + [StyledLine()]
      + sorted.flatMap { item in
        var line = StyledLine(Truncation.middle(item.id, columns: 36, ellipsis: glyphs.ellipsis), .text, .strong)
        line.add("  ")
        line.add(item.outcome.map { ActionStyle(glyphs: glyphs).line($0) } ?? waiting)
        return line.wrapped(columns: columns, indent: 4, maxLines: 3)
      }
  }

  /// Sign of an item that is not sent yet.
  private var waiting: StyledLine { StyledLine("\(glyphs.pending) waiting", .dim) }

  private static func rank(_ outcome: ActionOutcome?) -> Int {
    switch outcome {
    case .unknown, .refused, .failedAgain, .notObserved: 0
    case .sent, .accepted: 1
    case .skipped: 2
    case .observed: 3
    case .cancelled: 4
    case .intended, nil: 5
    }
  }

  private func sums(_ outcomes: [ActionOutcome?]) -> [StyledLine] {
    let settled = outcomes.count { $0?.isFinal ?? false }
    let filled = outcomes.isEmpty ? 0 : settled * Self.barColumns / outcomes.count
    var bar = StyledLine(String(repeating: String(glyphs.bar), count: filled), .completed)
    bar.add(String(repeating: String(glyphs.barOutline), count: Self.barColumns - filled), .dim)
    bar.add("  \(Quantity.grouped(settled)) of \(Quantity.grouped(outcomes.count)) settled")
    guard outcomes.count > 1 else { return [bar] }
    var counts = StyledLine()
    for sample in ActionStyle.samples {
      let count = outcomes.count { $0?.name == sample.name }
      guard count > 0 else { continue }
      counts.add("\(sample.name) \(Quantity.grouped(count))   ", ActionStyle.role(sample))
    }
    let waiting = outcomes.count { $0 == nil }
    if waiting > 0 { counts.add("waiting \(Quantity.grouped(waiting))", .dim) }
    return [bar] + counts.wrapped(columns: columns, indent: 0, maxLines: 3)
  }
}
