import Clients
import Core
import Synchronization

/// Infers a system from the current samples repeatedly, until two successive results agree or no more messages arrive.
package final class InferenceWorker: Sendable {
  package static let interval = Duration.seconds(5)
  private static let quietPeriod = Duration.seconds(1)
  private static let glance = Duration.milliseconds(200)

  private let sampler: Sampler
  private let name: String
  private let interval: Duration
  private let onFound: @Sendable () -> Void
  private let bell = WakeUp()
  private let thread = WorkerThread()
  private let isStopping = Atomic(false)
  private let result = Mutex<InferredSystem?>(nil)

  /// `onFound` is called once, on the worker's thread.
  package init(
    _ sampler: Sampler, name: String, interval: Duration = interval, onFound: @escaping @Sendable () -> Void
  ) {
    self.sampler = sampler
    self.name = name
    self.interval = interval
    self.onFound = onFound
  }

  /// `nil` until a result is final.
  package var found: InferredSystem? { result.withLock { $0 } }

  /// Without a thread or file descriptor, no result is ever found.
  package func start() {
    guard let bell else { return }
    _ = thread.start { [self] in run(bell) }
  }

  /// Waits for a running attempt for at most one second.
  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    bell?.ring()
    thread.join(patience: .seconds(1))
  }

  private func run(_ bell: WakeUp) {
    pause(bell, atMost: interval) { [sampler] in sampler.isComplete }
    var last: InferredSystem?
    while !isStopping.load(ordering: .relaxed) {
      let attempt = sampler.infer(name: name)
      if !attempt.sagas.isEmpty, attempt.system == last?.system {
        result.withLock { $0 = attempt }
        return onFound()
      }
      last = attempt
      let count = sampler.samples.count
      pause(bell, atMost: min(interval, Self.quietPeriod)) { false }
      // No new messages: another attempt would give the same result.
      if !attempt.sagas.isEmpty, sampler.isComplete, sampler.samples.count == count {
        result.withLock { $0 = attempt }
        return onFound()
      }
      pause(bell, atMost: interval - Self.quietPeriod) { false }
    }
  }

  private func pause(_ bell: WakeUp, atMost duration: Duration, unless isOver: () -> Bool) {
    let end = ContinuousClock.now + duration
    while !isStopping.load(ordering: .relaxed), !isOver(), .now < end {
      bell.wait(until: min(end, .now + Self.glance))
    }
  }
}
