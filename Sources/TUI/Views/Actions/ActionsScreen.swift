import Core
import Text

extension ViewID {
  package static let actions = ViewID("actions")
}

/// The list of operator actions, the latest first.
package struct ActionsScreen: ListScreen {
  package static let id = ViewID.actions
  package static let place = "in the list of actions"
  package static let keys = ViewKeys(
    open: ("open the action: its stages", "open"), filter: "filter: a text, such as retry, alice or unknown",
    own: [
      KeyMap.Binding(.cancelPending, [.character("c")], "cancel the pending requests of the same plan"),
      KeyMap.Binding(.resumePending, [.character("p")], "let a plan that is paused go on"),
    ])
  package static let legend: [(String, String)] = [
    ("intended", "written into the audit log, not sent yet"),
    ("sent", "in progress: no answer yet"),
    ("accepted", "taken by the other side; the saga is watched"),
    ("observed in 3.2s", "the saga moved as expected, so long after it was sent"),
    ("not observed", "taken, but the saga did not move as expected in time"),
    ("failed again", "taken, and the saga failed once more afterwards"),
    ("refused", "not taken, in the other side's words"),
    ("unknown", "it may have been done: look before sending it again"),
    ("skipped, cancelled", "not sent: the saga had moved, or the operator said so"),
  ]
  package static let isStaleWithSources = false
  package static let showsAudit = true

  package var list = ListState<ActionRecord, ActionOrder>()
  private var read = ActionList()

  package init() {}

  package let columns: [ListColumn<ActionRecord, ActionOrder>] = [
    ListColumn("TIME", .exactly(8), priority: 2, order: .time) { row, cell in
      StyledLine(Quantity.clock(row.intendedAt, offset: cell.localOffset), .dim)
    },
    ListColumn("ACTION", .exactly(12), priority: 1, order: .action) { row, _ in StyledLine(ActionStyle.name(row.action))
    },
    ListColumn("SUBJECT", .by { (13, $0 >= 150 ? 36 : 13) }, priority: 0, order: .subject) {
      $1.middle($0.subject)
    },
    ListColumn("OUTCOME", .by { (20, $0 >= 120 ? 50 : 36) }, priority: 0, order: .outcome) { row, cell in
      ActionStyle(glyphs: cell.glyphs).line(row.outcome)
    },
    ListColumn("BY", .from(14, to: 24), priority: 3, order: .operator) { row, _ in StyledLine(row.operator.name) },
    ListColumn("CONTEXT", .exactly(8), priority: 4) { row, _ in StyledLine(row.context, .dim) },
    ListColumn("REASON", .from(12, to: .max), priority: 5) { row, cell in
      cell.known(row.reason.isEmpty ? nil : row.reason)
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.actions(list.query(request), now: request.now)
    list.take(read, height: request.height)
  }

  /// Number of actions per outcome. A problem with the audit log replaces it.
  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let style = ActionStyle(glyphs: context.glyphs)
    if let problem = read.problem {
      return [StyledLine(" \(context.glyphs.failed) audit log: \(problem)", .critical, .strong)]
    }
    var line = StyledLine(" \(LagText.counted(read.total, "action"))", .text)
    for outcome in ActionStyle.samples {
      guard let count = read.counts[outcome.name], count > 0 else { continue }
      line.add("   \(style.glyph(outcome)) \(outcome.name) ", ActionStyle.role(outcome))
      line.add(Quantity.grouped(count), ActionStyle.role(outcome))
    }
    return [line]
  }

  package func detail(of row: ActionRecord, _ context: DrawContext) -> DetailLines? {
    ActionDetail(record: row, glyphs: context.glyphs).lines
  }

  package func emptyState(_ status: SystemStatus) -> EmptyState? { nil }

  package var emptyText: String {
    read.total > 0 ? "no action matches" : "no actions yet: R retries, C compensates"
  }

  package func open(_ row: ActionRecord) -> Layer? { .page(ActionPage(row.id)) }
  package func copied(_ row: ActionRecord) -> String? { row.subject }

  package mutating func run(_ command: Command) -> Effect? {
    guard let record = list.selected else { return nil }
    switch command {
    case .cancelPending: return .cancelActions(intent: record.intent)
    case .resumePending: return .resumeActions(intent: record.intent)
    default: return nil
    }
  }
}
