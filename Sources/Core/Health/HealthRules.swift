import Text

/// What is found of the health of a system. Each rule is pure and looks at what was read; what was not read is a finding, too.
enum HealthRules {
  typealias Finding = FlowHealth.Finding

  static let all: [@Sendable (CheckInputs) -> [Finding]] = [
    standstill, backlog, outcome, services, groups, locks, unread,
  ]

  /// No end for so long counts as a standstill.
  private static let patience = Duration.seconds(60)
  /// So many starts in a minute say that work arrives.
  private static let leastStarts = 3.0
  /// Of fewer ends no share is told.
  private static let leastEnds = 20
  /// Sagas past their deadline from which on it is critical.
  private static let mostStuck = 5

  /// For how long no saga has come to an end, where that is more than a minute.
  static func quiet(_ type: TypeView, now: Timestamp) -> Duration? {
    guard type.endRate == 0, let last = type.lastEnd else { return nil }
    return now - last > patience ? now - last : nil
  }

  /// Work arrives, and nothing gets to an end: each type for itself, since a busy one hides one that stands.
  @Sendable private static func standstill(_ inputs: CheckInputs) -> [Finding] {
    guard let overview = inputs.overview, overview.coverage.isWhole else { return [] }
    let types = overview.types.count > 1 ? overview.types : [overview.total]
    return types.compactMap { type in
      guard type.counts.stuck > 0, let starts = type.startRate, starts * 60 >= leastStarts, type.endRate == 0 else {
        return nil
      }
      let name = overview.types.count > 1 ? "\(type.type) " : ""
      let quiet = quiet(type, now: inputs.now).map { " for \(Quantity.age($0))" } ?? ""
      return Finding(.critical, "no \(name)saga has ended\(quiet), while \(Quantity.rate(starts)) start")
    }
  }

  @Sendable private static func backlog(_ inputs: CheckInputs) -> [Finding] {
    guard let overview = inputs.overview, overview.coverage.isCurrent else { return [] }
    let (stuck, failed) = (overview.total.counts.stuck, overview.total.counts.failed)
    var findings: [Finding] = []
    if stuck > 0 {
      let age = overview.stuckSince.map { ", the longest for \(Quantity.age(max(.zero, inputs.now - $0)))" } ?? ""
      findings.append(
        Finding(
          stuck >= mostStuck ? .critical : .warning,
          "\(Quantity.grouped(stuck)) \(stuck == 1 ? "saga is" : "sagas are") past the deadline\(age)"))
    }
    if failed > 0 {
      findings.append(
        Finding(.warning, "\(Quantity.grouped(failed)) \(failed == 1 ? "saga needs" : "sagas need") manual work"))
    }
    return findings
  }

  /// How the sagas of the last five minutes ended.
  @Sendable private static func outcome(_ inputs: CheckInputs) -> [Finding] {
    guard let overview = inputs.overview, overview.coverage.isWhole, overview.total.recentEnds >= leastEnds else {
      return []
    }
    let share = Double(overview.total.recentCompletions) / Double(overview.total.recentEnds)
    guard share < 0.9 else { return [] }
    return [
      Finding(
        share < 0.5 ? .critical : .warning,
        "only \(Quantity.share(share)) of the sagas that ended in the last 5 minutes completed")
    ]
  }

  @Sendable private static func services(_ inputs: CheckInputs) -> [Finding] {
    let rows = inputs.services?.services ?? []
    return [ServiceVerdict.down, .degraded, .unknown].flatMap { verdict in
      let names = rows.filter { $0.verdict == verdict }.map(\.name)
      return names.isEmpty
        ? [] : [Finding(verdict == .unknown ? .unknown : .warning, sentence(names, verdict.phrase))]
    }
  }

  @Sendable private static func groups(_ inputs: CheckInputs) -> [Finding] {
    guard let lag = inputs.lag else { return [] }
    return LagVerdict.allCases.filter { $0.isTrouble || $0 == .unknown }.flatMap { verdict -> [Finding] in
      guard let count = lag.counts[verdict], count > 0 else { return [] }
      let names = lag.rows.filter { $0.verdict == verdict }.map { "group \($0.name)" }
      let text =
        names.isEmpty
        ? "\(count) \(count == 1 ? "group is" : "groups are") \(verdict.rawValue)"
        : sentence(
          names, verdict.rawValue, count: count)
      return [Finding(verdict.isTrouble ? .warning : .unknown, text)]
    }
  }

  @Sendable private static func locks(_ inputs: CheckInputs) -> [Finding] {
    let rows = (inputs.locks?.rows ?? []).filter { $0.verdict.isTrouble }
    return LockVerdict.allCases.filter(\.isTrouble).reversed().flatMap { verdict -> [Finding] in
      let keys = rows.filter { $0.verdict == verdict }.map { "lock \($0.id.key)" }
      return keys.isEmpty ? [] : [Finding(.warning, sentence(keys, verdict.rawValue))]
    }
  }

  @Sendable private static func unread(_ inputs: CheckInputs) -> [Finding] {
    if !inputs.hasEventSources { return [Finding(.unknown, "no events are read")] }
    return inputs.incompleteness(of: .everything).map { [Finding(.unknown, $0)] } ?? []
  }

  /// What is on the move, and so better left alone.
  static func unready(_ inputs: CheckInputs) -> [Finding] {
    var findings: [Finding] = []
    let undoing = inputs.overview?.total.counts.compensating ?? 0
    if undoing > 0 {
      findings.append(
        Finding(.warning, "\(Quantity.grouped(undoing)) \(undoing == 1 ? "saga is" : "sagas are") being compensated"))
    }
    let restless = (inputs.lag?.rows ?? []).filter { $0.rebalancing != nil }.map { "group \($0.name)" }
    if !restless.isEmpty { findings.append(Finding(.warning, sentence(restless, "rebalancing"))) }
    let late = (inputs.lag?.rows ?? []).filter { $0.verdict == .warning }.map { "group \($0.name)" }
    if !late.isEmpty { findings.append(Finding(.warning, sentence(late, "falling behind"))) }
    return findings
  }

  /// "payment-service is down", "payment-service and 3 more are down".
  private static func sentence(_ names: [String], _ state: String, count: Int? = nil) -> String {
    let others = max(count ?? names.count, names.count) - 1
    return others == 0 ? "\(names[0]) is \(state)" : "\(names[0]) and \(others) more are \(state)"
  }
}

extension ServiceVerdict {
  fileprivate var phrase: String { self == .unknown ? "not known to be well" : rawValue }
}
