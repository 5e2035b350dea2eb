/// Runs the lab's sagas step by step. Writes each event to the store, the job log and the ledger.
final class LabOrchestrator {
  private let context: LabContext
  private let store: EventStore
  private let job: JobLog
  private(set) var newest: LabSaga?
  private var sagas: [String: LabSaga] = [:]
  private var next = 0

  init(context: LabContext, store: EventStore, job: JobLog) {
    self.context = context
    self.store = store
    self.job = job
  }

  func open() { startDue() }

  func saga(_ id: String) -> LabSaga? { sagas[id] }

  private func startDue() {
    while let moment = context.book.start(next) {
      let wait = moment - context.elapsed
      if wait > 0 { return context.loop.after(milliseconds: wait) { self.startDue() } }
      start()
    }
  }

  /// Starts a new saga.
  @discardableResult
  func start() -> LabSaga {
    let saga = LabSaga(number: next, book: context.book)
    next += 1
    sagas[saga.id] = saga
    newest = saga
    tell(saga, "SagaStarted", nil, "started", "=== Saga Transaction Started ===")
    run(saga, LabStep.allCases[...])
    return saga
  }

  /// Compensates a failed saga on an operator's request; returns false if the saga has not failed.
  func compensate(_ saga: LabSaga) -> Bool {
    guard saga.status == .failed else { return false }
    saga.status = .compensating
    undo(saga, isAgain: true)
    return true
  }

  private func run(_ saga: LabSaga, _ steps: ArraySlice<LabStep>) {
    guard let step = steps.first else {
      saga.status = .completed
      tell(saga, "SagaCompleted", nil, "ended", "=== Saga Transaction Completed ===")
      return finish(saga)
    }
    saga.steps[step] = "running"
    context.loop.after(milliseconds: context.book.duration(saga.number, step.rawValue)) {
      if let failure = self.failure(saga, step) { return self.fail(saga, step, failure) }
      saga.steps[step] = "completed"
      self.tell(saga, step.events.completed, step, "completed", self.line(step, "SUCCESS"))
      self.run(saga, steps.dropFirst())
    }
  }

  private func failure(_ saga: LabSaga, _ step: LabStep) -> String? {
    if step == .processPayment, context.isOn(.paymentDown) { return "payment-service: connection refused" }
    return context.book.failure(saga.number, step)
  }

  private func line(_ step: LabStep, _ word: String) -> String {
    "Step \((LabStep.allCases.firstIndex(of: step) ?? 0) + 1): \(step.title) - \(word)"
  }

  private func fail(_ saga: LabSaga, _ step: LabStep, _ reason: String) {
    saga.steps[step] = "failed"
    saga.status = .compensating
    saga.error = reason
    tell(saga, step.events.failed, step, "failed", line(step, "FAILED") + ": \(reason)", error: reason)
    undo(saga)
  }

  private func undo(_ saga: LabSaga, isAgain: Bool = false) {
    guard let step = saga.outstanding.first else {
      saga.status = .compensated
      tell(saga, "SagaCompensated", nil, "ended", "=== Saga Transaction Compensated ===")
      return finish(saga)
    }
    context.loop.after(milliseconds: context.book.duration(saga.number, step.compensation)) {
      let line = "Compensation: \(step.compensationTitle) - "
      if !isAgain, let reason = self.context.book.compensationFailure(saga.number, step) {
        saga.compensations[step] = "failed"
        (saga.status, saga.error) = (.failed, reason)
        self.tell(saga, "CompensationFailed", step, "compensationFailed", line + "FAILED: \(reason)", error: reason)
        return self.finish(saga)
      }
      saga.compensations[step] = "completed"
      self.tell(saga, step.events.compensated, step, "compensated", line + "SUCCESS")
      self.undo(saga, isAgain: isAgain)
    }
  }

  /// Writes the result as the last line of the job log.
  private func finish(_ saga: LabSaga) { job.write(saga.result.text, pod: saga.pod, at: Clock.epochMilliseconds()) }

  private func tell(
    _ saga: LabSaga, _ event: String, _ step: LabStep?, _ effect: String, _ line: String, error: String? = nil
  ) {
    let time = Clock.epochMilliseconds()
    let data = [("step", step?.rawValue), ("service", step?.service), ("error", error)].compactMap { name, text in
      text.map { JSON.Member(name: name, value: .string($0)) }
    }
    context.ledger.write(
      LabEntry(time: time, saga: saga, event: event, step: step, effect: effect, error: error).line)
    store.add(event, saga, at: time, data)
    job.write(line, pod: saga.pod, at: time)
  }
}
