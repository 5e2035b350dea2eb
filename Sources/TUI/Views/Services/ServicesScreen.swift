import Core
import Text

extension ViewID {
  package static let services = ViewID("services")
}

/// The list of services and their instances.
package struct ServicesScreen: ListScreen {
  package static let id = ViewID.services
  package static let place = "in the list of services"
  package static let keys = ViewKeys(
    open: ("open the service: components, circuits, body", "open"), filter: "filter: words, status:down, node:node-1")
  package static let legend: [(String, String)] =
    ServiceVerdict.allCases.reversed().map { ($0.rawValue, ServiceStyle.meaning($0)) } + [
      ("SINCE 4m12s", "how long it holds; >4m12s: since before the first poll"),
      ("TREND", "latency of its last answers; a gap is none"),
      ("UPTIME", "share of the last hour's polls in which it worked"),
      ("REQ/s P95", "from its metrics, between the last two polls"),
      ("-", "not known; it is never written as 0"),
    ]

  package var list = ListState<ServiceLine, ServiceOrder>()
  private var read = ServiceList()

  package init() {}

  package let columns: [ListColumn<ServiceLine, ServiceOrder>] = [
    ListColumn("SERVICE", .by { (18, $0 >= 160 ? 40 : 24) }, priority: 0, order: .name) { $0.name($1) },
    ListColumn("VERDICT", .exactly(11), priority: 1, order: .severity) { line, cell in
      let style = ServiceStyle(glyphs: cell.glyphs)
      return StyledLine(style.verdict(line.verdict, isFlapping: line.isFlapping), style.role(line.verdict))
    },
    ListColumn("SINCE", .exactly(6), align: .right, priority: 2, order: .since) {
      $1.known(ServiceStyle.age($0.since, now: $1.now))
    },
    ListColumn("HTTP", .exactly(4), align: .right, priority: 6) { $1.known($0.status) },
    ListColumn("LATENCY", .exactly(7), align: .right, priority: 3, order: .latency) { line, cell in
      cell.known(Quantity.latency(line.instance == nil ? line.service.latency : line.instance?.latency))
    },
    ListColumn("TREND", .by { (8, $0 >= 160 ? 40 : 16) }, priority: 5) { line, cell in
      line.single.map { cell.trend($0.history, floor: 20) } ?? StyledLine()
    },
    ListColumn("UPTIME", .exactly(6), align: .right, priority: 7, order: .uptime) { line, cell in
      cell.known(Quantity.share(line.instance == nil ? line.service.uptime : line.instance?.uptime))
    },
    ListColumn("CIRCUITS", .from(16, to: 28), priority: 4) { $0.worstCircuit($1) },
    ListColumn("REQ/s", .exactly(5), align: .right, priority: 9, order: .rate) { line, cell in
      cell.known(LagText.perSecond(line.instance == nil ? line.service.rate : line.instance?.metrics?.rate))
    },
    ListColumn("P95", .exactly(7), align: .right, priority: 10) { $1.known(Quantity.latency($0.single?.metrics?.p95)) },
    ListColumn("NODE", .from(8, to: 16), priority: 8) { $1.known($0.node, .dim) },
    ListColumn("PODS", .exactly(5), align: .right, priority: 11) { line, cell in
      guard line.instance == nil, let pods = line.service.pods else { return cell.known(nil) }
      return cell.known(pods.count, pods.ready < pods.members.count ? .warning : .text)
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.services(list.query(request), now: request.now)
    list.take(read, height: request.height)
  }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let style = ServiceStyle(glyphs: context.glyphs)
    let counts = ServiceVerdict.allCases.reversed().compactMap { verdict -> SumLine.Count? in
      guard let count = read.counts[verdict], count > 0 else { return nil }
      return SumLine.Count(
        verdict: style.verdict(verdict), number: count, role: style.role(verdict), isTrouble: verdict == .down)
    }
    return [SumLine(columns: context.columns).counts(Quantity.counted(read.total, "service"), counts)]
  }

  package func detail(of line: ServiceLine, _ context: DrawContext) -> DetailLines? {
    let detail = ServiceDetail(line: line, now: context.now, glyphs: context.glyphs)
    return DetailLines(headline: detail.headline, facts: detail.rest, needed: 0)
  }

  package func silence(_ status: SystemStatus) -> Duration? { status.silence { $0.kind == .services } }

  /// The list comes from the configuration, so it is shown before the first poll.
  package func emptyState(_ status: SystemStatus) -> EmptyState? { nil }

  package var emptyText: String {
    read.total > 0
      ? "no service matches" : "no service is configured: `services` of the context, or --service NAME=URL"
  }

  /// The line of an instance opens its service with that instance unfolded.
  package func open(_ line: ServiceLine) -> Layer? { .page(ServicePage(line.service.name, instance: line.place)) }
  package func copied(_ line: ServiceLine) -> String? { line.service.name }
}

extension ServiceLine {
  /// Instances are listed below their service, with their node or URL.
  fileprivate func name(_ cell: CellContext) -> StyledLine {
    guard let instance else { return cell.middle(service.name) }
    let text = instance.node ?? instance.url
    let columns = max(1, cell.width - 2)
    return StyledLine("  " + Truncation.middle(text, columns: columns, ellipsis: cell.glyphs.ellipsis), .dim)
  }

  /// HTTP status of the last response; `nil` if the last poll had none.
  fileprivate var status: String? {
    guard let single, single.latency != nil, let answer = single.answer else { return nil }
    return String(answer.status)
  }

  /// The node of a single instance; otherwise the number of instances that are up.
  fileprivate var node: String? {
    if let single { return single.node }
    return "\(service.instances.count { $0.verdict == .up })/\(service.instances.count) up"
  }

  /// The name of the worst circuit, or the number of circuits if all are closed.
  fileprivate func worstCircuit(_ cell: CellContext) -> StyledLine {
    guard let worst = circuits.max(by: { !$0.state.isTrouble && $1.state.isTrouble }) else { return cell.known(nil) }
    guard worst.state.isTrouble else { return StyledLine("\(circuits.count) closed", .dim) }
    let style = ServiceStyle(glyphs: cell.glyphs)
    let state = "\(style.glyph(worst.state)) \(worst.state.phrase) "
    let columns = max(1, cell.width - state.count)
    let name = Truncation.middle(worst.name, columns: columns, ellipsis: cell.glyphs.ellipsis)
    return StyledLine(state + name, style.role(worst.state))
  }
}
