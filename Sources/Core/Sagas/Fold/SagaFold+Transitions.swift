/// The effect of each transition on a step. Late and repeated events must lead to the same state as events in order.
extension SagaFold {
  mutating func transition(
    _ transition: EventRule.Transition, _ step: Int, _ event: EventRecord, _ rule: CompiledRule,
    _ details: EventDetails?
  ) {
    let hasChanged =
      switch transition {
      case .begins: begin(step, event)
      case .completes: complete(step, event)
      case .fails: fail(step, event, details, isExplicit: rule.startsCompensation)
      case .timesOut: timeOut(step, event, details)
      case .compensates: compensate(step, event)
      case .compensationFails: failCompensation(step, event, details)
      case .skips: skip(step, event)
      }
    guard hasChanged else { return }
    moved(event)
    round.lastTouched = step
  }

  private mutating func begin(_ step: Int, _ event: EventRecord) -> Bool {
    let status = round.steps[step].status
    switch status {
    case .pending, .failed:
      if let end = round.end, end.status != .failed { return false }
      round[step].open(event, isHandedOver: false)
      if status == .failed { resume() }
      skipOptional(before: step, event)
      return true
    case .running:
      guard let last = round.steps[step].attempts.indices.last, round.steps[step].attempts[last].isHandedOver else {
        return false
      }
      round[step].attempts[last].isHandedOver = false
      round[step].attempts[last].node = event.node
      skipOptional(before: step, event)
      return true
    case .completed:
      return beginAgain(step, event)
    case .compensating, .compensated, .compensationFailed, .skipped:
      return false
    }
  }

  /// Restarting a completed step opens another attempt; the steps after it must then be done again.
  private mutating func beginAgain(_ step: Int, _ event: EventRecord) -> Bool {
    guard round.end == nil, !round.isCompensating else { return false }
    round[step].open(event, isHandedOver: false)
    for later in round.steps.indices where later > step && round.steps[later].status == .completed {
      round[later].isStale = true
    }
    return true
  }

  private mutating func complete(_ step: Int, _ event: EventRecord) -> Bool {
    let status = round.steps[step].status
    switch status {
    case .pending, .running, .failed, .skipped:
      finish(step, event, wasFailed: status == .failed)
      return true
    case .completed:
      if round.steps[step].isStale {
        finish(step, event, wasFailed: false)
        return true
      }
      return retryNext(after: step, event)
    case .compensating, .compensated, .compensationFailed:
      guard round.steps[step].attempts.isEmpty else { return completeUndone(step, event) }
      round[step].close(event, error: nil, hasFailed: false)
      round[step].status = status
      round[step].isDone = false
      return false
    }
  }

  private mutating func finish(_ step: Int, _ event: EventRecord, wasFailed: Bool) {
    let isForward = wasFailed && round.failedStep == step && isResumable
    let mayBeUndone = round.isCompensating || round.end != nil
    let wasUndone = mayBeUndone && !isForward && outcome.status == .compensated
    round[step].close(event, error: nil, hasFailed: false)
    round.lastCompletedAt = max(round.lastCompletedAt ?? event.time, event.time)
    if isForward { resume() } else { unpark(by: step) }
    if wasUndone { contradict(.success(step: step), event) }
    skipOptional(before: step, event)
    handOver(after: step, event)
    closeJoin(event)
  }

  /// Clears the parked step if its work was done, or if it is optional and a later step was done.
  private mutating func unpark(by step: Int) {
    guard let parked = round.parkedStep, parked == step || (parked < step && definition.isOptional(parked)) else {
      return
    }
    round.parkedStep = nil
    guard parked != step, round.failedStep == parked else { return }
    (round.failedStep, round.error) = (nil, nil)
  }

  /// A step that failed, was compensated anyway, and was done afterwards: it counts as completed.
  private mutating func completeUndone(_ step: Int, _ event: EventRecord) -> Bool {
    guard round.steps[step].status == .compensated, round.steps[step].attempts.allSatisfy(\.hasFailed) else {
      return false
    }
    contradict(.success(step: step), event)
    round[step].close(event, error: nil, hasFailed: false)
    round.undone.removeAll { $0 == step }
    return true
  }

  private mutating func closeJoin(_ event: EventRecord) {
    guard let join = round.joinStep, round.end == nil, !round.isCompensating,
      isJoined(definition.group(of: join.step))
    else { return }
    round.end = .init(status: .completed, time: event.time, type: join.type)
    round.isEndAtMost = event.isTimeOfReading
    round.joinStep = nil
  }

  /// The next steps start as soon as this step and its parallel steps are done.
  private mutating func handOver(after step: Int, _ event: EventRecord) {
    let group = definition.group(of: step)
    guard !round.isCompensating, round.end == nil, group.upperBound < definition.steps.count, isJoined(group) else {
      return
    }
    openGroup(at: group.upperBound, event)
  }

  /// Hands over to the steps of a group. Optional steps are not waited for: the steps after them start, too.
  mutating func openGroup(at first: Int, _ event: EventRecord) {
    var first = first
    while first < definition.steps.count {
      let group = definition.group(of: first)
      for step in group where isOpenable(step) { round[step].open(event, isHandedOver: true) }
      guard group.allSatisfy({ definition.isOptional($0) || round.steps[$0].status == .skipped }) else { return }
      first = group.upperBound
    }
  }

  private func isOpenable(_ step: Int) -> Bool {
    round.steps[step].status == .pending || (round.steps[step].status == .completed && round.steps[step].isStale)
  }

  /// Optional steps before a step that has moved are counted as skipped.
  private mutating func skipOptional(before step: Int, _ event: EventRecord) {
    guard step < definition.steps.count else { return }
    for other in 0..<definition.group(of: step).lowerBound where definition.isOptional(other) {
      guard round.steps[other].status == .pending || round.steps[other].isOnlyHandedOver else { continue }
      leaveOut(other)
    }
  }

  private mutating func leaveOut(_ step: Int) {
    if round.steps[step].isOnlyHandedOver { round[step].attempts.removeLast() }
    round[step].status = .skipped
  }

  /// In a choreography, a repeated input after the next step has failed requests that step again. In an orchestration it is only a late
  /// repetition, for example from a polled document.
  private mutating func retryNext(after step: Int, _ event: EventRecord) -> Bool {
    let next = definition.group(of: step).upperBound
    guard definition.isChoreography, round.end == nil || round.end?.status == .failed, next < definition.steps.count
    else { return false }
    let failed = definition.group(of: next).filter { round.steps[$0].status == .failed }
    for step in failed { round[step].open(event, isHandedOver: true) }
    if !failed.isEmpty { resume() }
    return !failed.isEmpty
  }

  /// Nothing has been compensated yet, so the saga can still continue.
  private var isResumable: Bool { round.undone.isEmpty && (round.end == nil || round.end?.status == .failed) }

  /// The failed step is retried: the saga continues, unless its compensation has started.
  private mutating func resume() {
    guard isResumable else { return }
    round.isCompensating = false
    round.end = nil
    round.compensationStartedAt = nil
    round.failedStep = nil
    round.parkedStep = nil
    round.error = nil
  }

  private mutating func fail(
    _ step: Int, _ event: EventRecord, _ details: EventDetails?, isExplicit: Bool
  ) -> Bool {
    let status = round.steps[step].status
    let over = outcome
    if over.isOver, over.status != .compensated, over.status != .failed, !isExplicit {
      ignoreFailure(of: step, event, details)
      contradict(.failure(step: step), event)
      return false
    }
    switch status {
    case .failed:
      guard round.parkedStep == step else { return false }
    case .completed:
      // A late event, unless it explicitly states that the saga is now compensated.
      guard isExplicit else {
        ignoreFailure(of: step, event, details)
        return false
      }
      round[step].isDone = false
    case .compensated, .compensationFailed, .compensating:
      learnCause(step, details?.error)
      return false
    case .pending, .running, .skipped:
      break
    }
    round[step].close(event, error: details?.error, hasFailed: true)
    if round.parkedStep == step { round.parkedStep = nil }
    if definition.isOptional(step), !isExplicit { return true }
    learnCause(step, details?.error)
    if definition.hasCompensation {
      beginCompensation(event, details?.error, isExplicit: isExplicit)
    } else if round.end == nil {
      round.end = .init(status: .failed, time: event.time, type: event.type)
      round.isEndAtMost = event.isTimeOfReading
    }
    return true
  }

  private mutating func learnCause(_ step: Int, _ error: String?) {
    if round.failedStep == nil { round.failedStep = step }
    if round.failedStep == step, round.error == nil { round.error = error }
  }

  private mutating func ignoreFailure(of step: Int, _ event: EventRecord, _ details: EventDetails?) {
    if round.ignoredFailure == nil { round.ignoredFailure = .init(step: step, error: details?.error) }
  }

  /// A timeout fails a step that is not done; otherwise it has no effect.
  private mutating func timeOut(_ step: Int, _ event: EventRecord, _ details: EventDetails?) -> Bool {
    guard round.steps[step].status == .pending || round.steps[step].status == .running, !outcome.isOver else {
      return false
    }
    return fail(step, event, details, isExplicit: false)
  }

  private mutating func compensate(_ step: Int, _ event: EventRecord) -> Bool {
    guard round.steps[step].status != .compensated else { return false }
    if round.end?.status == .failed { round.end = nil }
    beginCompensation(event, nil, isExplicit: true)
    round.undone.append(step)
    round[step].status = .compensated
    round[step].isDone = false
    round[step].compensatedAt = event.time
    round[step].compensationNode = event.node
    round[step].compensationError = nil
    return true
  }

  private mutating func failCompensation(_ step: Int, _ event: EventRecord, _ details: EventDetails?) -> Bool {
    guard round.steps[step].status != .compensated else { return false }
    beginCompensation(event, nil, isExplicit: true)
    round.failedUndoings += 1
    round[step].status = .compensationFailed
    round[step].compensatedAt = event.time
    round[step].compensationNode = event.node
    round[step].compensationError = details?.error
    round.end = .init(status: .failed, time: event.time, type: event.type)
    round.isEndAtMost = event.isTimeOfReading
    return true
  }

  private mutating func skip(_ step: Int, _ event: EventRecord) -> Bool {
    guard round.steps[step].status == .pending || round.steps[step].isOnlyHandedOver else { return false }
    leaveOut(step)
    handOver(after: step, event)
    closeJoin(event)
    return true
  }
}

/// Messages that could not be processed.
extension SagaFold {
  /// The step's message is in a dead-letter topic: the saga has failed there until the step moves again.
  mutating func park(_ event: EventRecord, _ rule: CompiledRule?, _ details: EventDetails?) {
    guard !outcome.isOver else { return }
    if round.isCompensating { return parkUndoing(event, details) }
    guard let step = stepFed(by: event, rule, details) else { return }
    round[step].close(event, error: details?.error, hasFailed: true)
    round.parkedStep = step
    learnCause(step, details?.error)
    round.lastTouched = step
    moved(event)
  }

  /// A message parked during compensation would have compensated the next step.
  private mutating func parkUndoing(_ event: EventRecord, _ details: EventDetails?) {
    guard failUndoing(event, details) else { return }
    round.end = .init(status: .failed, time: event.time, type: event.type)
    moved(event)
  }

  /// The step is retried later: one failed attempt and a new one. This is not progress, however often it happens.
  mutating func retry(_ event: EventRecord, _ rule: CompiledRule?, _ details: EventDetails?) {
    guard !outcome.isOver, !round.isCompensating, let step = stepFed(by: event, rule, details) else { return }
    round[step].close(event, error: details?.error, hasFailed: true)
    round[step].open(event, isHandedOver: true)
  }

  /// The unfinished step that receives the message: the step with its original topic as input; otherwise the step that its event starts;
  /// otherwise the current step.
  private func stepFed(by event: EventRecord, _ rule: CompiledRule?, _ details: EventDetails?) -> Int? {
    let isOpen = { (step: Int) in
      step < round.steps.count && [.pending, .running, .failed].contains(round.steps[step].status)
    }
    if let step = definition.step(reading: event.originalTopic) { return isOpen(step) ? step : nil }
    // If that step is done, another consumer failed to process the message, and the saga is not affected.
    if let step = rule.flatMap({ stepBegun(by: $0, details) }) { return isOpen(step) ? step : nil }
    return currentStep(.running).flatMap { isOpen($0) ? $0 : nil }
  }

  private func stepBegun(by rule: CompiledRule, _ details: EventDetails?) -> Int? {
    for effect in definition.effects(of: rule) {
      let carried = details?.steps.first.flatMap { name in round.steps.firstIndex { $0.step == name } }
      guard let step = effect.step ?? carried else { continue }
      switch effect.transition {
      case .begins: return step
      case .completes, .skips: return definition.group(of: step).upperBound
      case .fails, .timesOut, .compensates, .compensationFails: continue
      }
    }
    return rule.startsSaga && !round.steps.isEmpty ? 0 : nil
  }
}
