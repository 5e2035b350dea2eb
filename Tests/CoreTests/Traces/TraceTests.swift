import TestRandom
import Testing

@testable import Core

@Suite("Traces")
struct TraceTests {
  @Test(
    "the trace id is found in the headers of all common tracers",
    arguments: [
      ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736"),
      ("4BF92F3577B34DA6A3CE929D0E0E4736", "4bf92f3577b34da6a3ce929d0e0e4736"),
      ("4bf92f35-77b3-4da6-a3ce-929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e4736"),
      ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90", "80f198ee56343ba864fe8b2a57d3eff7"),
      ("a3ce929d0e0e4736-00f067aa0ba902b7", "a3ce929d0e0e4736"),
      ("3ce929d0e0e4736:f067aa0ba902b7:0:1", "03ce929d0e0e4736"),
      ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", nil), ("0000000000000000", nil), ("", nil),
      ("0", nil),
      ("00-4bf92f-00f067aa0ba902b7-01", nil), ("not-a-trace", nil), ("4bf92f3577b34da6a3ce929d0e0e47361", nil),
      ("order-1042", nil),
    ] as [(String, String?)])
  func ids(header: String, id: String?) {
    #expect(TraceID(header: Array(header.utf8))?.text == id)
  }

  @Test("the stored trace ids of a saga do not depend on the order of its events")
  func bounded() {
    for seed in UInt64(0)..<200 {
      var random = SeededRandom(seed: seed)
      var events = (0..<40).map { _ in
        (TraceID(high: 0, low: .random(in: 1...15, using: &random)), Int64.random(in: 0...50, using: &random))
      }
      var first: [SagaTrace] = []
      for (id, time) in events { SagaTrace.add(id, at: Timestamp(milliseconds: time), to: &first) }
      events.shuffle(using: &random)
      var second: [SagaTrace] = []
      for (id, time) in events { SagaTrace.add(id, at: Timestamp(milliseconds: time), to: &second) }
      #expect(first == second && first.count <= SagaTrace.most, "seed \(seed)")
    }
  }

  private func span(
    _ id: String, below parent: String? = nil, _ service: String = "a", _ kind: TraceSpan.Kind? = nil,
    at start: Int64 = 0,
    took: Int64? = 10
  ) -> TraceSpan {
    TraceSpan(
      id: id, parent: parent, service: service, name: id, kind: kind, start: Timestamp(milliseconds: 1000 + start),
      duration: took.map { .milliseconds($0) })
  }

  private func shape(_ spans: [TraceSpan]) -> [String] {
    TraceTree(spans).rows.map {
      String(repeating: ".", count: $0.depth) + ($0.span.service ?? "") + ($0.isOrphan ? "?" : "")
    }
  }

  @Test("children are below their parents, sorted by start; orphans and loops are at the top level")
  func tree() {
    #expect(
      shape([span("3", below: "1", "c", at: 5), span("2", below: "1", "b", at: 2), span("1", "a")]) == [
        "a", ".b", ".c",
      ])
    #expect(shape([span("2", below: "gone", "b")]) == ["b?"])
    #expect(shape([span("1", below: "2", "a"), span("2", below: "1", "b", at: 1)]) == ["a?", ".b"])
    #expect(shape([span("1", below: "1", "a")]) == ["a?"])
  }

  @Test("a server span with its client span's id is below it, and its calls are below the server span")
  func shared() {
    let spans = [
      span("2", below: "1", "b", .server, at: 1, took: 8), span("2", below: "1", "a", .client), span("1", "a", .server),
      span("3", below: "2", "b", .client, at: 2, took: 2),
    ]
    #expect(shape(spans) == ["a", ".a", "..b", "...b"])
  }

  @Test("a server's clock offset is corrected to fit the call, for all its spans")
  func skew() {
    let rows = TraceTree([
      span("1", "a", .client, at: 0, took: 100), span("2", below: "1", "b", .server, at: -5000, took: 80),
      span("3", below: "2", "b", at: -4990, took: 10), span("4", below: "3", "c", .server, at: 20, took: 5),
    ]).rows
    #expect(rows.map { $0.span.start.milliseconds } == [1000, 1010, 1020, 1020])
    #expect(rows.map(\.shift) == [.zero, .milliseconds(5010), .milliseconds(5010), .zero])
  }

  @Test("for any parent ids, each span is in the tree once, after its parent")
  func whole() {
    for seed in UInt64(0)..<300 {
      var random = SeededRandom(seed: seed)
      let count = Int.random(in: 1...60, using: &random)
      let spans = (0..<count).map { number in
        span(
          "\(number)", below: Bool.random(using: &random) ? "\(Int.random(in: 0...70, using: &random))" : nil,
          at: .random(in: -50...50, using: &random))
      }
      let rows = TraceTree(spans).rows
      #expect(Set(rows.map(\.span.id)).count == count && rows.count == count, "seed \(seed)")
      #expect(rows.enumerated().allSatisfy { ($1.parent ?? -1) < $0 && $1.end > $0 && $1.end <= count }, "seed \(seed)")
    }
  }

  @Test("a chain of the maximum number of spans is handled")
  func deep() {
    let spans = (0..<Trace.mostSpans).map { span("\($0)", below: "\($0 - 1)", at: Int64($0)) }
    let rows = TraceTree(spans).rows
    #expect(rows.count == Trace.mostSpans && rows.last?.depth == TraceTree.deepest && rows[0].end == Trace.mostSpans)
  }

  @Test("messages are not calls; a change of service without a client span is a call")
  func calls() {
    var send = span("2", below: "1", "a", .producer)
    send.tags = [.init("kafka.topic", "orders")]
    let spans = [
      span("1", "a", .server, took: 100), send, span("3", below: "2", "b", .consumer),
      span("4", below: "1", "c", at: 3),
    ]
    let calls = TraceCall.calls(in: TraceTree(spans), of: DiagnosisScene.trace)
    #expect(calls.map(\.sentence) == ["a called c: took 10 ms"])
  }

  @Test("a filter or an id finds a saga by its trace; a trace does not join sagas")
  func search() throws {
    let scene = DiagnosisScene()
    for id in ["1", "2"] { scene.event("order-created", at: 100, id: id, trace: DiagnosisScene.trace) }
    scene.event("order-created", at: 100, id: "3")
    let text = DiagnosisScene.trace.text
    #expect(scene.store.find(id: text, type: nil).count == 2)
    #expect(scene.store.find(id: text.uppercased(), type: "order").count == 2)
    for word in ["trace=\(text)", "trace:4bf92f", "a3ce929d"] {
      let filter = try Filter(parsing: word, for: SagaRow.vocabulary)
      #expect(scene.store.sagas(SagaQuery(filter: filter, limit: 10), now: scene.time(101)).matching == 2, "\(word)")
    }
    #expect(
      scene.store.sagas(SagaQuery(limit: 10), now: scene.time(101)).rows.first { $0.id == "1" }?.traces == [
        DiagnosisScene.trace
      ])
  }

  @Test("a trace is requested once, again while its saga is active, and not long after its end")
  func wanted() throws {
    let requests = TraceRequests(link: "http://z/{id}")
    var state = TraceState(requests)
    let saga = Saga(definition: 0, handle: SagaHandle(slot: 0, generation: 1), key: SagaKey(identity: 0, value: "1"))
    let (id, start) = (DiagnosisScene.trace, Timestamp(milliseconds: 1_000_000))
    saga.note(id, at: start)
    func asked(at second: Int64) -> TraceID? {
      _ = state.view(of: saga, asks: true, now: start + .seconds(second))
      return requests.take()
    }
    #expect(state.view(of: saga, asks: false, now: start).link == "http://z/\(id.text)" && requests.take() == nil)
    #expect(asked(at: 1) == id)
    // The request is pending.
    _ = state.view(of: saga, asks: true, now: start)
    #expect(requests.take() == nil)
    state.note(TraceSample(id: id, time: start + .seconds(2), outcome: .found(Trace(id: id, spans: []))))
    #expect(asked(at: 3) == nil && asked(at: 9) == id)
    state.note(TraceSample(id: id, time: start + .seconds(10), outcome: .failed("refused")))
    #expect(asked(at: 11) == nil)
    #expect(state.view(of: saga, asks: false, now: start).found.count == 1)
    saga.summary.endedAt = start
    state.note(TraceSample(id: id, time: start + .seconds(40), outcome: .found(Trace(id: id, spans: []))))
    #expect(asked(at: 4000) == nil)
  }
}
