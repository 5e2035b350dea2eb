/// The outcome of the events.
extension SagaFold {
  /// The status of the whole saga, as reported or derived from its steps.
  struct Outcome {
    var status: SagaStatus
    /// `nil` while it is active.
    var endedAt: Timestamp?

    var isOver: Bool { !status.isActive }
  }

  var outcome: Outcome {
    if let end = round.end {
      guard end.status == .compensated else { return Outcome(status: end.status, endedAt: end.time) }
      // In a choreography no event is authoritative for the whole saga: all completed steps that can be compensated must be compensated.
      if definition.isChoreography, round.touched.contains(where: { isOutstanding($0) }) {
        return Outcome(status: .compensating)
      }
      return Outcome(status: .compensated, endedAt: max(end.time, lastUndoneAt ?? end.time))
    }
    if let step = round.parkedStep {
      return Outcome(status: .failed, endedAt: round.steps[step].attempts.last?.endedAt)
    }
    if round.isCompensating {
      let endedAt = isAllUndone ? lastUndoneAt ?? failedAt : nil
      return Outcome(status: endedAt == nil ? .compensating : .compensated, endedAt: endedAt)
    }
    let completedAt = isAllDone ? round.lastCompletedAt : nil
    return Outcome(status: completedAt == nil ? .running : .completed, endedAt: completedAt)
  }

  /// A completed step with a pending compensation.
  func isOutstanding(_ step: Int) -> Bool {
    round.steps[step].isDone && round.steps[step].status != .compensated
      && round.steps[step].status != .compensationFailed && definition.isCompensable(step)
  }

  private var lastUndoneAt: Timestamp? { round.undone.compactMap { round.steps[$0].compensatedAt }.max() }

  private var failedAt: Timestamp? { round.failedStep.flatMap { round.steps[$0].attempts.last?.endedAt } }

  /// Without an event for completion, the saga has completed when all its mandatory steps are done.
  private var isAllDone: Bool {
    guard !definition.tellsCompletion, definition.steps.indices.contains(where: { !definition.isOptional($0) }) else {
      return false
    }
    return round.steps.indices.allSatisfy { step in
      let status = round.steps[step].status
      if status == .running, !round.steps[step].isOnlyHandedOver { return false }
      return status == .completed || status == .skipped || step >= definition.steps.count
        || definition.isOptional(step)
    }
  }

  /// Without an event for its end, a compensation has ended when all completed steps that can be compensated are compensated, and no step
  /// remains that may have been done.
  private var isAllUndone: Bool {
    guard definition.isChoreography || !definition.tellsCompensation,
      round.failedStep != nil || !round.undone.isEmpty || !definition.tellsCompensation,
      !round.touched.contains(where: { round.steps[$0].status == .compensationFailed })
    else { return false }
    return !round.touched.contains { isOutstanding($0) || isUncertain($0) }
  }

  /// A step that can be undone and may have been done: it runs, or its turn was before the step that failed. Only touched steps are
  /// uncertain.
  func isUncertain(_ step: Int) -> Bool {
    guard definition.isCompensable(step), !definition.isOptional(step), step != round.failedStep else { return false }
    let group = round.failedStep.map { definition.group(of: $0) }
    switch round.steps[step].status {
    case .running: return !round.steps[step].isOnlyHandedOver || (group.map { step < $0.upperBound } ?? false)
    case .pending: return step < definition.steps.count && (group.map { step < $0.lowerBound } ?? false)
    default: return false
    }
  }

  mutating func conclude() {
    let outcome = outcome
    var summary = SagaSummary(
      status: outcome.status, node: round.node, startedAt: round.startedAt, updatedAt: round.updatedAt,
      progressAt: round.progressAt, endedAt: outcome.isOver ? outcome.endedAt : nil, error: round.error,
      round: round.number)
    let isOwing = outcome.status == .compensating || outcome.status == .failed && round.isCompensating
    for step in round.touched { round[step].isOwed = isOwing && isOutstanding(step) }
    summary.flags = flags(outcome.status)
    summary.failedStep = round.name(of: round.failedStep)
    summary.step = round.name(of: currentStep(outcome.status))
    summary.isOpenEnded = outcome.status == .running && !definition.knowsCompletion && isIdle
    summary.isAtMost = round.isStartAtMost || (outcome.isOver && round.isEndAtMost)
    round.summary = summary
  }

  /// No step with a completing event is open.
  private var isIdle: Bool {
    !round.steps.indices.contains { step in
      let isOpen = [.pending, .running, .failed].contains(round.steps[step].status)
      return isOpen && (step >= definition.steps.count || definition.isMandatory(step))
    }
  }

  private func flags(_ status: SagaStatus) -> SagaFlags {
    var flags: SagaFlags = []
    if definition.hasStart, !round.hasStart { flags.insert(.incomplete) }
    if !round.contradictions.isEmpty { flags.insert(.inconsistent) }
    if status == .completed, !flags.contains(.incomplete), !state.isCut,
      round.steps.indices.contains(where: { definition.isMandatory($0) && isNeverSeen($0) })
    {
      flags.insert(.inconsistent)
    }
    return flags
  }

  /// No event reported it as done or skipped.
  private func isNeverSeen(_ step: Int) -> Bool {
    switch round.steps[step].status {
    case .pending, .running, .failed: !round.steps[step].isDone
    default: false
    }
  }

  /// The current step of the saga: pending, failed, next to compensate, or last done.
  func currentStep(_ status: SagaStatus) -> Int? {
    let steps = round.steps
    let touched = round.touched
    let last = round.lastTouched
    switch status {
    case .running:
      return touched.first { steps[$0].status == .running && !definition.isOptional($0) }
        ?? touched.first { steps[$0].status == .running }
        ?? touched.first { steps[$0].status == .failed && !definition.isOptional($0) }
        ?? steps.indices.first { steps[$0].status == .pending } ?? last
    case .compensating:
      return touched.last { isOutstanding($0) } ?? touched.last { isUncertain($0) } ?? round.failedStep ?? last
    case .completed, .declined, .ended:
      return touched.last { steps[$0].status == .completed } ?? last
    case .compensated:
      return round.failedStep ?? last
    case .failed:
      return touched.first { steps[$0].status == .compensationFailed } ?? round.failedStep ?? last
    }
  }
}

/// Steps as shown to readers.
extension SagaRound {
  /// In a saga that has ended or is being compensated, a step that was only handed over is not shown as running.
  func shownStatus(of step: Int, isOptional: Bool) -> StepStatus {
    let state = steps[step]
    if state.isOwed { return .compensating }
    guard summary.status != .running else { return state.status }
    if state.isOnlyHandedOver || state.status == .pending {
      if state.attempts.count > 1 { return state.isDone ? .completed : .failed }
      return summary.status == .completed && isOptional ? .skipped : .pending
    }
    return state.status
  }

  func shownAttempts(of step: Int) -> ArraySlice<StepState.Attempt> {
    let state = steps[step]
    return summary.status != .running && state.isOnlyHandedOver ? state.attempts.dropLast() : state.attempts[...]
  }
}
