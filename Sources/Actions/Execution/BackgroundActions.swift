import Clients
import Core
import Synchronization

/// Plans and runs actions on a background thread, one after the other, so that the screen never waits for the disk or for the lock of the
/// audit log.
package final class BackgroundActions: ActionControl {
  private struct State {
    var tasks: [ActionTask] = []
    var replies: [ActionReply] = []
    var isWorking = false
  }

  private let executor: ActionExecutor
  private let wake: @Sendable () -> Void
  private let state = Mutex(State())
  private let thread = WorkerThread()

  /// `wake` is called on the worker's thread after each task.
  package init(_ executor: ActionExecutor, wake: @escaping @Sendable () -> Void) {
    self.executor = executor
    self.wake = wake
  }

  package func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability {
    executor.availability(of: action, on: subject)
  }

  package func begin(_ task: ActionTask) {
    let mustStart = state.withLock { state in
      state.tasks.append(task)
      defer { state.isWorking = true }
      return !state.isWorking
    }
    guard mustStart else { return }
    // The previous worker has no work left and ends at once.
    thread.join(patience: .milliseconds(100))
    if !thread.start({ [self] in work() }) { refuse() }
  }

  package var hasReplies: Bool { state.withLock { !$0.replies.isEmpty } }

  package func takeReplies() -> [ActionReply] {
    state.withLock { state in
      defer { state.replies = [] }
      return state.replies
    }
  }

  package func cancel(intent: String) { executor.cancel(intent: intent) }
  package func resume(intent: String) { executor.resume(intent: intent) }
  package func runState(of intent: String) -> ActionRunState? { executor.runState(of: intent) }

  /// Waits at most `patience` for the current task.
  package func close(patience: Duration) { thread.join(patience: patience) }

  private func work() {
    while let task = next() { reply(perform(task)) }
  }

  private func next() -> ActionTask? {
    state.withLock { state in
      guard !state.tasks.isEmpty else {
        state.isWorking = false
        return nil
      }
      return state.tasks.removeFirst()
    }
  }

  private func reply(_ reply: ActionReply) {
    state.withLock { $0.replies.append(reply) }
    wake()
  }

  private func perform(_ task: ActionTask) -> ActionReply {
    switch task {
    case .plan(let request): .planned(request, executor.plan(request))
    case .run(let plan, let answer): .started(plan, executor.run(plan, answer: answer))
    }
  }

  /// Rejects all tasks, because the system cannot create a thread.
  private func refuse() {
    let refusal = ActionRefusal(.undefined, "no thread could be started: nothing was sent; try again")
    while let task = next() {
      switch task {
      case .plan(let request): reply(.planned(request, .failure(refusal)))
      case .run(let plan, _): reply(.started(plan, refusal))
      }
    }
  }
}
