import Core
import Text

extension ViewID {
  package static let patterns = ViewID("patterns")
}

/// The list of failures, grouped by error text.
package struct FailurePatternsScreen: ListScreen {
  package static let id = ViewID.patterns
  package static let tab = ViewID.compensations.name
  package static let place = "in the list of failure patterns"
  package static let keys = ViewKeys(
    open: ("show the sagas with this failure", "sagas"), filter: "filter: words, step:payment, node:node-1, age<5m",
    sibling: (.compensations, "show the compensations again", "compensations"))
  package static let legend: [(String, String)] = [
    ("<n> <id> <s> …", "differs: numbers, ids, quoted values, addresses, times"),
    ("new", "first seen in the last 5 minutes, missing before"),
    ("COUNT ≥7", "at least: more patterns came than are kept"),
    ("SAGAS", "sagas with at least one such failure"),
    ("-", "no node or step is known"),
  ]
  package static let showsAudit = true

  package var list = ListState<FailurePatternRow, FailureOrder>()
  private var read = FailureList()

  package init() {}

  package let columns: [ListColumn<FailurePatternRow, FailureOrder>] = [
    ListColumn("ERROR", .by { (24, $0 >= 150 ? 70 : $0 >= 110 ? 44 : 34) }, priority: 0, order: .pattern) { row, _ in
      StyledLine(row.pattern, .error)
    },
    ListColumn("NEW", .exactly(5), priority: 3) { row, cell in
      row.isNew ? StyledLine("\(cell.glyphs.stuck) new", .warning, .strong) : StyledLine()
    },
    ListColumn("COUNT", .exactly(6), align: .right, priority: 1, order: .count) { row, cell in
      StyledLine((row.isLowerBound ? String(cell.glyphs.atLeast) : "") + Quantity.count(row.count))
    },
    ListColumn("SAGAS", .exactly(5), align: .right, priority: 6) { row, _ in StyledLine(Quantity.count(row.sagas)) },
    ListColumn("/s", .exactly(5), align: .right, priority: 2, order: .rate) { $1.known(LagText.perSecond($0.rate)) },
    ListColumn("TREND", .by { (8, $0 >= 150 ? 30 : 12) }, priority: 7) { $1.trend($0.history, floor: 1) },
    ListColumn("FIRST", .exactly(5), align: .right, priority: 8, order: .first) { row, cell in
      StyledLine(Quantity.age(cell.now - row.firstAt))
    },
    ListColumn("LAST", .exactly(5), align: .right, priority: 4, order: .last) { row, cell in
      StyledLine(Quantity.age(cell.now - row.lastAt))
    },
    ListColumn("STEPS", .by { (10, $0 >= 150 ? 24 : 16) }, priority: 5) { row, _ in
      StyledLine(FailurePatternDetail.names(row.steps))
    },
    ListColumn("NODES", .from(8, to: .max), priority: 9) { row, _ in StyledLine(FailurePatternDetail.names(row.nodes))
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.failures(list.query(request), now: request.now)
    list.take(read, height: request.height)
  }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    var items = [
      StyledLine(
        "\(Quantity.counted(read.failures, "failure")) in \(Quantity.counted(read.total, "pattern"))", .text, .strong)
    ]
    if read.dropped > 0 {
      items.append(StyledLine("\(Quantity.grouped(read.dropped)) of further patterns", .warning))
    }
    items.append(SumLine.range(list.places, of: list.matching, by: list.orderText))
    return [SumLine(columns: context.columns).items(items)]
  }

  package func detail(of row: FailurePatternRow, _ context: DrawContext) -> DetailLines? {
    FailurePatternDetail(row: row, now: context.now).lines
  }

  package var emptyText: String { read.total == 0 ? "nothing failed" : "no pattern matches" }
  package func badges(_ glyphs: Glyphs) -> StyledLine { StyledLine(" patterns ", .accent) }
  package func open(_ row: FailurePatternRow) -> Layer? { SagasScreen.opened(Filter.text(pattern: row.pattern)) }
  package func copied(_ row: FailurePatternRow) -> String? { row.pattern }
}

/// The facts about one failure pattern, in short sentences.
struct FailurePatternDetail {
  let row: FailurePatternRow
  let now: Timestamp

  /// "payment inventory"; an unknown name is `-`.
  static func names(_ counts: [NamedCount]) -> String {
    counts.map { $0.name ?? Quantity.unknown }.joined(separator: " ")
  }

  private static func counted(_ counts: [NamedCount]) -> String {
    counts.map { "\($0.name ?? Quantity.unknown) \(Quantity.count($0.count))" }.joined(separator: ", ")
  }

  var lines: DetailLines {
    var headline = StyledLine("such as ", .dim)
    headline.add(row.example ?? row.pattern, .error)
    return DetailLines(headline: headline, facts: [places, samples])
  }

  /// "at inventory 110, payment 4 on node-1 60, node-2 54; first 4m12s ago".
  private var places: StyledLine {
    var line = StyledLine("at ", .dim)
    line.add(Self.counted(row.steps))
    line.add(" on ", .dim)
    line.add(Self.counted(row.nodes))
    line.add("; first \(Quantity.age(now - row.firstAt)) ago, last \(Quantity.age(now - row.lastAt)) ago", .dim)
    return line
  }

  private var samples: StyledLine {
    var line = StyledLine("in \(Quantity.counted(row.sagas, "saga")), such as ", .dim)
    line.add(row.samples.map(\.id).joined(separator: " "))
    return line
  }
}
