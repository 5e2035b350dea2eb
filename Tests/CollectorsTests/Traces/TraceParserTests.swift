import Core
import TestRandom
import Testing

@testable import Collectors

@Suite("Responses of trace stores")
struct TraceParserTests {
  /// Half an hour after the responses.
  private static let now = Timestamp(milliseconds: 1_769_509_800_000)

  private static func trace(_ kind: TraceStoreSettings.Kind, _ body: [UInt8]) -> Trace? {
    TraceParser.trace(id, kind, body, now: now)
  }

  private static let id = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)

  /// Responses of each trace store for a failed call from payment-service to user-service.
  static let answers: [TraceStoreSettings.Kind: String] = [
    .zipkin: #"""
    [{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","id":"00f067aa0ba902b7","kind":"SERVER","name":"post /orders",
      "timestamp":1769508000000000,"duration":2100000,"localEndpoint":{"serviceName":"payment-service","ipv4":"10.0.0.1"}},
     {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","parentId":"00f067aa0ba902b7","id":"e457b5a2e4d86bd1","kind":"CLIENT",
      "name":"get /users/{id}","timestamp":1769508000050000,"duration":2045000,
      "localEndpoint":{"serviceName":"payment-service"},"remoteEndpoint":{"serviceName":"user-service","port":8080},
      "tags":{"http.status_code":"503","error":"503","http.path":"/users/7"},
      "annotations":[{"timestamp":1769508000060000,"value":"brave.flush"}]}]
    """#,
    .jaeger: #"""
    {"data":[{"traceID":"4bf92f3577b34da6a3ce929d0e0e4736","spans":[
      {"traceID":"4bf92f3577b34da6a3ce929d0e0e4736","spanID":"00f067aa0ba902b7","operationName":"post /orders",
       "references":[],"startTime":1769508000000000,"duration":2100000,
       "tags":[{"key":"span.kind","type":"string","value":"server"}],"logs":[],"processID":"p1","warnings":null},
      {"traceID":"4bf92f3577b34da6a3ce929d0e0e4736","spanID":"e457b5a2e4d86bd1","operationName":"get /users/{id}",
       "references":[{"refType":"CHILD_OF","traceID":"4bf92f3577b34da6a3ce929d0e0e4736","spanID":"00f067aa0ba902b7"}],
       "startTime":1769508000050000,"duration":2045000,
       "tags":[{"key":"span.kind","type":"string","value":"client"},{"key":"http.status_code","type":"int64","value":503},
        {"key":"error","type":"bool","value":true},{"key":"peer.service","type":"string","value":"user-service"}],
       "logs":[{"timestamp":1769508002000000,"fields":[{"key":"event","value":"error"},{"key":"message","value":"503"}]}],
       "processID":"p1","warnings":null}],
      "processes":{"p1":{"serviceName":"payment-service","tags":[]}},"warnings":null}],
     "total":0,"limit":0,"offset":0,"errors":null}
    """#,
    .tempo: #"""
    {"batches":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"payment-service"}}]},
      "scopeSpans":[{"scope":{"name":"http"},"spans":[
      {"traceId":"S/kvNXezTaajzpKdDg5HNg==","spanId":"APBnqgupArc=","name":"post /orders","kind":"SPAN_KIND_SERVER",
       "startTimeUnixNano":"1769508000000000000","endTimeUnixNano":"1769508002100000000","attributes":[],"status":{}},
      {"traceId":"S/kvNXezTaajzpKdDg5HNg==","spanId":"5Fe1ouTYa9E=","parentSpanId":"APBnqgupArc=","name":"get /users/{id}",
       "kind":"SPAN_KIND_CLIENT","startTimeUnixNano":"1769508000050000000","endTimeUnixNano":"1769508002095000000",
       "attributes":[{"key":"http.response.status_code","value":{"intValue":"503"}},
        {"key":"peer.service","value":{"stringValue":"user-service"}}],
       "status":{"code":"STATUS_CODE_ERROR","message":"503"}}]}]}]}
    """#,
  ]

  @Test("Zipkin, Jaeger and Tempo give the same trace for the same call", arguments: TraceStoreSettings.Kind.allCases)
  func call(kind: TraceStoreSettings.Kind) throws {
    let trace = try #require(Self.trace(kind, Array(Self.answers[kind, default: ""].utf8)))
    #expect(trace.spans.count == 2 && trace.dropped == 0)
    let calls = TraceCall.calls(in: TraceTree(trace.spans), of: trace.id)
    #expect(calls.map(\.sentence) == ["payment-service called user-service: HTTP 503 after 2.0 s"])
    #expect(calls.first?.operation == "get /users/{id}" && calls.first?.error == "503")
    #expect(calls.first?.start == Timestamp(milliseconds: 1_769_508_000_050))
  }

  @Test("Tempo's second API and OTLP with hexadecimal ids and numbers are read, and a partial trace is marked")
  func secondAPI() throws {
    let text = #"""
      {"trace":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},
       "scopeSpans":[{"spans":[{"spanId":"00F067AA0BA902B7","name":"x","kind":2,"startTimeUnixNano":1769508000000000000,
       "endTimeUnixNano":"0","status":{"code":2}}]}]}]},"status":"PARTIAL"}
      """#
    let trace = try #require(Self.trace(.tempo, Array(text.utf8)))
    let span = try #require(trace.spans.first)
    #expect(trace.isPartial && span.id == "00f067aa0ba902b7" && span.kind == .server && span.hasFailed)
    // It has not ended.
    #expect(span.duration == nil)
  }

  @Test(
    "a span without an end has not ended, in every notation",
    arguments: ["", #","endTimeUnixNano":null"#, #","endTimeUnixNano":0"#, #","endTimeUnixNano":"0""#])
  func open(end: String) throws {
    let text =
      #"{"batches":[{"scopeSpans":[{"spans":[{"spanId":"ab","startTimeUnixNano":"1769508000000000000"\#(end)}]}]}]}"#
    let trace = try #require(Self.trace(.tempo, Array(text.utf8)))
    #expect(trace.dropped == 0 && trace.spans.map(\.duration) == [nil])
  }

  @Test(
    "damaged parts of a span are dropped, and invalid spans are counted",
    arguments: [
      #"{}"#, #"{"id":"1"}"#, #"{"timestamp":1}"#, #"{"id":"0000","timestamp":1}"#, #"{"id":7,"timestamp":1}"#, #"7"#,
      "null",
      #"{"id":"a","timestamp":-1}"#, #"{"id":"a","timestamp":9e300}"#, #"{"id":"a","timestamp":"x"}"#,
      #"{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","timestamp":1}"#,
    ])
  func damaged(span: String) throws {
    let trace = try #require(Self.trace(.zipkin, Array("[\(span)]".utf8)))
    #expect(trace.spans.isEmpty && trace.dropped == 1)
  }

  private static func span(_ members: String) -> String {
    #"{"id":"a","timestamp":1769508000000000,"duration":2000000\#(members)}"#
  }

  @Test(
    "only spans of the trace that was asked for are taken, by any notation of its id",
    arguments: [
      ("4bf92f3577b34da6a3ce929d0e0e4736", true), ("4BF92F3577B34DA6A3CE929D0E0E4736", true),
      ("a3ce929d0e0e4736", true), ("ffffffffffffffffffffffffffffffff", false),
      ("ffffffffffffffffa3ce929d0e0e4736", false), ("4bf92f3577b34da6a3ce929d0e0e4737", false),
      ("b3ce929d0e0e4736", false),
      ("", false), ("x", false),
    ])
  func foreign(trace: String, isTaken: Bool) throws {
    let zipkin = "[\(Self.span(#","traceId":"\#(trace)""#))]"
    let jaeger =
      #"{"data":[{"traceID":"\#(trace)","spans":[{"spanID":"a","startTime":1769508000000000,"duration":5}],"processes":{}}]}"#
    let tempo =
      #"{"batches":[{"scopeSpans":[{"spans":[{"traceId":"\#(trace)","spanId":"ab","startTimeUnixNano":"1769508000000000000"}]}]}]}"#
    for (kind, text) in [(TraceStoreSettings.Kind.zipkin, zipkin), (.jaeger, jaeger), (.tempo, tempo)] {
      let found = try #require(Self.trace(kind, Array(text.utf8)))
      #expect(found.spans.count == (isTaken ? 1 : 0) && found.dropped == (isTaken ? 0 : 1), "\(kind)")
    }
  }

  @Test(
    "a span with an impossible time is left out and counted",
    arguments: [
      // 1970, 1995, half an hour ahead, 2200.
      (#""timestamp":1,"duration":5"#, false), (#""timestamp":800000000000000,"duration":5"#, false),
      (#""timestamp":1769511600000000,"duration":5"#, false), (#""timestamp":7258118400000000"#, false),
      // Its end is far in the future.
      (#""timestamp":1769508000000000,"duration":86400000000"#, false),
      (#""timestamp":1769508000000000,"duration":-5"#, false),
      (#""timestamp":1769508000000000,"duration":4611686018427387904"#, false),
      (#""timestamp":1769508000000000,"duration":"x""#, false), (#""timestamp":1e300,"duration":5"#, false),
      (#""timestamp":1769508000000000,"duration":5"#, true), (#""timestamp":1769508000000000,"duration":null"#, true),
      (#""timestamp":1769508000000000"#, true),
      // The clock of the machine is a minute ahead.
      (#""timestamp":1769509860000000,"duration":5"#, true),
    ])
  func impossible(times: String, isTaken: Bool) throws {
    let trace = try #require(Self.trace(.zipkin, Array("[{\"id\":\"a\",\(times)}]".utf8)))
    #expect(trace.spans.count == (isTaken ? 1 : 0) && trace.dropped == (isTaken ? 0 : 1))
  }

  @Test("a span that ends before it begins is left out and counted")
  func backwards() throws {
    let text =
      #"{"batches":[{"scopeSpans":[{"spans":[{"spanId":"ab","startTimeUnixNano":"1769508000000000000","endTimeUnixNano":"1769507000000000000"}]}]}]}"#
    let trace = try #require(Self.trace(.tempo, Array(text.utf8)))
    #expect(trace.spans.isEmpty && trace.dropped == 1)
  }

  @Test("texts and tags are truncated, and a trace with too many spans is read partially")
  func bounds() throws {
    let long = String(repeating: "x", count: 100_000)
    let tags = (0..<200).map { "\"t\($0)\":\"\(long.prefix(400))\"" }.joined(separator: ",")
    let one = "{\"id\":\"a\",\"timestamp\":1769508000000000,\"name\":\"\(long)\",\"tags\":{\(tags)}}"
    let span = try #require(Self.trace(.zipkin, Array("[\(one)]".utf8))?.spans.first)
    #expect(span.name.utf8.count < 400 && span.tags.count == TraceSpan.mostTags && span.duration == nil)
    let many = (1...Trace.mostSpans + 7).map { "{\"id\":\"\(String($0, radix: 16))\",\"timestamp\":1769508000000000}" }
      .joined(
        separator: ",")
    let trace = try #require(Self.trace(.zipkin, Array("[\(many)]".utf8)))
    #expect(trace.spans.count == Trace.mostSpans && trace.dropped == 7)
  }

  @Test("no modified response causes a crash", arguments: TraceStoreSettings.Kind.allCases)
  func changed(kind: TraceStoreSettings.Kind) {
    let answer = Array(Self.answers[kind, default: ""].utf8)
    for seed in UInt64(0)..<400 {
      var random = SeededRandom(seed: seed)
      var bytes = answer
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[place] = .random(in: 0x20...0x7e, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
        }
      }
      guard let trace = Self.trace(kind, bytes) else { continue }
      let rows = TraceTree(trace.spans).rows
      #expect(rows.count <= trace.spans.count, "seed \(seed)")
      _ = TraceCall.calls(in: TraceTree(trace.spans), of: Self.id)
    }
  }
}
