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
    let services = Mutex<[ServiceSample]>([])

    func accept(_ batch: EventBatch) { batches.withLock { $0.append(batch) } }
    func accept(_ reading: LagSample) {}
    func accept(_ reading: LockSample) {}
    func accept(_ reading: ServiceSample) { services.withLock { $0.append(reading) } }
    func accept(_ actions: [ActionRecord]) {}
    func accept(_ sample: TraceSample) {}
    func accept(_ sample: PodSample) {}

    func accept(_ status: SourceStatus) { statuses.withLock { $0.append(status) } }
  }

  private let recorder = Recorder()
  private var sink: MaskingSink

  init() {
    var secrets = Secrets()
    secrets.insert("s3cret-word")
    sink = MaskingSink(recorder, secrets: secrets)
  }

  @Test("a broker's error that quotes the password is masked; the rest of the status is unchanged")
  func status() {
    var status = SourceStatus(.kafka, phase: .down)
    status.error = "SASL authentication: ada/s3cret-word refused; trying again every 2 s"
    status.notes = ["topic s3cret-word does not exist yet", "fine"]
    status.messages = 7
    sink.accept(status)
    var expected = status
    expected.error = "SASL authentication: ada/*** refused; trying again every 2 s"
    expected.notes = ["topic *** does not exist yet", "fine"]
    #expect(recorder.statuses.withLock { $0 } == [expected])
  }

  @Test("events are not changed")
  func events() {
    let batch = EventBatch(arena: Array("s3cret-word".utf8))
    sink.accept(batch)
    #expect(recorder.batches.withLock { $0.map(\.arena) } == [batch.arena])
  }

  @Test("a service that repeats its token is masked, in the error and in the body")
  func services() {
    let text = #"{"status":"s3cret-word","components":{"db":{"status":"DOWN","details":{"error":"bad s3cret-word"}}}}"#
    let body = HealthBodyReader().read(Array(text.utf8))
    let answer = ServiceSample.Answer(
      status: 503, phases: .init(total: .zero), body: body, excerpt: Array(text.utf8), location: "/?key=s3cret-word")
    let instant = Timestamp(nanoseconds: 0)
    for outcome in [ServiceSample.Outcome.answered(answer), .failed("no s3cret-word"), .noMetrics("s3cret-word")] {
      sink.accept(ServiceSample(service: "a", instance: 0, time: instant, outcome: outcome))
    }
    let kept = recorder.services.withLock { $0 }
    #expect(kept.count == 3)
    for reading in kept { #expect(!String(describing: reading).contains("s3cret")) }
    guard case .answered(let masked)? = kept.first?.outcome else {
      Issue.record("no answer")
      return
    }
    #expect(!String(decoding: masked.excerpt, as: UTF8.self).contains("s3cret-word"))
    #expect(masked.body.components.first?.detail == "bad ***")
  }
}
