import Text

/// Views of consumer groups for readers of the store.
extension LagState {
  /// A list without rows: sums over all groups. If the source is not `isCurrent`, every verdict is `unknown`.
  func groupSums(isCurrent: Bool) -> GroupList {
    var list = GroupList(
      ListWindow(total: groups.count), readAt: last?.time, took: last?.took, requests: last?.requests,
      isListed: last?.isListed ?? true, incompleteness: last?.incompleteness)
    list.openTransactions = isCurrent ? last.map { openTransactions(now: $0.time) } ?? [] : []
    for group in groups.values { list.counts[isCurrent ? group.row.verdict : .unknown, default: 0] += 1 }
    return list
  }

  /// All groups, unsorted. All values of a row, also its ages, are those of the last sample.
  func rows(now: Timestamp, isCurrent: Bool = true) -> [GroupRow] {
    groups.values.map { isCurrent ? $0.row : outdated($0.row, now: now) }
  }

  /// A group without current data: no rates, and the verdict is `unknown`.
  private func outdated(_ row: GroupRow, now: Timestamp) -> GroupRow {
    var row = row
    let age = last.map { Quantity.age(max(.zero, now - $0.time)) } ?? "ever"
    row.reason = "not read for \(age); before that \(row.verdict.rawValue): \(row.reason)"
    row.verdict = .unknown
    row.lag = row.lag.last(at: last?.time, "\(row.name) was not read for \(age)")
    row.lagTime.known = row.lagTime.known.last(at: last?.time, "\(row.name) was not read for \(age)")
    (row.rateIn, row.rateOut, row.drain, row.members, row.state) = (nil, nil, .unknown, nil, nil)
    return row
  }

  /// The row of a group, computed from its partitions.
  func row(_ group: ConsumerGroup, now: Timestamp) -> GroupRow {
    let (lag, time) = (group.lag(logs), oldest(group, now: now))
    let (rateIn, rateOut) = rates(group)
    let worst = group.worst(symbols)
    return GroupRow(
      name: group.name, verdict: verdict(group, worst?.judgement.verdict, lag),
      reason: reason(group, worst, lag, time), state: group.state, members: group.members?.count,
      commitsWithoutMembers: group.commitsWithoutMembers, lag: lag, lagTime: time,
      drain: drain(group, lag, worst?.judgement.verdict, rateIn: rateIn, rateOut: rateOut), rateIn: rateIn,
      rateOut: rateOut,
      history: group.history.map { $0.map(Double.init) },
      topics: Set(group.partitions.keys.map { symbols.text($0.topic) }).sorted(), partitions: group.partitions.count,
      rebalancing: group.rebalancing, error: group.error)
  }

  /// A group is not `ok` while its lag is unknown.
  private func verdict(_ group: ConsumerGroup, _ worst: LagVerdict?, _ lag: Known<Int64>) -> LagVerdict {
    guard group.hasCommits else { return .unknown }
    return worst == .ok && lag.value == nil ? .unknown : worst ?? .none
  }

  private func reason(
    _ group: ConsumerGroup, _ worst: (key: TopicPartitionKey, judgement: PartitionJudge.Judgement)?,
    _ lag: Known<Int64>,
    _ time: LagTime
  ) -> String {
    guard group.hasCommits else { return group.error ?? "its offsets were not read" }
    let notes = [left(group), gone(group)].compactMap(\.self)
    guard let worst else {
      if !notes.isEmpty { return notes.joined(separator: "; ") }
      return group.error
        ?? (group.state == .dead ? "it does not exist: it has neither members nor commits" : "it committed nothing")
    }
    return ([sentence(group, worst, lag, time)] + notes).joined(separator: "; ")
  }

  private func sentence(
    _ group: ConsumerGroup, _ worst: (key: TopicPartitionKey, judgement: PartitionJudge.Judgement), _ lag: Known<Int64>,
    _ time: LagTime
  ) -> String {
    switch worst.judgement.verdict {
    case .empty: return "no members; \(LagPhrase.waiting(lag, time))"
    case .ok where lag.value == nil: return lag.reason
    case .ok where group.read.count > 1 || lag == 0:
      return lag == 0 ? "everything is read" : LagPhrase.waiting(lag, time)
    default: break
    }
    let alike = group.partitions.values.count { $0.judgement.verdict == worst.judgement.verdict }
    let others = alike > 1 ? " (and \(alike - 1) more partitions)" : ""
    if worst.judgement.verdict == .ok { return worst.judgement.reason }
    return "\(symbols.text(worst.key.topic))/\(worst.key.partition): \(worst.judgement.reason)\(others)"
  }

  /// "no member reads old-topic any more".
  private func left(_ group: ConsumerGroup) -> String? {
    let topics = Set(group.partitions.filter(\.value.isLeft).keys.map(\.topic)).map { symbols.text($0) }.sorted()
    return topics.isEmpty ? nil : "no member reads \(Self.list(topics)) any more"
  }

  /// "orders/1 and 2 more do not exist any more".
  private func gone(_ group: ConsumerGroup) -> String? {
    let names = group.gone.map { "\(symbols.text($0.topic))/\($0.partition)" }.sorted()
    return names.isEmpty ? nil : "\(Self.list(names)) \(names.count == 1 ? "does" : "do") not exist any more"
  }

  private static func list(_ names: [String]) -> String {
    names.count > 1 ? "\(names[0]) and \(names.count - 1) more" : names[0]
  }

  /// Age of the oldest unread message of all its partitions.
  private func oldest(_ group: ConsumerGroup, now: Timestamp) -> LagTime {
    group.lagTime(group.read.map { lagTime(group, $0, $1, now: now) })
  }

  func lagTime(
    _ group: ConsumerGroup, _ key: TopicPartitionKey, _ partition: GroupPartition, now: Timestamp
  ) -> LagTime {
    group.lagTime(key, partition, logs[key]) { age(of: $1, in: $0, now: now) }
  }

  /// Messages per second: arriving in the group's partitions, and read by the group.
  private func rates(_ group: ConsumerGroup) -> (Double?, Double?) {
    let committed = group.read.filter { $0.value.committed != nil }
    guard group.hasCommits else { return (nil, nil) }
    return (
      RateSum.whole(committed.keys.map { logs[$0]?.rate(over: Self.rateSpan) }),
      RateSum.whole(committed.values.map { $0.rate(over: Self.rateSpan) })
    )
  }

  static var rateSpan: Duration { .seconds(30) }
  /// Rates of a shorter time give no estimate of the drain time.
  private static var leastObserved: Duration { .seconds(10) }

  private func isObserved(_ group: ConsumerGroup) -> Bool {
    group.read.allSatisfy { key, partition in
      partition.committed == nil
        || min(partition.observed, logs[key]?.observed ?? .zero) >= Self.leastObserved
    }
  }

  private func drain(
    _ group: ConsumerGroup, _ lag: Known<Int64>, _ verdict: LagVerdict?, rateIn: Double?, rateOut: Double?
  ) -> DrainTime {
    guard let count = lag.value, count > 0 else { return Self.drain(lag, rateIn: rateIn, rateOut: rateOut) }
    let gap = group.read.values.compactMap(\.commitGap).max() ?? .zero
    let noise = rateIn.map { Self.noise($0, gap: gap + rules.interval) } ?? 0
    let drain = isObserved(group) ? Self.drain(lag, rateIn: rateIn, rateOut: rateOut, noise: noise) : .unknown
    // These verdicts are based on more evidence than two rates.
    let isSure = verdict.map { [.warning, .stalled, .stopped, .empty].contains($0) } ?? false
    return drain == .unknown && lag.isExact && isSure ? .notDraining : drain
  }

  /// Expected error of the commit rate compared with the read rate: a commit may occur just before the first or just after the last
  /// sample, plus random variation.
  private static func noise(_ rate: Double, gap: Duration) -> Double {
    let share = min(1, gap.seconds / rateSpan.seconds)
    return rate * share + 2 * (rate / rateSpan.seconds).squareRoot()
  }

  /// If the rates differ by less than `noise`, the trend is unknown.
  static func drain(_ known: Known<Int64>, rateIn: Double?, rateOut: Double?, noise: Double = 0) -> DrainTime {
    guard known.isExact, let lag = known.value else { return .unknown }
    if lag == 0 { return .nothing }
    guard let rateIn, let rateOut else { return .unknown }
    let gained = rateOut - rateIn
    if abs(gained) <= noise { return .unknown }
    guard gained > 0 else { return .notDraining }
    return .after(.seconds(min(Double(lag) / gained, 1e9)))
  }

  func group(_ name: String, now: Timestamp, isCurrent: Bool = true) -> GroupView? {
    guard let group = groups[name] else { return nil }
    let owners = Self.owners(group)
    let sampled = last?.time ?? now
    var rows = group.partitions.map { partitionRow(group, $0.key, $0.value, owners[$0.key], now: sampled) }
    if !isCurrent { rows = rows.map { outdated($0, now: now) } }
    return GroupView(
      row: isCurrent ? group.row : outdated(group.row, now: now), partitions: rows.sorted(by: Self.isWorse),
      members: isCurrent ? group.members.map { _ in members(of: group) } : nil,
      skew: Self.skew(rows.map(\.lag)))
  }

  private func outdated(_ row: GroupPartitionRow, now: Timestamp) -> GroupPartitionRow {
    var row = row
    let age = last.map { Quantity.age(max(.zero, now - $0.time)) } ?? "ever"
    row.reason = "not read for \(age); before that \(row.verdict.rawValue): \(row.reason)"
    row.verdict = .unknown
    row.lag = row.lag.last(at: last?.time, "not read for \(age)")
    row.lagTime.known = row.lagTime.known.last(at: last?.time, "not read for \(age)")
    (row.rateIn, row.rateOut) = (nil, nil)
    return row
  }

  /// One group, with the row of only the requested partition, if the group reads it.
  func row(of name: String, partition key: TopicPartitionKey?, now: Timestamp) -> Situation.Group? {
    guard let group = groups[name] else { return nil }
    let row = key.flatMap { key in
      group.partitions[key].map { partition in
        let owner = group.members?.first { $0.partitions.contains(key) }
        return partitionRow(group, key, partition, owner, now: now)
      }
    }
    return Situation.Group(
      row: group.row, partition: row, others: key.map { others(group, $0, now: now) } ?? .none,
      readAt: group.readAt)
  }

  /// What the group does in its other partitions.
  private func others(_ group: ConsumerGroup, _ key: TopicPartitionKey, now: Timestamp) -> Situation.Group.Others {
    let others = group.read.filter { $0.key != key }
    if others.contains(where: { $0.value.movedAt.map { now - $0 < rules.window } ?? false }) { return .move }
    return others.contains { $0.value.judgement.verdict == .stalled || $0.value.judgement.verdict == .stopped }
      ? .stand : .none
  }

  /// Whether the group reads the topic, according to its commits and assignments.
  func reads(_ key: TopicPartitionKey, _ name: String) -> Bool { groups[name]?.partitions[key] != nil }

  private static func isWorse(_ left: GroupPartitionRow, _ right: GroupPartitionRow) -> Bool {
    if left.verdict != right.verdict { return left.verdict > right.verdict }
    return (left.topic, left.partition) < (right.topic, right.partition)
  }

  private static func owners(_ group: ConsumerGroup) -> [TopicPartitionKey: GroupSample.Member] {
    var owners: [TopicPartitionKey: GroupSample.Member] = [:]
    for member in group.members ?? [] { for key in member.partitions { owners[key] = member } }
    return owners
  }

  private func partitionRow(
    _ group: ConsumerGroup, _ key: TopicPartitionKey, _ partition: GroupPartition, _ owner: GroupSample.Member?,
    now: Timestamp
  ) -> GroupPartitionRow {
    let log = logs[key]
    return GroupPartitionRow(
      topic: symbols.text(key.topic), partition: key.partition, verdict: partition.judgement.verdict,
      reason: partition.judgement.reason, clientID: owner?.clientID, host: owner?.host, committed: partition.committed,
      start: log?.start, end: log?.end, lag: group.lag(of: partition, log),
      lagTime: lagTime(group, key, partition, now: now), rateIn: log?.rate(over: Self.rateSpan),
      rateOut: group.hasCommits ? partition.rate(over: Self.rateSpan) : nil)
  }

  func members(of group: ConsumerGroup) -> [GroupMemberRow] {
    group.members?.map { memberRow($0, group) } ?? []
  }

  private func memberRow(_ member: GroupSample.Member, _ group: ConsumerGroup) -> GroupMemberRow {
    let lags = member.partitions.map { key in
      group.partitions[key].map { group.lag(of: $0, logs[key]) } ?? .unknown("it was never committed")
    }
    return GroupMemberRow(
      clientID: member.clientID, host: member.host, partitions: member.partitions.count,
      lag: .sum(lags) { $0.saturating(plus: $1) } ?? 0)
  }

  /// Peak divided by mean; `nil` if there is no lag or a value is unknown.
  private static func skew(_ lags: [Known<Int64>]) -> Double? {
    let known = lags.compactMap { $0.isExact ? $0.value : nil }
    return known.count == lags.count ? skew(known.map(Double.init)) : nil
  }

  /// Peak divided by mean; `nil` if the sum is 0.
  static func skew(_ values: [Double]) -> Double? {
    guard let total = RateSum(values).value, total > 0, let peak = values.max() else { return nil }
    return peak * Double(values.count) / total
  }
}
