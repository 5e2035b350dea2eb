import Text

/// One number measured on the watched system, for checks and conditions, such as `stuck` or `lag[group=payment-service]`.
package struct Measure: Sendable {
  /// What is measured; the raw value is its name in checks.
  package enum Kind: String, CaseIterable, Sendable {
    /// Number of sagas that are in this state now.
    case running, compensating, active, stuck, failed
    /// Number of messages that could not be decoded as events.
    case undecoded
    /// Percentage of the ended sagas that completed; percentage that were rolled back or failed.
    case completionRate = "completion-rate"
    case compensationRate = "compensation-rate"
    /// Age of the oldest roll-back that has not ended.
    case oldestCompensation = "oldest-compensation"
    /// Unread messages of the group with the largest lag; age of the oldest unread message.
    case lag
    case lagTime = "lag-time"
    /// Age of the oldest lock.
    case lockAge = "lock-age"
    /// Number of services that are not up.
    case service
    /// Overall health: 0 ok, 1 warning, 2 critical.
    case health
  }

  package enum Unit: String, Sendable {
    case count = ""
    case seconds = "s"
    case percent = "%"
  }

  package var kind: Kind
  /// Selects some of the objects; `nil` selects all.
  package var selector: NamePattern?

  package init(_ kind: Kind, selector: NamePattern? = nil) {
    self.kind = kind
    self.selector = selector
  }

  /// The notation in checks: `lag[group=payment-service]`.
  package var text: String {
    kind.rawValue + (selector.map { "[\(kind.selectorName)=\($0.text)]" } ?? "")
  }

  package var unit: Unit {
    switch kind {
    case .completionRate, .compensationRate: .percent
    case .oldestCompensation, .lagTime, .lockAge: .seconds
    case .running, .compensating, .active, .stuck, .failed, .undecoded, .lag, .service, .health: .count
    }
  }

  func means(_ name: String) -> Bool { selector?.matches(name) ?? true }
}

extension Measure.Kind {
  /// The kind of data that it needs, which determines what must be read.
  package enum Subject: Sendable {
    case sagas, groups, locks, services
    case everything
  }

  package var subject: Subject {
    switch self {
    case .lag, .lagTime: .groups
    case .lockAge: .locks
    case .service: .services
    case .health: .everything
    case .running, .compensating, .active, .stuck, .failed, .undecoded, .completionRate, .compensationRate,
      .oldestCompensation:
      .sagas
    }
  }

  /// The word before `=` in the brackets.
  package var selectorName: String {
    switch subject {
    case .sagas: "type"
    case .groups: "group"
    case .locks: "key"
    case .services: "name"
    case .everything: ""
    }
  }

  /// Missing data can only increase the value. Other measures can also decrease: a running saga may have ended since.
  var canOnlyGrow: Bool {
    switch self {
    case .stuck, .failed, .undecoded, .lag, .lagTime, .lockAge, .service: true
    case .running, .compensating, .active, .completionRate, .compensationRate, .oldestCompensation, .health: false
    }
  }

  /// Low values are bad.
  package var isFalling: Bool { self == .completionRate }

  /// The default thresholds for warning and critical.
  package var usualThresholds: (warning: Double, critical: Double) {
    switch self {
    case .stuck, .failed: (1, 5)
    case .running, .compensating, .active: (100, 1000)
    case .undecoded: (1, 100)
    case .completionRate: (99, 95)
    case .compensationRate: (5, 20)
    case .oldestCompensation, .lagTime: (60, 300)
    case .lag: (1000, 10_000)
    case .lockAge: (60, 600)
    case .service, .health: (1, 2)
    }
  }
}

package struct Measured: Sendable, Equatable {
  /// In the unit of the measure, with its quality and the reason why it is not exact.
  package var number: Known<Double>
  /// The object that the value is about; empty if the number is enough.
  package var subject: String

  package init(_ number: Known<Double>, about subject: String = "") {
    self.number = number
    self.subject = subject
  }

  static func unknown(_ reason: String) -> Measured { Measured(.unknown(reason)) }

  /// `nil` if unknown.
  package var value: Double? { number.value }

  /// The reason why the value is not exact, and the object that it is about.
  package var detail: String {
    [number.isExact ? "" : number.reason, subject].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// "at least 4 (kafka is down)".
  package var phrase: String {
    let bound = number.quality == .atLeast ? "at least " : number.quality == .atMost ? "at most " : ""
    let number = value.flatMap { JSONValue.double($0).scalar }
    return (number.map { bound + $0 } ?? "unknown") + (detail.isEmpty ? "" : " (\(detail))")
  }
}

extension Measure {
  /// Pure. If a source of the measure no longer responds, the value is as of its last success; if a source is only partly read, the value
  /// may be a lower bound.
  package func taken(from readings: CheckInputs) -> Measured {
    var measured = read(readings)
    // Health judges unknown data itself.
    if kind == .health { return measured }
    guard let reason = readings.incompleteness(of: kind.subject) else { return measured }
    if !readings.isCurrent(kind.subject) {
      measured.number = measured.number.last(at: readings.asOf(kind.subject), reason)
    } else if kind.canOnlyGrow {
      let known = measured.number.isExact || measured.number.reason.isEmpty ? reason : measured.number.reason
      measured.number = measured.number.orMore(known)
    } else {
      measured.number = .unknown(reason)
    }
    return measured
  }

  private func read(_ readings: CheckInputs) -> Measured {
    switch kind.subject {
    case .sagas: sagas(readings)
    case .groups: groups(readings)
    case .locks: locks(readings)
    case .services: services(readings)
    case .everything: health(readings)
    }
  }

  private func health(_ readings: CheckInputs) -> Measured {
    let health = FlowHealth(readings)
    if health.state == .unknown { return .unknown(health.sentence) }
    return Measured(.exact(Double(health.state.rawValue)), about: health.sentence)
  }

  private func sagas(_ readings: CheckInputs) -> Measured {
    guard let overview = readings.overview, readings.hasEventSources else { return .unknown("no events were read") }
    var measured = sagas(overview, readings)
    if countsOpen, let reason = overview.incompleteness { measured.number = measured.number.orMore(reason) }
    return measured
  }

  /// Dropped sagas that have not ended, and messages that were not decoded, could increase the value.
  private var countsOpen: Bool {
    [.running, .compensating, .active, .stuck, .failed, .oldestCompensation].contains(kind)
  }

  private func sagas(_ overview: OverviewView, _ readings: CheckInputs) -> Measured {
    if kind == .undecoded { return Measured(.exact(Double(overview.undecoded))) }
    if kind == .oldestCompensation { return oldestCompensation(readings) }
    let types = overview.types.filter { means($0.type) }
    guard !types.isEmpty else { return .unknown(nobody("type of saga", among: overview.types.map(\.type))) }
    return count(types.map(\.counts))
  }

  private func count(_ counts: [TypeView.Counts]) -> Measured {
    func sum(_ part: (TypeView.Counts) -> Int) -> Double { Double(counts.reduce(0) { $0 &+ part($1) }) }
    func share(_ part: Double, _ rest: Double) -> Measured {
      let share = Known.share(.exact(part), of: .exact(rest))
      return share.map { Measured($0.mapped { $0 * 100 }) } ?? .unknown("no saga has ended")
    }
    let (completed, undone) = (sum(\.completed), sum(\.compensated) + sum(\.failed))
    return switch kind {
    case .running: Measured(.exact(sum(\.running)))
    case .compensating: Measured(.exact(sum(\.compensating)))
    case .active: Measured(.exact(sum(\.running) + sum(\.compensating)))
    case .stuck: Measured(.exact(sum(\.stuck)))
    case .failed: Measured(.exact(sum(\.failed)))
    case .completionRate: share(completed, undone)
    case .compensationRate: share(undone, completed)
    default: .unknown("not a count of sagas")
    }
  }

  private func oldestCompensation(_ readings: CheckInputs) -> Measured {
    let open = readings.oldestRollBacks.filter { means($0.type) }
    guard let oldest = open.min(by: { $0.startedAt < $1.startedAt }) else { return Measured(.exact(0)) }
    return Measured(.exact(max(0, (readings.now - oldest.startedAt).seconds)), about: "saga \(oldest.sagaID)")
  }

  private func groups(_ readings: CheckInputs) -> Measured {
    guard let lag = readings.lag, lag.readAt != nil else { return .unknown("no consumer group was read") }
    let rows = lag.rows.filter { means($0.name) }
    // A group that the selector names exactly cannot be among the missing ones if it is there.
    let missing = rows.isEmpty || selector?.exactName == nil ? lag.incompleteness : nil
    guard !rows.isEmpty || missing != nil else {
      if selector != nil { return .unknown(nobody("consumer group", among: lag.rows.map(\.name))) }
      return lag.isListed ? Measured(.exact(0)) : .unknown("the broker does not list its consumer groups")
    }
    return worst(
      rows.map { row in
        (kind == .lag ? row.lag.mapped(Double.init) : row.lagTime.known.mapped(\.seconds), row.name)
      } + (missing.map { [(.unknown($0), "")] } ?? []))
  }

  private func locks(_ readings: CheckInputs) -> Measured {
    guard let locks = readings.locks, locks.readAt != nil else { return .unknown("no Redis server was read") }
    var ages = locks.rows.filter { means($0.id.key) }.compactMap { row in
      row.age.map { (number: $0.known.mapped(\.seconds), name: row.id.key) }
    }
    if locks.dropped > 0 { ages.append((.unknown("\(locks.dropped) locks are more than are looked at"), "")) }
    return worst(ages)
  }

  /// The maximum of all parts, 0 if there are none. An unknown part may be greater than the known maximum.
  private func worst(_ parts: [(number: Known<Double>, name: String)]) -> Measured {
    guard let number = Known.max(parts.map(\.number)) else { return Measured(.exact(0)) }
    let worst = parts.max { $0.number.value ?? -1 < $1.number.value ?? -1 }
    let name = number.value ?? 0 > 0 ? worst?.name ?? "" : ""
    return Measured(number, about: number.reason.contains(name) && !number.isExact ? "" : name)
  }

  private func services(_ readings: CheckInputs) -> Measured {
    guard let services = readings.services else { return .unknown("no service was asked") }
    let rows = services.services.filter { means($0.name) }
    guard !rows.isEmpty else { return .unknown(nobody("service", among: services.services.map(\.name))) }
    let bad = rows.filter { $0.verdict >= .degraded }
    let unknown = rows.filter { $0.verdict == .unknown }
    let reason = unknown.first.map { "\($0.name): \($0.reason)" } ?? ""
    let isAnyKnown = unknown.count < rows.count
    let number = Known.sum([
      .exact(Double(bad.count)), isAnyKnown ? .between(0, Double(unknown.count), reason) : .unknown(reason),
    ])
    return Measured(
      number ?? .unknown(reason), about: bad.map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
  }

  private func nobody(_ what: String, among known: [String]) -> String {
    let name = selector?.text ?? "*"
    return "there is no \(what) `\(name)`\(NearestWord.hint(name, among: known))"
  }
}
