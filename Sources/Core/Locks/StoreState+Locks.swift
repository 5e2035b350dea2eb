/// Locks beside the sagas that they belong to.
extension StoreState {
  /// A lost lock is told of for so long, unless its saga ends before.
  private static let lostFor = Duration.seconds(300)

  /// A definition's place may come from a recording of another system: one that is none is left out.
  mutating func fold(_ found: LockObservation, of reading: LockSample) {
    guard locks.definitions.indices.contains(found.definition) else { return }
    locks.fold(found, of: reading).map { judge($0, at: reading.time) }
  }

  mutating func fold(_ event: LockEvent, of reading: LockSample) {
    guard locks.definitions.indices.contains(event.definition) else { return }
    locks.fold(event, of: reading).map { judge($0, at: reading.time) }
  }

  mutating func fold(gone key: String, of reading: LockSample) {
    locks.fold(gone: key, of: reading).map { judge($0, at: reading.time) }
  }

  /// Last of a round: what is to be put into order. A saga that has moved on was not harmed by its lock's loss.
  mutating func finish(_ reading: LockSample) -> [LockState.Rank] {
    for (key, record) in locks.records where record.verdict == .lost { judge(key, at: reading.time) }
    return locks.finish(reading)
  }

  private mutating func judge(_ key: LockKey, at time: Timestamp) {
    guard let record = locks.records[key] else { return }
    locks.judge(key, judgement(record, at: time))
  }

  func saga(of record: LockRecord) -> Saga? {
    for link in lockLinks.of(record.definition) {
      guard let value = link.value(of: record.parts) else { continue }
      let key = SagaKey(identity: link.identity, value: value)
      if let saga = sagas[link.definition, key] { return saga }
    }
    return nil
  }

  /// A free lock is `held` unless it was lost, so that nothing is said of it.
  func judgement(_ record: LockRecord, at now: Timestamp) -> LockJudge.Judgement {
    let saga = saga(of: record)
    guard let holding = record.holding else {
      return lost(record, saga, at: now) ?? .init(verdict: .held, reason: "free")
    }
    guard let found = record.observation else {
      return .init(verdict: .held, reason: "held for \(holding.age(at: now).phrase)")
    }
    let definition = locks.definitions[record.definition]
    return LockJudge.judge(
      .init(
        age: holding.age(at: now), ttl: ttl(found, at: now), lease: definition.lease,
        leaseEstimate: record.longestTTL, maxAge: definition.maxAge,
        renewals: holding.renewals, waiters: found.waiters, saga: saga.map { fact($0, at: now) }))
  }

  /// Only a saga that has not moved since its lock ran out still works under it.
  private func lost(_ record: LockRecord, _ saga: Saga?, at now: Timestamp) -> LockJudge.Judgement? {
    guard let expiredAt = record.expiredAt, let saga, saga.summary.status.isActive,
      saga.summary.progressAt ?? saga.summary.startedAt <= expiredAt, now - expiredAt < Self.lostFor,
      let last = record.past.last
    else { return nil }
    return LockJudge.judge(
      .init(age: last.age(at: now), saga: fact(saga, at: now), expired: max(.zero, now - expiredAt)))
  }

  private func fact(_ saga: Saga, at now: Timestamp) -> LockJudge.SagaFact {
    let summary = saga.summary
    let last = summary.status.isActive ? summary.progressAt ?? summary.startedAt : summary.endedAt ?? summary.updatedAt
    return .init(
      id: saga.id, isActive: summary.status.isActive, quietFor: max(.zero, now - last))
  }

  func ttl(_ found: LockObservation, at now: Timestamp) -> Duration? {
    found.ttl.map { max(.zero, $0 - max(.zero, now - found.time)) }
  }
}
