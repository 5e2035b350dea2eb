import Configuration
import Core
import Synchronization
import Testing

@testable import sagatop

@Suite("No secret reaches the store")
struct MaskingSinkTests {
  private final class Recorder: ObservationSink {
    let statuses = Mutex<[SourceStatus]>([])
    let batches = Mutex<[EventBatch]>([])

    func accept(_ batch: EventBatch) { batches.withLock { $0.append(batch) } }
    func accept(_ reading: LagReading) {}
    func accept(_ reading: LockReading) {}

    func accept(_ status: SourceStatus) { statuses.withLock { $0.append(status) } }
  }

  private let recorder = Recorder()
  private var sink: MaskingSink

  init() {
    var secrets = Secrets()
    secrets.insert("s3cret-word")
    sink = MaskingSink(recorder, secrets: secrets)
  }

  @Test("a broker's complaint that quotes the password is masked; all else of the status stays")
  func status() {
    var status = SourceStatus(name: "kafka", phase: .down)
    status.error = "SASL authentication: ada/s3cret-word refused; trying again every 2 s"
    status.notes = ["topic s3cret-word does not exist yet", "fine"]
    status.messages = 7
    sink.accept(status)
    var expected = status
    expected.error = "SASL authentication: ada/*** refused; trying again every 2 s"
    expected.notes = ["topic *** does not exist yet", "fine"]
    #expect(recorder.statuses.withLock { $0 } == [expected])
  }

  @Test("events pass as they are")
  func events() {
    let batch = EventBatch(arena: Array("s3cret-word".utf8))
    sink.accept(batch)
    #expect(recorder.batches.withLock { $0.map(\.arena) } == [batch.arena])
  }
}
