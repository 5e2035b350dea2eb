import Clients
import Core
import Synchronization

/// Folds large batches on a separate thread while the reader decodes the next one. The order of batches and statuses is preserved. Small
/// batches, as they arrive after catching up, are folded by the caller, because that costs less than the hand-over. Used by one thread.
package final class FoldingSink: ObservationSink {
  /// Minimum number of events for a hand-over.
  package static let fewest = 500
  /// Maximum number of unfolded batches: a slow sink blocks its reader.
  private static let most = 2
  private static let longestWait = Duration.seconds(3600)

  private struct State {
    var waiting: [EventBatch] = []
    /// Folded and emptied batches, whose storage is reused.
    var empty: [EventBatch] = []
    /// Number of waiting batches and the one being folded.
    var open = 0
    var hasThread = false
    var isEnding = false
  }

  private let next: any ObservationSink
  private let state = Mutex(State())
  private let thread = WorkerThread()
  private let hasWork = WakeUp()
  private let wasFolded = WakeUp()

  package init(_ next: any ObservationSink) { self.next = next }

  package var wantsOriginals: Bool { next.wantsOriginals }

  package func accept(_ batch: EventBatch) {
    drain()
    next.accept(batch)
  }

  /// Takes the events and leaves an empty batch. Blocks while `most` batches are not folded.
  package func take(_ batch: inout EventBatch) {
    guard batch.events.count >= Self.fewest, let hasWork, startThread() else {
      accept(batch)
      return batch.removeAll()
    }
    wait { $0.open < Self.most }
    batch = state.withLock { state in
      state.waiting.append(batch)
      state.open += 1
      return state.empty.popLast() ?? EventBatch()
    }
    hasWork.ring()
  }

  package func accept(_ status: SourceStatus) {
    drain()
    next.accept(status)
  }

  package func accept(_ reading: LagSample) { next.accept(reading) }
  package func accept(_ reading: LockSample) { next.accept(reading) }
  package func accept(_ reading: ServiceSample) { next.accept(reading) }
  package func accept(_ sample: TraceSample) { next.accept(sample) }
  package func accept(_ sample: PodSample) { next.accept(sample) }
  package func accept(_ actions: [ActionRecord]) { next.accept(actions) }

  /// Folds the remaining batches and ends the thread. No further calls are allowed.
  package func end() {
    drain()
    state.withLock { $0.isEnding = true }
    hasWork?.ring()
    thread.join(patience: .seconds(1))
  }

  private func drain() { wait { $0.open == 0 } }

  private func wait(_ isReady: (State) -> Bool) {
    while !state.withLock({ isReady($0) }) { wasFolded?.wait(until: .now + Self.longestWait) }
  }

  /// Returns false if the system provides no thread or no wake-up descriptor.
  private func startThread() -> Bool {
    if state.withLock({ $0.hasThread }) { return true }
    guard let hasWork, let wasFolded, thread.start({ [self] in run(hasWork, wasFolded) }) else { return false }
    state.withLock { $0.hasThread = true }
    return true
  }

  private func run(_ hasWork: WakeUp, _ wasFolded: WakeUp) {
    while true {
      if var batch = state.withLock({ $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }) {
        next.accept(batch)
        batch.removeAll()
        state.withLock { state in
          state.empty.append(batch)
          state.open -= 1
        }
        wasFolded.ring()
      } else if state.withLock({ $0.isEnding }) {
        return
      } else {
        hasWork.wait(until: .now + Self.longestWait)
      }
    }
  }
}
