/// What readers are shown of consumer groups.
extension LagState {
  /// Without rows: what is known of all groups.
  var groupSums: GroupList {
    var list = GroupList(
      ListWindow(total: groups.count), readAt: last?.time, took: last?.took, requests: last?.requests,
      isListed: last?.isListed ?? true)
    for group in groups.values { list.counts[group.row.verdict, default: 0] += 1 }
    return list
  }

  /// All groups, in no order.
  func rows(now: Timestamp) -> [GroupRow] { groups.values.map { aged($0.row, now: now) } }

  /// Ages go on between two rounds.
  private func aged(_ row: GroupRow, now: Timestamp) -> GroupRow {
    guard let last, row.lag ?? 0 > 0, let age = row.lagTime.age else { return row }
    var row = row
    row.lagTime.age = age + max(.zero, now - last.time)
    return row
  }

  /// The whole of a group, reckoned from its partitions.
  func row(_ group: ConsumerGroup, now: Timestamp) -> GroupRow {
    let (lag, time) = (group.lag(logs), oldest(group, now: now))
    let (rateIn, rateOut) = rates(group)
    let worst = group.worst(symbols)
    return GroupRow(
      name: group.name, verdict: worst?.judgement.verdict ?? .none, reason: reason(group, worst, lag, time),
      state: group.state, members: group.members?.count, lag: lag, lagTime: time,
      drain: Self.drain(lag, rateIn: rateIn, rateOut: rateOut), rateIn: rateIn, rateOut: rateOut,
      history: group.history.map { $0.map(Double.init) },
      topics: Set(group.partitions.keys.map { symbols.text($0.topic) }).sorted(), partitions: group.partitions.count,
      rebalancing: group.rebalancing, error: group.error)
  }

  private func reason(
    _ group: ConsumerGroup, _ worst: (key: TopicPartitionKey, judgement: PartitionJudge.Judgement)?, _ lag: Int64?,
    _ time: LagTime
  ) -> String {
    guard let worst else { return group.error ?? "it committed nothing" }
    switch worst.judgement.verdict {
    case .empty: return "no members; \(LagPhrase.waiting(lag, time))"
    case .ok: return lag == 0 ? "everything is read" : LagPhrase.waiting(lag, time)
    default: break
    }
    let alike = group.partitions.values.count { $0.judgement.verdict == worst.judgement.verdict }
    let others = alike > 1 ? " (and \(alike - 1) more partitions)" : ""
    return "\(symbols.text(worst.key.topic))/\(worst.key.partition): \(worst.judgement.reason)\(others)"
  }

  /// Of the partition whose next message is oldest.
  private func oldest(_ group: ConsumerGroup, now: Timestamp) -> LagTime {
    var result: LagTime?
    for (key, partition) in group.partitions {
      let time = lagTime(group, key, partition, now: now)
      guard let age = time.age else { continue }
      let other = (result?.age ?? .nanoseconds(-1), result?.drift ?? .zero, result?.quality.rawValue ?? " ")
      if (age, time.drift ?? .zero, time.quality.rawValue) > other { result = time }
    }
    return result ?? .unknown
  }

  func lagTime(
    _ group: ConsumerGroup, _ key: TopicPartitionKey, _ partition: GroupPartition, now: Timestamp
  ) -> LagTime {
    group.lagTime(key, partition, logs[key]) { age(of: $1, in: $0, now: now) }
  }

  /// Messages per second that arrive in the group's partitions, and that it reads.
  private func rates(_ group: ConsumerGroup) -> (Double?, Double?) {
    var (arriving, reading) = (RateSum(), RateSum())
    for (key, partition) in group.partitions where partition.committed != nil {
      if let rate = logs[key]?.history.rate(over: Self.rateSpan) { arriving.add(rate) }
      if let rate = partition.commits.rate(over: Self.rateSpan) { reading.add(rate) }
    }
    return (arriving.value, reading.value)
  }

  static var rateSpan: Duration { .seconds(30) }

  static func drain(_ lag: Int64?, rateIn: Double?, rateOut: Double?) -> DrainTime {
    guard let lag else { return .unknown }
    if lag == 0 { return .nothing }
    guard let rateIn, let rateOut else { return .unknown }
    let gained = rateOut - rateIn
    guard gained > 0 else { return .notDraining }
    return .after(.seconds(min(Double(lag) / gained, 1e9)))
  }

  func group(_ name: String, now: Timestamp) -> GroupView? {
    guard let group = groups[name] else { return nil }
    let owners = Self.owners(group)
    let rows = group.partitions.map { partitionRow(group, $0.key, $0.value, owners[$0.key], now: now) }
    return GroupView(
      row: row(group, now: now), partitions: rows.sorted(by: Self.isWorse),
      members: group.members.map { _ in members(of: group) },
      skew: Self.skew(rows.compactMap { $0.lag.map(Double.init) })
    )
  }

  /// One group without its partitions but for the one that is asked for, if it reads that.
  func row(of name: String, partition key: TopicPartitionKey?, now: Timestamp) -> Situation.Group? {
    guard let group = groups[name] else { return nil }
    let row = key.flatMap { key in
      group.partitions[key].map { partition in
        let owner = group.members?.first { $0.partitions.contains(key) }
        return partitionRow(group, key, partition, owner, now: now)
      }
    }
    return Situation.Group(row: aged(group.row, now: now), partition: row, readAt: group.readAt)
  }

  /// Whether the group reads the topic, as far as its commits and assignments tell.
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
      start: log?.start, end: log?.end, lag: ConsumerGroup.lag(of: partition, log),
      lagTime: lagTime(group, key, partition, now: now), rateIn: log?.history.rate(over: Self.rateSpan),
      rateOut: partition.commits.rate(over: Self.rateSpan))
  }

  func members(of group: ConsumerGroup) -> [GroupMemberRow] {
    group.members?.map { memberRow($0, group) } ?? []
  }

  private func memberRow(_ member: GroupSample.Member, _ group: ConsumerGroup) -> GroupMemberRow {
    let lags = member.partitions.compactMap { key in
      group.partitions[key].flatMap { ConsumerGroup.lag(of: $0, logs[key]) }
    }
    return GroupMemberRow(
      clientID: member.clientID, host: member.host, partitions: member.partitions.count,
      lag: lags.isEmpty ? nil : lags.reduce(0, &+))
  }

  /// The peak over the mean; `nil` where there is nothing.
  static func skew(_ values: [Double]) -> Double? {
    guard let total = RateSum(values).value, total > 0, let peak = values.max() else { return nil }
    return peak * Double(values.count) / total
  }
}
