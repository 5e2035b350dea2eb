/// What each transition does to a step, written so that late and repeated events end in the same state as orderly ones.
extension SagaFold {
  mutating func transition(_ transition: EventRule.Transition, step: Int, _ event: EventRecord) {
    let hasChanged =
      switch transition {
      case .begins: begin(step, event)
      case .completes: complete(step, event)
      case .fails: fail(step, event)
      case .compensates: compensate(step, event)
      case .compensationFails: failCompensation(step, event)
      case .skips: skip(step, event)
      }
    guard hasChanged else { return }
    summary.progressAt = event.time
    progress.lastTouched = step
  }

  private mutating func begin(_ step: Int, _ event: EventRecord) -> Bool {
    let status = storage[step].status
    switch status {
    case .pending, .failed:
      withStep(step) { $0.open(at: event.time, node: event.node, isHandedOver: false) }
      if status == .failed { resume() }
      return true
    case .running:
      return withStep(step) { state in
        guard let last = state.attempts.indices.last, state.attempts[last].isHandedOver else { return false }
        state.attempts[last].isHandedOver = false
        state.attempts[last].node = event.node
        return true
      }
    case .completed, .compensating, .compensated, .compensationFailed, .skipped:
      return false
    }
  }

  private mutating func complete(_ step: Int, _ event: EventRecord) -> Bool {
    let status = storage[step].status
    switch status {
    case .pending, .running, .failed, .skipped:
      withStep(step) { $0.close(at: event.time, node: event.node, error: nil, hasFailed: false) }
      if status == .failed, progress.failedStep == storage[step].step { resume() }
      handOver(after: step, event)
      return true
    case .completed:
      return retryNext(after: step, event)
    case .compensating, .compensated, .compensationFailed:
      withStep(step) { state in
        guard state.attempts.isEmpty else { return }
        state.close(at: event.time, node: event.node, error: nil, hasFailed: false)
        state.status = status
      }
      return false
    }
  }

  /// The next step has its work as soon as this one is done, and those that run beside it.
  private mutating func handOver(after step: Int, _ event: EventRecord) {
    let group = definition.group(of: step)
    guard !progress.isCompensating, progress.ended == nil, group.upperBound < stepCount else { return }
    guard group.allSatisfy({ storage[$0].status == .completed || storage[$0].status == .skipped }) else { return }
    open(definition.group(of: group.upperBound), at: event.time, where: .pending)
  }

  /// Hands work over to those of the steps that stand like that. Returns whether any did.
  @discardableResult
  mutating func open(_ steps: Range<Int>, at time: Timestamp, where status: StepStatus) -> Bool {
    var hasAny = false
    for step in steps where storage[step].status == status {
      withStep(step) { $0.open(at: time, node: .none, isHandedOver: true) }
      hasAny = true
    }
    return hasAny
  }

  /// Where services react to each other, an input that comes again after the next step has failed asks for that step once more. Of a
  /// coordinator's saga it is only late news, as from a document that is polled.
  private mutating func retryNext(after step: Int, _ event: EventRecord) -> Bool {
    let next = definition.group(of: step).upperBound
    guard definition.definition.coordination == .choreography, progress.ended == nil, next < stepCount else {
      return false
    }
    guard open(definition.group(of: next), at: event.time, where: .failed) else { return false }
    resume()
    return true
  }

  /// The failed step is tried again: the saga goes forward, unless it is already being undone.
  private mutating func resume() {
    guard undone.isEmpty, progress.ended == nil || progress.ended == .failed else { return }
    progress.isCompensating = false
    progress.ended = nil
    progress.endedAt = nil
    progress.compensationStartedAt = nil
    progress.failedStep = .none
    progress.error = nil
  }

  private mutating func fail(_ step: Int, _ event: EventRecord) -> Bool {
    guard storage[step].status != .failed else { return false }
    if progress.failedStep.isNone {
      progress.failedStep = storage[step].step
      progress.error = event.error
    }
    withStep(step) { state in
      let status = state.status
      state.close(at: event.time, node: event.node, error: event.error, hasFailed: true)
      if status == .compensated || status == .compensationFailed { state.status = status }
    }
    if definition.hasCompensation {
      beginCompensation(event)
    } else if progress.ended == nil {
      progress.ended = .failed
      progress.endedAt = event.time
    }
    return true
  }

  private mutating func compensate(_ step: Int, _ event: EventRecord) -> Bool {
    guard storage[step].status != .compensated else { return false }
    if progress.ended == .failed { progress.ended = nil }
    beginCompensation(event)
    undone.append(step)
    withStep(step) { state in
      state.status = .compensated
      state.compensatedAt = event.time
      state.compensationNode = event.node
      state.compensationError = nil
    }
    return true
  }

  private mutating func failCompensation(_ step: Int, _ event: EventRecord) -> Bool {
    guard storage[step].status != .compensated else { return false }
    beginCompensation(event)
    progress.failedUndoings += 1
    withStep(step) { state in
      state.status = .compensationFailed
      state.compensatedAt = event.time
      state.compensationNode = event.node
      state.compensationError = event.error
    }
    progress.ended = .failed
    progress.endedAt = event.time
    progress.error = event.error ?? progress.error
    return true
  }

  private mutating func skip(_ step: Int, _ event: EventRecord) -> Bool {
    guard storage[step].status == .pending || storage[step].isOnlyHandedOver else { return false }
    withStep(step) { state in
      state.attempts.removeAll(keepingCapacity: true)
      state.status = .skipped
    }
    handOver(after: step, event)
    return true
  }
}
