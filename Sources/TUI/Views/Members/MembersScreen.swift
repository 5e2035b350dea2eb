import Core
import Text

extension ViewID {
  package static let members = ViewID("members")
}

/// The list of the members of all consumer groups.
package struct MembersScreen: ListScreen {
  package static let id = ViewID.members
  package static let tab = ViewID.nodes.name
  package static let place = "in the list of members"
  package static let keys = ViewKeys(
    open: ("open the member's group", "group"), filter: "filter: words, !test",
    sibling: (.nodes, "show the nodes again", "nodes"))

  package var list = ListState<MemberRow, MemberOrder>()
  private var total = 0

  package init() {}

  package let columns: [ListColumn<MemberRow, MemberOrder>] = [
    ListColumn("GROUP", .by { (18, $0 >= 150 ? 40 : 26) }, priority: 0, order: .group) { $1.middle($0.group) },
    ListColumn("CLIENT", .by { (18, $0 >= 150 ? 50 : 30) }, priority: 1, order: .client) {
      $1.middle($0.clientID)
    },
    ListColumn("HOST", .from(12, to: 30), priority: 4, order: .host) { row, _ in StyledLine(row.host, .dim) },
    ListColumn("PARTITIONS", .exactly(10), align: .right, priority: 2, order: .partitions) { row, _ in
      StyledLine(Quantity.count(row.partitions), row.partitions == 0 ? .dim : .text)
    },
    ListColumn("LAG", .exactly(5), align: .right, priority: 3, order: .lag) { row, cell in
      cell.known(LagText.count(row.lag), row.lag == 0 ? .dim : .text)
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    let read = request.source.members(list.query(request), now: request.now)
    total = read.total
    list.take(read, height: request.height)
  }

  package func detailHeight(body: Int) -> Int { 0 }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    [
      SumLine(columns: context.columns).items([
        StyledLine(Quantity.counted(total, "member"), .text, .strong),
        SumLine.range(list.places, of: list.matching, by: list.orderText),
      ])
    ]
  }

  package func silence(_ status: SystemStatus) -> Duration? { status.lagSilence }
  package func emptyState(_ status: SystemStatus) -> EmptyState? { status.hasNoSagas && total == 0 ? .sagas : nil }
  package var emptyText: String { total == 0 ? "no member of a consumer group is known" : "no member matches" }
  package func badges(_ glyphs: Glyphs) -> StyledLine { StyledLine(" members ", .accent) }
  package func open(_ row: MemberRow) -> Layer? { .page(GroupPage(row.group)) }
  package func copied(_ row: MemberRow) -> String? { row.clientID }
}
