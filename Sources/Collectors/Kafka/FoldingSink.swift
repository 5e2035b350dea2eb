import Clients
import Core
import Synchronization

/// Folds large batches on a thread of its own, while the reader decodes the next one. Everything is passed on in the order in which it was
/// handed over. Small batches, as they come once a topic has been read to its end, are folded by the caller: that costs less than the
/// hand-over. Used by one thread.
package final class FoldingSink: ObservationSink {
  /// Events of a batch that is worth the hand-over.
  package static let fewest = 500
  /// Batches that are handed over and not folded, at most: a slow sink holds its reader back.
  private static let most = 2
  private static let longestWait = Duration.seconds(3600)

  private struct State {
    var waiting: [EventBatch] = []
    /// Folded and emptied: their storage is used again.
    var empty: [EventBatch] = []
    /// Those that wait, and the one that is being folded.
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

  /// Takes what is in the batch and leaves an empty one. Returns when at most `most` batches are left to fold.
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

  /// Folds what was handed over, and ends the thread. Nothing may be handed over afterwards.
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

  /// Returns false when the system gives no thread, or nothing to wake it by.
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
