import Core
import Synchronization

/// Stores everything that a source reports.
final class CollectingSink: ObservationSink {
  struct State {
    var events: [Event] = []
    var headers: [String] = []
    var bodies: [String] = []
    var undecoded: [UndecodedMessage] = []
    var passed: [Origin] = []
    var withdrawn: [Origin] = []
    var statuses: [SourceStatus] = []
    var readings: [LagSample] = []
    var locks: [LockSample] = []
    var services: [ServiceSample] = []
    var traces: [TraceSample] = []
    var pods: [PodSample] = []
    /// The number of events at each status of Kafka that is complete.
    var wholes: [Int] = []
  }

  private let state = Mutex(State())
  private let whenComplete: @Sendable () -> Void

  /// `whenComplete` is called by the source's thread at the first complete status of Kafka.
  init(whenComplete: @escaping @Sendable () -> Void = {}) { self.whenComplete = whenComplete }

  func accept(_ batch: EventBatch) {
    state.withLock { state in
      state.events += batch.events
      state.undecoded += batch.undecoded
      state.passed += batch.passed
      state.withdrawn += batch.withdrawn
      for text in batch.events.map(\.text) {
        let headers = batch.arena.dropFirst(text.start + text.keyLength).prefix(text.headersLength)
        let body = batch.arena[headers.endIndex...].prefix(text.bodyLength)
        state.headers.append(String(decoding: headers, as: UTF8.self))
        state.bodies.append(String(decoding: body, as: UTF8.self))
      }
    }
  }

  func accept(_ reading: LagSample) { state.withLock { $0.readings.append(reading) } }

  func accept(_ reading: LockSample) { state.withLock { $0.locks.append(reading) } }
  func accept(_ reading: ServiceSample) { state.withLock { $0.services.append(reading) } }
  func accept(_ sample: TraceSample) { state.withLock { $0.traces.append(sample) } }
  func accept(_ sample: PodSample) { state.withLock { $0.pods.append(sample) } }
  func accept(_ actions: [ActionRecord]) {}

  func accept(_ status: SourceStatus) {
    let isFirst = state.withLock { state in
      state.statuses.append(status)
      guard status.name == "kafka", status.isComplete else { return false }
      state.wholes.append(state.events.count)
      return state.wholes.count == 1
    }
    if isFirst { whenComplete() }
  }

  var wholes: [Int] { state.withLock { $0.wholes } }

  var events: [Event] { state.withLock { $0.events } }
  var headers: [String] { state.withLock { $0.headers } }
  var bodies: [String] { state.withLock { $0.bodies } }
  var undecoded: [UndecodedMessage] { state.withLock { $0.undecoded } }
  var passed: [Origin] { state.withLock { $0.passed } }
  var readings: [LagSample] { state.withLock { $0.readings } }
  var locks: [LockSample] { state.withLock { $0.locks } }
  var services: [ServiceSample] { state.withLock { $0.services } }
  var statuses: [SourceStatus] { state.withLock { $0.statuses } }
  var withdrawn: [Origin] { state.withLock { $0.withdrawn } }
  /// The last status of a source.
  func status(of name: String) -> SourceStatus? { statuses.last { $0.name == name } }
  var traces: [TraceSample] { state.withLock { $0.traces } }
  var pods: [PodSample] { state.withLock { $0.pods } }
  var status: SourceStatus { statuses.last ?? SourceStatus(.kafka) }
  var count: Int { state.withLock { $0.events.count } }
}
