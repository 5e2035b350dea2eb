import Configuration
import Core

/// Between the collectors and the store: what they say of themselves may quote a configured password, and from the store it would
/// reach screens, reports and recordings.
struct MaskingSink: ObservationSink {
  private let sink: any ObservationSink
  private let secrets: Secrets

  init(_ sink: any ObservationSink, secrets: Secrets) {
    self.sink = sink
    self.secrets = secrets
  }

  func accept(_ batch: EventBatch) { sink.accept(batch) }

  func accept(_ status: SourceStatus) {
    var status = status
    status.error = status.error.map(secrets.mask)
    status.notes = status.notes.map(secrets.mask)
    sink.accept(status)
  }

  func accept(_ reading: LockReading) { sink.accept(reading) }

  func accept(_ reading: LagReading) {
    var reading = reading
    for index in reading.groups.indices { reading.groups[index].error = reading.groups[index].error.map(secrets.mask) }
    sink.accept(reading)
  }
}
