package typealias ServiceQuery = ListQuery<ServiceOrder, String>

/// The lines of a service's instances stay below it.
package enum ServiceOrder: String, ListOrder {
  /// Worst verdict first, then by name.
  case severity
  case name
  /// Longest-lasting verdict first.
  case since
  /// Slowest first.
  case latency
  /// Lowest first.
  case uptime
  /// Most requests first.
  case rate

  package static let standard = ServiceOrder.severity

  package func key(_ row: ServiceRow) -> SortKey {
    switch self {
    case .severity: .text(nil)
    case .name: .text(row.name)
    case .since: .earliest(row.since?.time)
    case .latency: .number(row.latency)
    case .uptime: .number(row.uptime.map { -$0 })
    case .rate: .number(row.rate)
    }
  }
}

extension ServiceQuery {
  /// `all` must be in the standard order.
  package func window(of all: [ServiceRow], now: Timestamp) -> ListWindow<ServiceLine> {
    let lines = all.sorted(isReversed: isReversed, by: order == .standard ? nil : { order.key($0) })
      .flatMap(ServiceLine.all).filter { filter.matchesAll || filter.matches($0, now: now) }
    return window(of: lines, total: all.count, id: \.rowID)
  }
}

/// The watched services. `total` is the number of services, `matching` the number of lines.
package struct ServiceList: ListView {
  package var window: ListWindow<ServiceLine>
  /// Number of services per verdict.
  package var counts: [ServiceVerdict: Int]

  package init(_ window: ListWindow<ServiceLine> = ListWindow(), of all: [ServiceRow] = []) {
    self.window = window
    counts = Dictionary(grouping: all, by: \.verdict).mapValues(\.count)
  }

  /// All lines of the services.
  package init(of services: [ServiceRow]) {
    self.init(ListWindow(services.flatMap(ServiceLine.all), total: services.count), of: services)
  }

  /// The complete services that have a line in the window.
  package var services: [ServiceRow] {
    var services: [ServiceRow] = []
    for line in rows where services.last?.name != line.service.name { services.append(line.service) }
    return services
  }
}

/// A line of the list: a service, or one of its instances if it has several.
package struct ServiceLine: ListRow {
  package var service: ServiceRow
  /// Index of the instance in the service; `nil` for the service as a whole.
  package var place: Int?

  /// The service, and its instances if there are several.
  package static func all(of service: ServiceRow) -> [ServiceLine] {
    let instances =
      service.instances.count > 1 ? service.instances.indices.map { ServiceLine(service: service, place: $0) } : []
    return [ServiceLine(service: service)] + instances
  }

  package init(service: ServiceRow, place: Int? = nil) {
    self.service = service
    self.place = place
  }

  package var rowID: String { place.map { "\(service.name)\n\($0)" } ?? service.name }

  package var instance: InstanceRow? { place.map { service.instances[$0] } }

  /// The instance of this line, or the only instance of the service.
  package var single: InstanceRow? { instance ?? (service.instances.count == 1 ? service.instances[0] : nil) }

  package var verdict: ServiceVerdict { instance?.verdict ?? service.verdict }
  package var reason: String { instance?.reason ?? service.reason }
  package var since: Since? { instance == nil ? service.since : instance?.since }
  package var isFlapping: Bool { instance?.isFlapping ?? service.isFlapping }
  package var circuits: [CircuitRow] { instance?.circuits ?? service.circuits }
}

extension ServiceLine: TableRow, Filterable {
  /// For lines that describe one instance.
  package static let columns: [Column<ServiceLine>] = [
    .init("SERVICE") { line, _ in .text(line.service.name) },
    .init("NODE") { line, _ in .text(line.single?.node) },
    .init("VERDICT") { line, _ in
      .text(
        (line.single?.verdict ?? line.verdict).rawValue
          + (line.single?.isFlapping ?? line.isFlapping ? ",flapping" : ""))
    },
    .init("SINCE", .milliseconds) { line, now in .age(line.single?.since ?? line.since, now: now) },
    .init("HTTP", .number) { line, _ in .count(line.single.flatMap { $0.latency == nil ? nil : $0.answer?.status }) },
    .init("LATENCY", .milliseconds) { line, _ in .latency(line.single?.latency) },
    .init("UPTIME", .share) { line, _ in .share(line.single?.uptime) },
    .init("REQUESTS", .perSecond) { line, _ in .rate(line.single?.metrics?.rate) },
    .init("ERRORS", .share) { line, _ in .share(line.single?.metrics?.errorShare) },
    .init("P50", .milliseconds, isWide: true) { line, _ in .latency(line.single?.metrics?.p50) },
    .init("P95", .milliseconds) { line, _ in .latency(line.single?.metrics?.p95) },
    .init("URL") { line, _ in .text(line.single?.url) },
    .init("REASON") { line, _ in .text(line.single?.reason ?? line.reason) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns,
    beside: [
      .init("id", .id, isSearched: true) { line, _ in .texts(line.service.name) },
      .init("status", .oneOf(ServiceVerdict.allCases.map(\.rawValue) + ["flapping"]), isSearched: true) { line, _ in
        .texts(line.verdict.rawValue, line.isFlapping ? "flapping" : nil)
      },
      .init("node", isSearched: true) { line, _ in .texts(line.single?.node) },
      .init("error") { line, _ in .texts(line.verdict == .up ? nil : line.reason) },
      .init("age", .duration) { line, now in .duration(line.since.map { now - $0.time }) },
      .init("verdict", .oneOf(ServiceVerdict.allCases.map(\.rawValue))) { line, _ in .texts(line.verdict.rawValue) },
    ])

  package static let vocabulary = FilterVocabulary("services", ServiceLine.self)
}

/// A circuit breaker of an instance, in a table of all circuits.
package struct CircuitLine: TableRow, Filterable {
  package var service: String
  package var node: String?
  package var row: CircuitRow

  package init(service: String, node: String?, row: CircuitRow) {
    self.service = service
    self.node = node
    self.row = row
  }

  package static let columns: [Column<CircuitLine>] = [
    .init("SERVICE") { line, _ in .text(line.service) },
    .init("NODE") { line, _ in .text(line.node) },
    .init("CIRCUIT") { line, _ in .text(line.row.name) },
    .init("STATE") { line, _ in .text(line.row.state.rawValue) },
    .init("SINCE", .milliseconds) { line, now in .age(line.row.since, now: now) },
    .init("FAILURE RATE", .share) { line, _ in .share(line.row.failureRate) },
    .init("THRESHOLD", .share) { line, _ in .share(line.row.threshold) },
    .init("FAILURES", .number) { line, _ in .count(line.row.failureCount) },
    .init("RETRY", .milliseconds) { line, _ in .age(line.row.retryAfter) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns, beside: [.init("id", .id, isSearched: true) { line, _ in .texts(line.row.name) }])
}
