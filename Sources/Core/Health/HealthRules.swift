import Text

/// The findings on a system's health. Each rule is pure and uses the inputs only; missing inputs are a finding, too.
enum HealthRules {
  typealias Finding = FlowHealth.Finding

  static let all: [@Sendable (CheckInputs) -> [Finding]] = [
    standstill, stuck, failed, outcome, slow, services, groups, locks, unread,
  ]

  /// No end for this time counts as a standstill.
  private static let patience = Duration.seconds(60)
  /// Starts per minute from which on work is considered to arrive.
  private static let leastStarts = 3.0
  /// With fewer ends no percentage is reported.
  private static let leastEnds = 20
  /// Number of stuck sagas from which on the state is critical.
  private static let mostStuck = 5
  /// If all stuck sagas have been stuck for longer than this, they are an old backlog and not a new problem.
  private static let old = Duration.seconds(3600)

  /// Time since the last end of a saga; `nil` if it is not more than a minute.
  static func quiet(_ type: TypeView, now: Timestamp) -> Duration? {
    guard type.endRate == 0, let last = type.lastEnd else { return nil }
    return now - last > patience ? now - last : nil
  }

  /// Sagas start but none ends. Each type is judged separately, since a busy type would hide a blocked one. Without late sagas it counts
  /// once nothing has ended for twice the type's p99 duration.
  @Sendable private static func standstill(_ inputs: CheckInputs) -> [Finding] {
    guard let overview = inputs.overview, overview.coverage.isWhole else { return [] }
    let types = overview.types.count > 1 ? overview.types : [overview.total]
    return types.compactMap { type in
      guard let starts = type.startRate, starts * 60 >= leastStarts, type.endRate == 0 else { return nil }
      let quiet = quiet(type, now: inputs.now)
      let isLate = type.counts.stuck > 0
      guard isLate || quiet.map({ $0 > max(patience, (type.p99 ?? .zero) * 2) }) == true else { return nil }
      let name = overview.types.count > 1 ? "\(type.type) " : ""
      let length = quiet.map { " for \(Quantity.age($0))" } ?? ""
      return Finding(
        isLate ? .critical : .warning, "no \(name)saga has ended\(length), while \(Quantity.rate(starts)) start")
    }
  }

  @Sendable private static func stuck(_ inputs: CheckInputs) -> [Finding] {
    guard let overview = inputs.overview, overview.total.counts.stuck > 0 else { return [] }
    let count = overview.total.counts.stuck
    let number = "\(Quantity.grouped(count)) \(count == 1 ? "saga" : "sagas")"
    guard overview.coverage.isCurrent else {
      return [Finding(.unknown, "\(number) \(count == 1 ? "was" : "were") stuck when events were last read")]
    }
    func age(_ time: Timestamp) -> Duration { max(.zero, inputs.now - time) }
    let longest = overview.stuckSince.map { ", the longest for \(Quantity.age(age($0)))" } ?? ""
    let isOld = overview.newestStuck.map { age($0) > old } ?? false
    return [
      Finding(
        count >= mostStuck && !isOld ? .critical : .warning, "\(number) \(count == 1 ? "is" : "are") stuck\(longest)")
    ]
  }

  /// Sagas that failed in the last five minutes. Earlier failures are reported, but do not affect the state.
  @Sendable private static func failed(_ inputs: CheckInputs) -> [Finding] {
    guard let overview = inputs.overview, overview.coverage.isCurrent, overview.total.counts.failed > 0 else {
      return []
    }
    let count = overview.total.counts.failed
    let number = "\(Quantity.grouped(count)) \(count == 1 ? "saga needs" : "sagas need") manual work"
    let isRecent = overview.total.recentFailures > 0
    return [Finding(isRecent ? .warning : .ok, isRecent ? number : "\(number), none failed in the last 5 minutes")]
  }

  /// The outcomes of the sagas of the last five minutes.
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

  /// Steps that take much longer than usual.
  @Sendable private static func slow(_ inputs: CheckInputs) -> [Finding] {
    guard let overview = inputs.overview, overview.coverage.isCurrent else { return [] }
    return overview.slowSteps.prefix(3).map { slow in
      Finding(
        .warning, "\(slow.step) takes \(Quantity.latency(slow.recent)), usually \(Quantity.latency(slow.usual))")
    }
  }

  /// Services that are degraded only because of a lost node are omitted; the lost node is reported instead.
  @Sendable private static func services(_ inputs: CheckInputs) -> [Finding] {
    let rows = inputs.services?.services ?? []
    let lost = lostNodes(rows)
    let findings = [ServiceVerdict.down, .degraded, .unknown].flatMap { verdict -> [Finding] in
      let names = rows.filter { row in
        row.verdict == verdict && (verdict != .degraded || !row.isDegradedOnly(by: lost))
      }.map(\.name)
      return names.isEmpty
        ? [] : [Finding(verdict == .unknown ? .unknown : .warning, sentence(names, verdict.phrase))]
    }
    return lost.sorted().map { Finding(.warning, "\($0) is lost: nothing on it answers") } + findings
  }

  /// Nodes on which all instances are down, while instances on other nodes are not.
  private static func lostNodes(_ rows: [ServiceRow]) -> Set<String> {
    let instances = rows.flatMap(\.instances)
    let answering = Set(instances.filter { $0.verdict != .down }.map { $0.node ?? "" })
    guard !answering.isEmpty else { return [] }
    return Set(instances.filter { $0.verdict == .down }.compactMap(\.node)).subtracting(answering)
  }

  @Sendable private static func groups(_ inputs: CheckInputs) -> [Finding] {
    guard let lag = inputs.lag else { return [] }
    let findings = LagVerdict.allCases.filter { $0.isTrouble || $0 == .unknown }.flatMap { verdict -> [Finding] in
      let names = lag.rows.filter { $0.verdict == verdict }.map { "group \($0.name)" }
      return finding(
        verdict.isTrouble ? .warning : .unknown, names, lag.counts[verdict] ?? 0, ("group", "groups"), verdict.rawValue)
    }
    return findings + (lag.incompleteness.map { [Finding(.unknown, $0)] } ?? [])
  }

  @Sendable private static func locks(_ inputs: CheckInputs) -> [Finding] {
    guard let locks = inputs.locks else { return [] }
    let findings = LockVerdict.allCases.filter(\.isTrouble).reversed().flatMap { verdict -> [Finding] in
      let keys = locks.rows.filter { $0.verdict == verdict }.map { "lock \($0.id.key)" }
      return finding(.warning, keys, locks.counts[verdict] ?? 0, ("lock", "locks"), verdict.rawValue)
    }
    let dropped = "\(Quantity.grouped(locks.dropped)) locks are more than are looked at"
    return findings + (locks.dropped > 0 ? [Finding(.unknown, dropped)] : [])
  }

  /// `names` are the available names; `count` is the total.
  private static func finding(
    _ state: CheckState, _ names: [String], _ count: Int, _ kind: (one: String, many: String), _ verdict: String
  ) -> [Finding] {
    if !names.isEmpty { return [Finding(state, sentence(names, verdict, count: count))] }
    guard count > 0 else { return [] }
    return [
      Finding(state, "\(Quantity.grouped(count)) \(count == 1 ? "\(kind.one) is" : "\(kind.many) are") \(verdict)")
    ]
  }

  /// Sources that were not read, or not completely; also a source that responds but from which nothing was read.
  @Sendable private static func unread(_ inputs: CheckInputs) -> [Finding] {
    if !inputs.hasEventSources { return [Finding(.unknown, "no events are read")] }
    if let reason = inputs.incompleteness(of: .everything) ?? inputs.overview?.incompleteness {
      return [Finding(.unknown, reason)]
    }
    let parts: [(subject: Measure.Kind.Subject, isThere: Bool, text: String)] = [
      (.sagas, inputs.overview != nil, "sagas are"), (.groups, inputs.lag?.readAt != nil, "consumer groups are"),
      (.locks, inputs.locks?.readAt != nil, "locks are"), (.services, inputs.services != nil, "services are"),
    ]
    return parts.filter { !$0.isThere && inputs.isWatched($0.subject) }.map {
      Finding(.unknown, "\($0.text) not known")
    }
  }

  /// Changes in progress that should end before a deployment.
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

extension ServiceRow {
  fileprivate func isDegradedOnly(by lost: Set<String>) -> Bool {
    instances.allSatisfy { $0.verdict == .up || lost.contains($0.node ?? "") }
  }
}

extension ServiceVerdict {
  fileprivate var phrase: String { self == .unknown ? "not known to be well" : rawValue }
}
