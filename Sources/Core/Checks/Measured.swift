import Text

/// What was measured.
package struct Measured: Sendable, Equatable {
  /// In the measure's unit; `nil` when it is not known.
  package var value: Double?
  /// It may be larger: something was not read.
  package var isAtLeast = false
  /// What it is about, or why it is not known; empty where the value says all.
  package var detail = ""

  package init(_ value: Double?, detail: String = "") {
    self.value = value
    self.detail = detail
  }

  static func unknown(_ why: String) -> Measured { Measured(nil, detail: why) }
}

extension Measure {
  /// Pure. A count that could only be taken from a part of what there is counts as a lower bound; a share is then not known.
  package func taken(from readings: CheckInputs) -> Measured {
    var measured: Measured
    switch kind.subject {
    case .sagas: measured = sagas(readings)
    case .groups: measured = groups(readings)
    case .locks: measured = locks(readings)
    case .services: measured = services(readings)
    }
    let missing = readings.missing(for: kind.subject)
    guard !missing.isEmpty else { return measured }
    let why = "\(missing.joined(separator: ", ")) was not read in full"
    if unit == .percent || measured.value == nil { return .unknown(why) }
    measured.isAtLeast = true
    if measured.detail.isEmpty { measured.detail = why }
    return measured
  }

  private func sagas(_ readings: CheckInputs) -> Measured {
    guard let overview = readings.overview else { return .unknown("no events were read") }
    if kind == .undecoded { return Measured(Double(overview.undecoded)) }
    if kind == .oldestCompensation { return oldestCompensation(readings) }
    let types = overview.types.filter { means($0.type) }
    guard !types.isEmpty else { return .unknown(nobody("type of saga", among: overview.types.map(\.type))) }
    return count(types.map(\.counts))
  }

  private func count(_ counts: [TypeView.Counts]) -> Measured {
    func sum(_ part: (TypeView.Counts) -> Int) -> Double { Double(counts.reduce(0) { $0 &+ part($1) }) }
    func share(_ part: Double, _ rest: Double) -> Measured {
      part + rest > 0 ? Measured(part / (part + rest) * 100) : .unknown("no saga has ended")
    }
    let (completed, undone) = (sum(\.completed), sum(\.compensated) + sum(\.failed))
    return switch kind {
    case .running: Measured(sum(\.running))
    case .compensating: Measured(sum(\.compensating))
    case .active: Measured(sum(\.running) + sum(\.compensating))
    case .stuck: Measured(sum(\.stuck))
    case .failed: Measured(sum(\.failed))
    case .completionRate: share(completed, undone)
    case .compensationRate: share(undone, completed)
    default: .unknown("not a count of sagas")
    }
  }

  private func oldestCompensation(_ readings: CheckInputs) -> Measured {
    let open = readings.oldestRollBacks.filter { means($0.type) }
    guard let oldest = open.min(by: { $0.startedAt < $1.startedAt }) else { return Measured(0) }
    return Measured(max(0, (readings.now - oldest.startedAt).seconds), detail: "saga \(oldest.sagaID)")
  }

  private func groups(_ readings: CheckInputs) -> Measured {
    guard let lag = readings.lag, lag.readAt != nil else { return .unknown("no consumer group was read") }
    let rows = lag.rows.filter { means($0.name) }
    guard !rows.isEmpty else {
      return selector == nil ? Measured(0) : .unknown(nobody("consumer group", among: lag.rows.map(\.name)))
    }
    let values = rows.compactMap { row -> (name: String, value: Double)? in
      let value = kind == .lag ? row.lag.map(Double.init) : row.lagTime.age?.seconds
      return value.map { (row.name, max(0, $0)) }
    }
    guard let worst = values.max(by: { $0.value < $1.value }) else {
      return .unknown(rows.first { $0.error != nil }?.error ?? "no group's \(kind.rawValue) is known yet")
    }
    return Measured(worst.value, detail: worst.value > 0 ? worst.name : "")
  }

  private func locks(_ readings: CheckInputs) -> Measured {
    guard let locks = readings.locks, locks.readAt != nil else { return .unknown("no Redis server was read") }
    let held = locks.rows.filter { means($0.id.key) && $0.age != nil }
    guard let oldest = held.max(by: { $0.age?.duration ?? .zero < $1.age?.duration ?? .zero }), let age = oldest.age
    else { return Measured(0) }
    return Measured(max(0, age.duration.seconds), detail: oldest.id.key)
  }

  private func services(_ readings: CheckInputs) -> Measured {
    guard let services = readings.services else { return .unknown("no service was asked") }
    let rows = services.services.filter { means($0.name) }
    guard !rows.isEmpty else { return .unknown(nobody("service", among: services.services.map(\.name))) }
    guard rows.contains(where: { $0.verdict != .unknown }) else { return .unknown(rows[0].reason) }
    let bad = rows.filter { $0.verdict >= .degraded }
    return Measured(Double(bad.count), detail: bad.map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
  }

  private func nobody(_ what: String, among known: [String]) -> String {
    let name = selector?.text ?? "*"
    return "there is no \(what) `\(name)`\(NearestWord.hint(name, among: known))"
  }
}
