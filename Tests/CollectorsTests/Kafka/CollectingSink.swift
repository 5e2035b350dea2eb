import Core
import Synchronization

/// Keeps what a source hands over.
final class CollectingSink: ObservationSink {
  struct State {
    var events: [Event] = []
    var bodies: [String] = []
    var undecoded: [UndecodedMessage] = []
    var statuses: [SourceStatus] = []
  }

  private let state = Mutex(State())

  func accept(_ batch: EventBatch) {
    state.withLock { state in
      state.events += batch.events
      state.undecoded += batch.undecoded
      state.bodies += batch.events.map { event in
        let start = event.text.start + event.text.keyLength + event.text.headersLength
        return String(decoding: batch.arena[start..<start + event.text.bodyLength], as: UTF8.self)
      }
    }
  }

  func accept(_ reading: LagReading) {}

  func accept(_ status: SourceStatus) { state.withLock { $0.statuses.append(status) } }

  var events: [Event] { state.withLock { $0.events } }
  var bodies: [String] { state.withLock { $0.bodies } }
  var undecoded: [UndecodedMessage] { state.withLock { $0.undecoded } }
  var statuses: [SourceStatus] { state.withLock { $0.statuses } }
  var status: SourceStatus { statuses.last ?? SourceStatus(name: "") }
  var count: Int { state.withLock { $0.events.count } }
}
