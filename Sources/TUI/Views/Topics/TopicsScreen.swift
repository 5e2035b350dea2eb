import Core
import Text

extension ViewID {
  package static let topics = ViewID("topics")
}

/// The list of topics: rates and consumer groups.
package struct TopicsScreen: ListScreen {
  package static let id = ViewID.topics
  package static let tab = "lag"
  package static let place = "in the list of topics"
  package static let keys = ViewKeys(
    open: ("show the groups that read it", "readers"), filter: "filter: words, !test",
    sibling: (.groups, "show the groups again", "groups"))
  package static let legend: [(String, String)] = [
    ("SKEW", "the busiest partition over the mean, 1.0 when even"),
    ("dead letter", "messages that could not be worked on"),
    ("-", "not known; it is never written as 0"),
  ]

  package var list = ListState<TopicRow, TopicOrder>()
  private var read = TopicList()
  private var groups = GroupList()

  package init() {}

  package let columns: [ListColumn<TopicRow, TopicOrder>] = [
    ListColumn("TOPIC", .by { (20, $0 >= 160 ? 60 : 32) }, priority: 0, order: .name) { $1.middle($0.topic) },
    ListColumn("KIND", .exactly(13), priority: 4, order: .severity) { row, cell in
      guard row.isDeadLetter else { return StyledLine() }
      let glyph = row.isAlarm ? cell.glyphs.failed : cell.glyphs.pending
      return StyledLine("\(glyph) dead letter", row.isAlarm ? .failed : .dim)
    },
    ListColumn("PARTITIONS", .exactly(10), align: .right, priority: 5, order: .partitions) {
      $1.known(Quantity.count($0.partitions))
    },
    ListColumn("MESSAGES", .exactly(8), align: .right, priority: 1, order: .messages) { row, cell in
      cell.known(LagText.count(row.messages), row.isAlarm ? .failed : .text)
    },
    ListColumn("IN/s", .exactly(5), align: .right, priority: 2, order: .arriving) {
      $1.known(LagText.perSecond($0.rateIn))
    },
    ListColumn("SKEW", .exactly(5), align: .right, priority: 6, order: .skew) { $1.known(LagText.skew($0.skew)) },
    ListColumn("GROUPS", .from(12, to: .max), priority: 3) { row, cell in
      cell.known(row.groups.isEmpty ? nil : row.groups.joined(separator: " "))
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.topics(list.query(request), now: request.now)
    groups = request.source.groups(GroupQuery(limit: 0), now: request.now)
    list.take(read, height: request.height)
  }

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int { LagSummary.height(groups, body: body) }
  package func detailHeight(body: Int) -> Int { 0 }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let summary = LagSummary(groups: groups, topics: read, context: context)
    return summary.lines(
      first: summary.topicLine, range: SumLine.range(list.places, of: list.matching, by: list.orderText), height: height
    )
  }

  package func silence(_ status: SystemStatus) -> Duration? { status.lagSilence }
  package func emptyState(_ status: SystemStatus) -> EmptyState? { LagSummary.emptyState(status) }
  package var emptyText: String { read.total == 0 ? "no topic" : "no topic matches" }
  package func badges(_ glyphs: Glyphs) -> StyledLine { StyledLine(" topics ", .accent) }
  package func open(_ row: TopicRow) -> Layer? { GroupsScreen.opened(Filter.text("topic", row.topic)) }
  package func copied(_ row: TopicRow) -> String? { row.topic }
}

extension TopicRow {
  fileprivate var isAlarm: Bool { isDeadLetter && messages != 0 }
}
