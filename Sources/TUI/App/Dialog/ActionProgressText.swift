import Core
import Text

/// How far a confirmed plan is: the sums, and each subject with what came of it, those first that need a person.
struct ActionProgressText {
  private static let barColumns = 20

  let plan: ActionPlan
  let records: [ActionRecord]
  let columns: Int
  let glyphs: Glyphs

  /// Nothing more is to come.
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

  /// Its turn has not come.
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
