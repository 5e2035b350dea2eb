import Core
import Synchronization

/// Before a store: holds the sources back while a report is made, so that all of its parts are of one instant. Safe on any thread.
final class GatedSink: ObservationSink {
  private let next: any ObservationSink
  private let gate = Mutex(())

  init(_ next: any ObservationSink) { self.next = next }

  var wantsOriginals: Bool { next.wantsOriginals }

  /// Nothing is handed on meanwhile.
  func closed<Result>(_ body: () throws -> Result) rethrows -> Result {
    try gate.withLock { _ in try body() }
  }

  func accept(_ batch: EventBatch) { gate.withLock { _ in next.accept(batch) } }
  func accept(_ status: SourceStatus) { gate.withLock { _ in next.accept(status) } }
  func accept(_ reading: LagSample) { gate.withLock { _ in next.accept(reading) } }
  func accept(_ reading: LockSample) { gate.withLock { _ in next.accept(reading) } }
  func accept(_ reading: ServiceSample) { gate.withLock { _ in next.accept(reading) } }
  func accept(_ actions: [ActionRecord]) { gate.withLock { _ in next.accept(actions) } }
}
