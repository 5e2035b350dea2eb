import Text

/// No member of the group reads the messages that the step waits for.
enum GroupEmptyRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group, isEmpty(group.row) else { return [] }
    var cause = Cause(
      .groupEmpty, "group \(group.row.name) has no members",
      [
        situation.evidence(
          "\(LagPhrase.waiting(group.row.lag, group.row.lagTime)), and no member reads them", source: "lag",
          readAt: group.readAt)
      ],
      strength: 90, suggestion: "start what reads as \(group.row.name)", subject: .group(group.row.name))
    if situation.isInputRead == true { cause.weaken(by: 55, Evidence.read(group)) }
    return [cause]
  }

  /// A group that never committed may never have been active; a group with commits from non-members needs no members.
  private static func isEmpty(_ row: GroupRow) -> Bool {
    row.verdict == .empty || (row.members == 0 && row.verdict != .none && !row.commitsWithoutMembers)
  }
}

extension Evidence {
  static func read(_ group: Situation.Group) -> Evidence {
    Evidence(
      "yet the saga's own message was read", source: "lag", readAt: group.readAt, weight: .contradicts)
  }
}

/// The group has members, but its commits do not move.
enum GroupStalledRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group else { return [] }
    // If the saga's partition is known, only that partition counts.
    let verdict = group.partition?.verdict ?? group.row.verdict
    guard verdict == .stalled || verdict == .stopped else { return [] }
    let reason = group.partition.map { "\($0.topic)/\($0.partition): \($0.reason)" } ?? group.row.reason
    var cause = Cause(
      .groupStalled, "group \(group.row.name) is \(verdict.rawValue)",
      [situation.evidence(reason, source: "lag", readAt: group.readAt)], strength: 80,
      suggestion: "look at what \(group.row.name) does with its first unread message",
      subject: .group(group.row.name), effect: group.standstill)
    if situation.isInputRead == true { cause.weaken(by: 55, Evidence.read(group)) }
    return [cause]
  }
}

extension Situation.Group {
  /// Example: "inventory-service stands at order-created/2".
  var standstill: String { "\(row.name) stands" + (partition.map { " at \($0.topic)/\($0.partition)" } ?? "") }
}

/// The group reads, but the messages it reads are old.
enum GroupBehindRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group, situation.isInputRead != true else { return [] }
    let verdict = group.partition?.verdict ?? group.row.verdict
    guard verdict == .ok || verdict == .warning || verdict == .unknown || verdict == .rewound else { return [] }
    let lag = group.partition?.lag ?? group.row.lag
    let time = group.partition?.lagTime ?? group.row.lagTime
    // The age grows until the next reading, also if the group is not behind.
    guard let unread = lag.last, unread > 0, let age = time.known.last,
      age - (situation.now - group.readAt) >= .seconds(2)
    else { return [] }
    var text = LagPhrase.waiting(lag, time)
    if let input = situation.input, let committed = group.partition?.committed, input.offset >= committed {
      let ahead = input.offset &- committed
      text +=
        ahead == 0
        ? "; the saga's message is next"
        : ahead < unread
          ? "; \(Quantity.grouped(Int(ahead))) of them before the saga's" : "; the saga's message is newer"
    }
    if case .after(let drain) = group.row.drain { text += "; worked off in \(Quantity.age(drain))" }
    if case .notDraining = group.row.drain { text += "; it does not get less" }
    return [
      Cause(
        .groupBehind, "group \(group.row.name) is behind by \(Quantity.age(age))",
        [situation.evidence(text, source: "lag", readAt: group.readAt)], strength: strength(age),
        suggestion: "give \(group.row.name) more members, up to one for each partition, or make its work faster",
        subject: .group(group.row.name), effect: "\(group.row.name) is behind by \(Quantity.age(age))")
    ]
  }

  private static func strength(_ age: Duration) -> Int {
    if age < .seconds(5) { return 30 }
    return age < .seconds(30) ? 60 : 78
  }
}

/// The group rebalances and reads nothing meanwhile.
enum GroupRebalancingRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group else { return [] }
    let isUnsettled = group.row.state == .preparingRebalance || group.row.state == .completingRebalance
    guard isUnsettled || group.row.rebalancing != nil else { return [] }
    let since = group.row.rebalancing?.since
    let lasted = since.map { situation.now - $0 } ?? .zero
    var text =
      since == nil ? "its state is \(group.row.state?.rawValue ?? "not stable")" : "for \(Quantity.age(lasted))"
    if let changes = group.row.rebalancing?.changes, changes > 0 { text += ", its members changed \(changes) times" }
    var cause = Cause(
      .groupRebalancing, "group \(group.row.name) is rebalancing",
      [situation.evidence(text, source: "lag", readAt: group.readAt)], strength: lasted > .seconds(10) ? 75 : 55,
      suggestion: "if it does not settle, look for a member that joins and leaves", subject: .group(group.row.name),
      effect: "\(group.row.name) is rebalancing")
    if situation.isInputRead == true { cause.weaken(by: 40, Evidence.read(group)) }
    return [cause]
  }
}

/// Messages were deleted before the group read them.
enum GroupLostMessagesRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group else { return [] }
    let verdict = group.partition?.verdict ?? group.row.verdict
    guard verdict == .truncated || verdict == .recreated else { return [] }
    let isOwn = situation.input.map { input in group.partition?.start.map { $0 > input.offset } ?? false } ?? false
    var evidence = [
      situation.evidence(group.partition?.reason ?? group.row.reason, source: "lag", readAt: group.readAt)
    ]
    if isOwn { evidence.append(Evidence("the saga's own message is among them", source: "events")) }
    return [
      Cause(
        .groupLostMessages, "group \(group.row.name) lost messages", evidence, strength: isOwn ? 92 : 50,
        suggestion: "publish the saga's message again", subject: .group(group.row.name))
    ]
  }
}

/// Messages are not delivered to `read_committed` consumers, because an earlier transaction is still open. This may block the message that
/// the step waits for, or the response to it.
enum OpenTransactionRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    return situation.transactions.compactMap { transaction in
      strength(transaction, situation).map { cause(transaction, $0, situation) }
    }
  }

  private static func cause(_ transaction: OpenTransaction, _ strength: Int, _ situation: Situation) -> Cause {
    Cause(
      .transactionOpen, transaction.sentence,
      [
        situation.evidence(
          "who reads committed messages only gets none of them", source: "lag", readAt: situation.group?.readAt)
      ],
      strength: strength, suggestion: "end the producer's transaction: kafka-transactions.sh find-hanging, then abort")
  }

  /// `nil` if it does not block the saga.
  private static func strength(_ transaction: OpenTransaction, _ situation: Situation) -> Int? {
    let partition = situation.group?.partition
    let isOwn = partition.map { $0.topic == transaction.topic && $0.partition == transaction.partition } ?? false
    if situation.isInputRead == true { return isOwn ? nil : 62 }
    if isOwn { return partition?.verdict == .blocked ? 90 : 70 }
    return situation.group?.row.topics.contains(transaction.topic) ?? false ? 70 : 40
  }
}

/// A partition for the saga's next event cannot be read or written.
enum PartitionLeaderRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    return situation.sources.filter { $0.carriesEvents && !$0.missing.isEmpty }.map { cause($0, situation) }
  }

  private static func cause(_ source: SourceStatus, _ situation: Situation) -> Cause {
    let own = situation.input.flatMap { input in
      source.missing.first { $0.topic == input.topic && $0.partition == input.partition }
    }
    let leaders = Set(source.missing.map(\.leader))
    let sentence = sentence(of: own, leader: leaders.count == 1 ? source.missing[0].leader : own?.leader)
    return Cause(
      .partitionLeaderless, sentence,
      [situation.evidence(text(source), source: source.name, readAt: source.lastSuccess)],
      strength: own == nil ? 45 : 93, suggestion: "bring the broker back that leads it")
  }

  private static func sentence(of own: SourceStatus.MissingPartition?, leader: String?) -> String {
    switch (own, leader) {
    case (nil, nil): "some partitions have no leader"
    case (nil, let leader?): "\(leader), which leads some partitions, does not answer"
    case (_, nil): "the partition with the saga's message has no leader"
    case (_, let leader?): "\(leader), which leads the partition with the saga's message, does not answer"
    }
  }

  private static func text(_ source: SourceStatus) -> String {
    source.error ?? "\(source.missing.count) partitions cannot be read"
  }
}

/// The group is blocked by a message before the saga's own. If it is blocked in all partitions, there is another reason.
enum PoisonRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group, let partition = group.partition,
      let committed = partition.committed, let input = situation.input, situation.isInputRead == false,
      group.others != .stand
    else { return [] }
    if let message = situation.unreadable.first(where: {
      $0.topic == partition.topic && $0.partition == partition.partition && $0.offset == committed
    }) {
      return [blocked(by: message, group, behind: input.offset &- committed, situation)]
    }
    guard partition.verdict == .stalled || partition.verdict == .stopped, committed == input.offset,
      group.others == .move
    else { return [] }
    return [ownMessage(group, partition, situation)]
  }

  private static func blocked(
    by message: Situation.Unreadable, _ group: Situation.Group, behind: Int64, _ situation: Situation
  ) -> Cause {
    let place = "\(message.topic)/\(message.partition)@\(message.offset)"
    let age = situation.now - message.time
    return Cause(
      .poisonMessage, "group \(group.row.name) does not get past a message that cannot be read",
      [
        situation.evidence(
          "it stands at \(place), \(Quantity.age(age)) old: \(message.reason)", source: "lag", readAt: group.readAt),
        Evidence("the saga's message lies \(Quantity.grouped(Int(behind))) behind it", source: "events"),
      ],
      strength: age > .seconds(2) ? 94 : 60,
      suggestion: "park \(place) in a dead-letter topic, or let \(group.row.name) pass over it",
      subject: .group(group.row.name))
  }

  private static func ownMessage(
    _ group: Situation.Group, _ partition: GroupPartitionRow, _ situation: Situation
  ) -> Cause {
    Cause(
      .poisonMessage, "group \(group.row.name) does not get past the saga's own message",
      [situation.evidence(partition.reason, source: "lag", readAt: group.readAt)], strength: 86,
      suggestion: "look at what \(group.row.name) says of this message", subject: .group(group.row.name),
      effect: group.standstill)
  }
}
