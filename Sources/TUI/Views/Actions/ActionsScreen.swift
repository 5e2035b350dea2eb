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
      KeyMap.Binding(.resumePending, [.character("p")], "resume a paused plan"),
    ])
  package static let legend: [(String, String)] = [
    ("intended", "written into the audit log, not sent yet"),
    ("sent", "in progress: no answer yet"),
    ("accepted", "the other side accepted it; the saga is watched"),
    ("observed in 3.2s", "the saga changed as expected; time since it was sent"),
    ("not observed", "accepted, but the saga did not change in time"),
    ("failed again", "accepted, and the saga failed again afterwards"),
    ("refused", "not accepted, with the other side's reason"),
    ("unknown", "it may have been done: check before sending it again"),
    ("skipped, cancelled", "not sent: the saga had changed, or it was cancelled"),
  ]
  package static let showsAudit = true

  package var list = ListState<ActionRecord, ActionOrder>()
  private var read = ActionList()

  package init() {}

  package let columns: [ListColumn<ActionRecord, ActionOrder>] = [
    ListColumn("TIME", .exactly(8), priority: 3, order: .time) { row, cell in
      StyledLine(Quantity.clock(row.intendedAt, offset: cell.localOffset), .dim)
    },
    ListColumn("ACTION", .exactly(12), priority: 2, order: .action) { row, _ in StyledLine(ActionStyle.name(row.action))
    },
    ListColumn("SUBJECT", .by { (13, $0 >= 150 ? 36 : 13) }, priority: 0, order: .subject) {
      $1.middle($0.subject)
    },
    ListColumn("OUTCOME", .by { (20, $0 >= 120 ? 50 : 36) }, priority: 1, order: .outcome) { row, cell in
      ActionStyle(glyphs: cell.glyphs).line(row.outcome)
    },
    ListColumn("BY", .from(14, to: 24), priority: 4, order: .operator) { row, _ in StyledLine(row.operator.name) },
    ListColumn("CONTEXT", .exactly(8), priority: 5) { row, _ in StyledLine(row.context, .dim) },
    ListColumn("REASON", .from(12, to: .max), priority: 6) { row, cell in
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
    var line = StyledLine(" \(Quantity.counted(read.total, "action"))", .text)
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

  package func silence(_ status: SystemStatus) -> Duration? { nil }
  package func emptyState(_ status: SystemStatus) -> EmptyState? { nil }

  package var emptyText: String {
    read.total > 0 ? "no action matches" : "no actions yet: `retry` and `compensate` of a saga"
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
