/// What the events amount to, once all of them were applied.
extension SagaFold {
  /// Completed steps whose undoing the saga still owes.
  private var outstanding: [Int] {
    definition.isCompensable.indices.filter { definition.isCompensable[$0] && storage[$0].status == .completed }
  }

  mutating func conclude() {
    let owed = progress.isCompensating || progress.ended == .compensated ? outstanding : []
    summary.status = status(owed: owed)
    summary.flags = flags
    summary.failedStep = progress.failedStep
    summary.error = progress.error
    if !summary.status.isActive { summary.endedAt = endedAt }
    settleSteps(owed: owed)
    summary.step = currentStep.map { storage[$0].step } ?? .none
  }

  /// In a choreography nobody speaks for the whole: the roll-back is over when each completed step was undone.
  private func status(owed: [Int]) -> SagaStatus {
    switch progress.ended {
    case .compensated where definition.definition.coordination == .choreography && !owed.isEmpty: .compensating
    case let ended?: ended
    case nil: progress.isCompensating ? .compensating : .running
    }
  }

  private var flags: SagaFlags {
    var flags: SagaFlags = []
    if definition.hasStart, !progress.hasStart { flags.insert(.incomplete) }
    if progress.isInconsistent { flags.insert(.inconsistent) }
    return flags
  }

  private var endedAt: Timestamp? {
    guard summary.status == .compensated else { return progress.endedAt }
    return undone.compactMap { storage[$0].compensatedAt }.reduce(progress.endedAt) { max($0 ?? $1, $1) }
  }

  /// A step that nothing but the hand-over had begun does not run in a saga that is over or goes back.
  private mutating func settleSteps(owed: [Int]) {
    if summary.status == .compensating || summary.status == .failed {
      for step in owed { storage[step].status = .compensating }
    }
    guard summary.status != .running else { return }
    for index in 0..<stepCount where storage[index].status == .pending || storage[index].isOnlyHandedOver {
      storage[index].attempts.removeAll(keepingCapacity: true)
      let isOptional = index < definition.steps.count && definition.definition.steps[index].isOptional
      storage[index].status = summary.status == .completed && isOptional ? .skipped : .pending
    }
  }

  private var currentStep: Int? {
    let all = 0..<stepCount
    let last = progress.lastTouched
    switch summary.status {
    case .running:
      return all.first { storage[$0].status == .running } ?? all.first { storage[$0].status == .failed }
        ?? all.first { storage[$0].status == .pending } ?? last
    case .compensating:
      return all.last { storage[$0].status == .compensating } ?? failedPosition ?? last
    case .completed:
      return all.last { storage[$0].status == .completed } ?? last
    case .compensated:
      return failedPosition ?? last
    case .failed:
      return all.first { storage[$0].status == .compensationFailed } ?? failedPosition ?? last
    }
  }

  private var failedPosition: Int? {
    progress.failedStep.isNone ? nil : steps.firstIndex { $0.step == progress.failedStep }
  }
}
