import Core
import Text

/// The table of services and their instances.
struct ServiceTable: FieldTable {
  enum Field: CaseIterable {
    case service, verdict, since, status, latency, trend, uptime, circuits, rate, p95, node
  }

  let list: ServiceList
  let state: ServiceListState
  let now: Timestamp
  let glyphs: Glyphs
  var rows: [ServiceLine] { list.rows }
  var selected: Int { state.cursor.position - list.offset }
  private var look: ServiceStyle { ServiceStyle(glyphs: glyphs) }

  static func column(_ field: Field, columns: Int) -> Table.Column {
    switch field {
    case .service: .init("SERVICE", width: 18, idealWidth: columns >= 160 ? 40 : 24, priority: 0)
    case .verdict: .init("VERDICT", width: 11, priority: 1)
    case .since: .init("SINCE", width: 6, align: .right, priority: 2)
    case .status: .init("HTTP", width: 4, align: .right, priority: 6)
    case .latency: .init("LATENCY", width: 7, align: .right, priority: 3)
    case .trend: .init("TREND", width: 8, idealWidth: columns >= 160 ? 40 : 16, priority: 5)
    case .uptime: .init("UPTIME", width: 6, align: .right, priority: 7)
    case .circuits: .init("CIRCUITS", width: 16, idealWidth: 28, priority: 4)
    case .rate: .init("REQ/s", width: 5, align: .right, priority: 9)
    case .p95: .init("P95", width: 7, align: .right, priority: 10)
    case .node: .init("NODE", width: 8, idealWidth: 16, priority: 8)
    }
  }

  static func order(of field: Field) -> ServiceOrder? {
    switch field {
    case .service: .name
    case .verdict: .severity
    case .since: .since
    case .latency: .latency
    case .uptime: .uptime
    case .rate: .rate
    case .status, .trend, .circuits, .p95, .node: nil
    }
  }

  func cell(_ field: Field, _ line: ServiceLine, _ width: Int) -> StyledLine {
    switch field {
    case .service: name(line, width)
    case .verdict: StyledLine(look.verdict(line.verdict, isFlapping: line.isFlapping), look.role(line.verdict))
    case .since: known(ServiceStyle.age(line.since, now: now))
    case .status: known(status(line))
    case .latency: known(Self.latency(line.instance == nil ? line.service.latency : line.instance?.latency))
    case .trend: trend(line, width)
    case .uptime: known(Self.uptime(line.instance == nil ? line.service.uptime : line.instance?.uptime))
    case .circuits: circuits(line, width)
    case .rate: known(LagText.perSecond(line.instance == nil ? line.service.rate : line.instance?.metrics?.rate))
    case .p95: known(Self.latency(line.single?.metrics?.p95))
    case .node: known(node(line), .dim)
    }
  }

  /// Instances stand below their service, by their node or URL.
  private func name(_ line: ServiceLine, _ width: Int) -> StyledLine {
    guard let instance = line.instance else {
      return StyledLine(Truncation.middle(line.service.name, columns: width, ellipsis: glyphs.ellipsis))
    }
    let text = instance.node ?? instance.url
    return StyledLine("  " + Truncation.middle(text, columns: max(1, width - 2), ellipsis: glyphs.ellipsis), .dim)
  }

  private func status(_ line: ServiceLine) -> String {
    guard let instance = line.single, instance.latency != nil, let answer = instance.answer else {
      return Quantity.unknown
    }
    return String(answer.status)
  }

  /// How many of several instances are up, in place of a node.
  private func node(_ line: ServiceLine) -> String {
    if let instance = line.single { return instance.node ?? Quantity.unknown }
    return "\(line.service.instances.count { $0.verdict == .up })/\(line.service.instances.count) up"
  }

  private func trend(_ line: ServiceLine, _ width: Int) -> StyledLine {
    guard let instance = line.single else { return StyledLine() }
    let bars = Sparkline.text(instance.history, columns: width, floor: 20, glyphs: glyphs)
    return StyledLine(String(repeating: " ", count: max(0, width - bars.count)) + bars, .chart)
  }

  /// The worst by name; how many more are not closed, or that all are.
  private func circuits(_ line: ServiceLine, _ width: Int) -> StyledLine {
    guard let worst = line.circuits.max(by: { !$0.state.isTrouble && $1.state.isTrouble }) else {
      return known(Quantity.unknown)
    }
    guard worst.state.isTrouble else { return StyledLine("\(line.circuits.count) closed", .dim) }
    let state = "\(look.glyph(worst.state)) \(worst.state.phrase) "
    let name = Truncation.middle(worst.name, columns: max(1, width - state.count), ellipsis: glyphs.ellipsis)
    return StyledLine(state + name, look.role(worst.state))
  }

  /// At most seven columns.
  private static func latency(_ duration: Duration?) -> String { Quantity.latency(duration) }

  /// At most six columns: `99.2 %` is six, and all of them is `100 %`.
  private static func uptime(_ share: Double?) -> String { Quantity.share(share) }
}
