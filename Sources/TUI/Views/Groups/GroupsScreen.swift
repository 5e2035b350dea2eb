import Core
import Text

extension ViewID {
  package static let groups = ViewID("groups")
}

/// The list of consumer groups: members, lag and drain time.
package struct GroupsScreen: ListScreen {
  package static let id = ViewID.groups
  package static let tab = "lag"
  package static let place = "in the list of consumer groups"
  package static let keys = ViewKeys(
    open: ("open the group: members, partitions", "open"),
    filter: "filter: words, status:stalled, topic:orders, age>5m",
    sibling: (.topics, "show the topics: what goes through them", "topics"))
  package static let legend: [(String, String)] =
    LagVerdict.allCases.reversed().map { ($0.rawValue, LagStyle.meaning($0)) } + [
      ("OLDEST 4m12s", "how old the oldest unread message is, by its own time"),
      ("OLDEST ~4m12s", "estimated from earlier polls of the log's end"),
      ("OLDEST >4m12s", "at least: it was there before the first poll"),
      ("DRAIN", "until the lag is worked off; never: more arrives"),
      ("IN/s OUT/s", "messages that arrive and that it reads, per second"),
      ("TREND", "its lag over the last polls"),
      ("-", "not known; it is never written as 0"),
    ]

  package var list = ListState<GroupRow, GroupOrder>()
  private var read = GroupList()
  private var topics = TopicList()

  package init() {}

  package let columns: [ListColumn<GroupRow, GroupOrder>] = [
    ListColumn("GROUP", .by { (18, $0 >= 160 ? 48 : 28) }, priority: 0, order: .name) { $1.middle($0.name) },
    ListColumn("VERDICT", .exactly(11), priority: 1, order: .severity) { row, cell in
      let style = LagStyle(glyphs: cell.glyphs)
      return StyledLine(style.verdict(row.verdict), style.role(row.verdict))
    },
    ListColumn("STATE", .by { $0 >= 160 ? (18, 18) : (10, 10) }, priority: 9) { row, cell in
      cell.known(LagText.state(row.state, columns: cell.width), row.rebalancing == nil ? .dim : .warning)
    },
    ListColumn("MEMBERS", .exactly(7), align: .right, priority: 8, order: .members) { row, cell in
      cell.known(Quantity.count(row.members), row.members == 0 && row.lag != 0 ? .error : .text)
    },
    ListColumn("LAG", .exactly(5), align: .right, priority: 2, order: .lag) { row, cell in
      cell.known(LagText.count(row.lag), row.lag == 0 ? .dim : .text)
    },
    ListColumn("OLDEST", .exactly(6), align: .right, priority: 3, order: .oldest) { row, cell in
      cell.known(LagText.age(row.lagTime), row.lag == 0 ? .dim : .text)
    },
    ListColumn("DRAIN", .exactly(5), align: .right, priority: 4, order: .drain) { row, cell in
      cell.known(LagText.drain(row.drain), LagStyle.drainRole(row))
    },
    ListColumn("IN/s", .exactly(5), align: .right, priority: 6, order: .arriving) { row, cell in
      cell.known(LagText.perSecond(row.rateIn))
    },
    ListColumn("OUT/s", .exactly(5), align: .right, priority: 7, order: .reading) { row, cell in
      cell.known(LagText.perSecond(row.rateOut))
    },
    ListColumn("TREND", .from(8, to: 60), priority: 5) { $1.trend($0.history, floor: 10) },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.groups(list.query(request), now: request.now)
    topics = request.source.topics(TopicQuery(limit: 0), now: request.now)
    list.take(read, height: request.height)
  }

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int { LagSummary.height(read, body: body) }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let summary = LagSummary(groups: read, topics: topics, context: context)
    return summary.lines(
      first: summary.groupLine, range: SumLine.range(list.places, of: list.matching, by: list.orderText), height: height
    )
  }

  package func detail(of row: GroupRow, _ context: DrawContext) -> DetailLines? {
    GroupDetail(row: row, now: context.now, glyphs: context.glyphs).lines
  }

  package func silence(_ status: SystemStatus) -> Duration? { status.lagSilence }
  package func emptyState(_ status: SystemStatus) -> EmptyState? { LagSummary.emptyState(status) }
  package var emptyText: String { read.total == 0 ? "no consumer group" : "no group matches" }
  package func open(_ row: GroupRow) -> Layer? { .page(GroupPage(row.name)) }
  package func copied(_ row: GroupRow) -> String? { row.name }
}
