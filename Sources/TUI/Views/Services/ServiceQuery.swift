import Core

/// Which services a list shows.
package struct ServiceQuery: Sendable, Equatable {
  package var filter = Filter.all
  package var order = ServiceOrder.severity
  package var isReversed = false

  package func lines(of view: ServicesView, now: Timestamp) -> [ServiceLine] {
    let services = order.sorted(view.services, isReversed: isReversed)
    return services.flatMap(ServiceLine.all).filter { filter.matchesAll || filter.matches($0, now: now) }
  }
}

/// A line of the list: a service, or below one with several instances each of them.
package struct ServiceLine: Sendable, Equatable {
  package var service: ServiceRow
  /// Its place among the service's instances; `nil` is the service as a whole.
  package var place: Int?

  /// The service, and its instances where there are several.
  static func all(of service: ServiceRow) -> [ServiceLine] {
    let instances =
      service.instances.count > 1 ? service.instances.indices.map { ServiceLine(service: service, place: $0) } : []
    return [ServiceLine(service: service)] + instances
  }

  package var rowName: String { place.map { "\(service.name)\n\($0)" } ?? service.name }

  var instance: InstanceRow? { place.map { service.instances[$0] } }

  /// The one that all is said of: an instance, or the only one.
  var single: InstanceRow? { instance ?? (service.instances.count == 1 ? service.instances[0] : nil) }

  var verdict: ServiceVerdict { instance?.verdict ?? service.verdict }
  var reason: String { instance?.reason ?? service.reason }
  var since: Since? { instance == nil ? service.since : instance?.since }
  var isFlapping: Bool { instance?.isFlapping ?? service.isFlapping }
  var circuits: [CircuitRow] { instance?.circuits ?? service.circuits }
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
      return texts.contains { contains($0, text) }
    }
  }
}
