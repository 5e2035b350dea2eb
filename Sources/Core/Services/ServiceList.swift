package typealias ServiceQuery = ListQuery<ServiceOrder, String>

/// A service's instances stay below it.
package enum ServiceOrder: String, ListOrder {
  /// The worst verdict first, then by name.
  case severity
  case name
  /// The verdict that holds longest first.
  case since
  /// The slowest first.
  case latency
  /// The least first.
  case uptime
  /// The most requests first.
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
  /// `all` stands in the standard order.
  package func window(of all: [ServiceRow], now: Timestamp) -> ListWindow<ServiceLine> {
    let lines = all.sorted(isReversed: isReversed, by: order == .standard ? nil : { order.key($0) })
      .flatMap(ServiceLine.all).filter { filter.matchesAll || filter.matches($0, now: now) }
    return window(of: lines, total: all.count, id: \.rowID)
  }
}

/// The watched services. `total` are the services, `matching` the lines.
package struct ServiceList: ListView {
  package var window: ListWindow<ServiceLine>
  /// Per verdict, how many services have it.
  package var counts: [ServiceVerdict: Int]

  package init(_ window: ListWindow<ServiceLine> = ListWindow(), of all: [ServiceRow] = []) {
    self.window = window
    counts = Dictionary(grouping: all, by: \.verdict).mapValues(\.count)
  }

  /// All lines of the services.
  package init(of services: [ServiceRow]) {
    self.init(ListWindow(services.flatMap(ServiceLine.all), total: services.count), of: services)
  }

  /// Those that have a line in the window, whole.
  package var services: [ServiceRow] {
    var services: [ServiceRow] = []
    for line in rows where services.last?.name != line.service.name { services.append(line.service) }
    return services
  }
}

/// A line of the list: a service, or below one with several instances each of them.
package struct ServiceLine: ListRow {
  package var service: ServiceRow
  /// Its place among the service's instances; `nil` is the service as a whole.
  package var place: Int?

  /// The service, and its instances where there are several.
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

  /// The one that everything is about: an instance, or the only one.
  package var single: InstanceRow? { instance ?? (service.instances.count == 1 ? service.instances[0] : nil) }

  package var verdict: ServiceVerdict { instance?.verdict ?? service.verdict }
  package var reason: String { instance?.reason ?? service.reason }
  package var since: Since? { instance == nil ? service.since : instance?.since }
  package var isFlapping: Bool { instance?.isFlapping ?? service.isFlapping }
  package var circuits: [CircuitRow] { instance?.circuits ?? service.circuits }
}

extension Filter {
  func matches(_ line: ServiceLine, now: Timestamp) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, line, now) }
  }

  private static func holds(_ condition: Condition, _ line: ServiceLine, _ now: Timestamp) -> Bool {
    switch condition {
    case .hasPattern: return false
    case .olderThan(let age): return line.since.map { now - $0.time > age } ?? false
    case .youngerThan(let age): return line.since.map { now - $0.time < age } ?? false
    case .contains(let field, let text):
      let node = line.single?.node ?? ""
      let texts: [String] =
        switch field {
        case .any: [line.service.name, line.verdict.rawValue, node]
        case .id: [line.service.name]
        case .status: [line.verdict.rawValue]
        case .node: [node]
        case .error: [line.verdict == .up ? "" : line.reason]
        case .type, .step, .topic: []
        }
      return texts.contains { ASCIIMatch.contains($0, text) }
    }
  }
}
