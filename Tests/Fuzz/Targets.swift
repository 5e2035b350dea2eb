import CHiredis
import TestSupport
import Text

@testable import Actions
@testable import Clients
@testable import Collectors
@testable import Configuration
@testable import Core
@testable import TUI
@testable import sagatop

extension FuzzTarget {
  /// Add new targets here.
  static func all() throws -> [FuzzTarget] {
    [
      try events, sources, json, yaml, preset, theme, replies, health, metrics, documents, lines, pods, traces,
      try recordings, packed, audit, avro, avroSchema, try protobuf, protobufSchema, keys, filters, times, addresses,
      commandLine,
    ]
  }

  private init(
    _ name: String, _ seeds: [String], longest: Int = 1024, _ make: @escaping () throws -> ([UInt8]) -> Void
  ) {
    self.init(name: name, seeds: seeds.map { Array($0.utf8) }, longest: longest, make: make)
  }

  private static func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  // MARK: Events

  /// A message as parts separated by zero bytes: topic, key, a header's name and value, the body.
  private static var events: FuzzTarget {
    get throws {
      let body =
        #"{"eventId":"e-1","orderId":7,"type":"order.created","timestamp":"2026-01-27T10:00:00Z","data":{"order":{"id":"7"},"items":[{"id":1}]},"reason":"declined"}"#
      let topics = ["order-created", "payment-failed", "orders", "saga-events"]
      return FuzzTarget(
        "events",
        topics.map {
          "\($0)\u{0}7\u{0}traceparent\u{0}00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\u{0}\(body)"
        }
      ) {
        let readers =
          try Presets.names.map { EventReader(try Presets.load($0, environment: [:])) } + [EventReader(.templates)]
        return { bytes in for reader in readers { reader.take(bytes) } }
      }
    }
  }

  private static var sources: FuzzTarget {
    FuzzTarget(
      "sources",
      ["data.order.id", "items.-1.id", "header:node", "key.orderId", "{topic} {status}", "{tenant}/{data.orderId}"]
    ) { { bytes in if let source = try? FieldSourceText.parse(string(bytes)) { _ = FieldSourceText.text(source) } } }
  }

  private static var json: FuzzTarget {
    FuzzTarget("json", [#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude80",null,true],"b":{"c":"d"}}"#]) {
      { bytes in
        if let value = JSONValue(bytes) {
          let written = value.bytes
          if JSONValue(written) != value { fatalError("what was written is read as something else") }
        }
        _ = JSONText(bytes)
      }
    }
  }

  // MARK: Configuration files

  private static let configuration = """
    currentContext: a
    contexts:
      a:
        preset: spring
        since: 15m
        kafka: {brokers: "a:9092,b:9092", properties: {security.protocol: SASL_SSL, sasl.password: "${env:A}"}, topics: [order-*]}
        redis: {servers: "redis://user:word@host:6379/1", locks: {inventory: {pattern: "inventory:lock:*", warnAge: 10s}}}
        services: {order: {url: "http://host:8080/health?token=1", interval: 1s, circuits: true}}
        commands: {jobs: {run: [sh, -c, "x"], prefix: "^(?<a>x)", messages: [{pattern: "Step (?<n>[0-9]+)", type: "step {n}"}]}}
        checks: {orders: "stuck:1:5"}
    """

  private static var yaml: FuzzTarget {
    FuzzTarget("yaml", [configuration, "a: [1, {b: c}]\n", "'a\\nb': \"c\\u0041\"\n"]) {
      { bytes in
        _ = try? ConfigurationFile(bytes, path: "f.yaml", choice: .current, environment: ["A": "1"])
      }
    }
  }

  private static let system = """
    name: shop
    topics: ["order-*"]
    fields: {type: [header:type, "{topic} {status}"], time: data.at, node: node}
    sagas:
      order:
        ids: {orderId: [data.order.id, key], cart: {from: items.*.id, ignore: [0]}}
        steps: [{name: stock, deadline: 5s, is: [reserve, release]}, {name: pay, optional: true}]
        events:
          created: {starts: true}
          "pay-*": {completes: pay, when: {status: OK}, ends: completed}
    """

  private static var preset: FuzzTarget {
    FuzzTarget("preset", [system]) { { bytes in _ = try? Presets.read(bytes, file: "f.yaml", environment: [:]) } }
  }

  private static var theme: FuzzTarget {
    FuzzTarget("theme", ["name: x\ncolors: {text: {foreground: red, attributes: [bold]}, accent: '#aabbcc'}\n"]) {
      { bytes in _ = try? ThemeFile.read(bytes, file: "f.yaml", name: "f") }
    }
  }

  private static var filters: FuzzTarget {
    FuzzTarget(
      "filters",
      [#"status:stuck -type:order age>5m step="a b" id:order-*"#, ":sort age", "lag[group=a*]:5:10", "stuck==0"],
      longest: 256
    ) {
      let now = Timestamp(milliseconds: 1_769_508_000_000)
      return { bytes in
        let text = string(bytes)
        for vocabulary in [
          FilterVocabulary("services", ServiceLine.self), FilterVocabulary("circuits", CircuitLine.self),
        ] {
          if let filter = try? Filter(parsing: text, for: vocabulary) {
            _ = filter.matches(ServiceLine(service: ServiceRow(name: "a b", verdict: .down, reason: text)), now: now)
          }
        }
        _ = try? TypedCommand(parsing: text)
        _ = try? CheckParser.check(text)
        _ = try? CheckParser.condition(text)
        // A regular expression is the operator's, and may be slow.
        if !text.hasPrefix("^"), let pattern = try? NamePattern(text) { _ = pattern.matches(String(text.reversed())) }
      }
    }
  }

  /// Arguments separated by zero bytes.
  private static var commandLine: FuzzTarget {
    let options = Options.all.map { option in
      "\(option.commands.map(\.rawValue).min() ?? "snapshot")\0--\(option.long)\(option.value == nil ? "" : "=1s")"
    }
    let typed = [
      "snapshot\0-o\0json\0--check\0stuck:1:5\0--until\0stuck==0", "replay\0f.jsonl\0--at\u{0}14:03:22\0--speed\u{0}2",
      "why\0order-7", "act\0release-lock\0a:b", "retry\0--filter\0status:stuck age>5m", "config\0show",
      "snapshot\0--from\0f\0--at\u{0}2026-01-27T10:00:00Z\0--label\0env=prod\0--size\u{0}120x40",
    ]
    return FuzzTarget("command-line", typed + options, longest: 256) {
      { bytes in
        let words = bytes.split(separator: 0, omittingEmptySubsequences: false).map { string(Array($0)) }
        do throws(UsageError) { _ = try CommandLineParser.parse(words) } catch {
          if error.message.isEmpty { fatalError("a refusal without a reason") }
        }
      }
    }
  }

  // MARK: Server responses

  private static var replies: FuzzTarget {
    FuzzTarget(
      "replies",
      [
        "*2\r\n$1\r\n0\r\n*2\r\n$3\r\nfoo\r\n$3\r\nbar\r\n", ":12\r\n+OK\r\n-ERR no\r\n$-1\r\n*-1\r\n",
        "*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\na\r\n$3\r\nset\r\n",
      ]
    ) {
      { bytes in
        guard let reader = redisReaderCreate() else { return }
        defer { redisReaderFree(reader) }
        var budget = sg_redis_budget()
        withUnsafeMutablePointer(to: &budget) { budget in
          sg_redis_bound(reader, budget)
          budget.pointee.elements = 4096
          bytes.withUnsafeBytes {
            _ = redisReaderFeed(reader, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
          }
          var reply: UnsafeMutableRawPointer?
          while redisReaderGetReply(reader, &reply) == REDIS_OK, let found = reply {
            let copied = RedisReply(taking: found)
            _ = LockHash(copied.array ?? [copied])
            reply = nil
          }
        }
      }
    }
  }

  private static var health: FuzzTarget {
    FuzzTarget(
      "health",
      [
        #"{"status":"UP","components":{"db":{"status":"DOWN","details":{"error":"x"}},"circuitBreakers":{"details":{"pay":{"details":{"state":"OPEN","failureRate":"50.0%","failedCalls":3}}}}}}"#,
        #"{"status":"Healthy","entries":{"a":{"status":"Unhealthy","description":"x"}}}"#, "OK",
        #"{"checks":[{"name":"a","status":"DOWN","data":{"x":1}}],"status":"DOWN"}"#,
      ]
    ) {
      let readers = [HealthBodyReader(), HealthBodyReader(path: ["status"])]
      return { bytes in for reader in readers { _ = reader.read(bytes) } }
    }
  }

  private static var metrics: FuzzTarget {
    FuzzTarget(
      "metrics",
      [
        "# TYPE a counter\na_total{code=\"500\",le=\"+Inf\"} 5 1769508000000\nh_bucket{le=\"0.1\"} 3\nh_bucket{le=\"+Inf\"} 9\nh_count 9\nh_sum 1.5\n# EOF\n",
        "process_start_time_seconds 1.7e9\nhttp_server_requests_seconds_count{status=\"200\",uri=\"/\"} 7\n",
      ]
    ) {
      let reader = PrometheusText(gauges: ["a_total"])
      return { bytes in
        for isOpen in [false, true] {
          var state = MetricsState()
          let page = reader.read(bytes, isOpenMetrics: isOpen)
          for second: Int64 in 0..<2 { state.note(page, at: Timestamp(milliseconds: second * 1000)) }
        }
      }
    }
  }

  private static var documents: FuzzTarget {
    FuzzTarget(
      "documents",
      [#"{"sagas":[{"id":1,"name":"a","steps":[{"status":"done","at":[2026,1,27]},{"x":null}]}]}"#, "[{\"id\":1}]"]
    ) {
      let rules = [
        MessageRule(
          each: ["sagas", "*", "steps", "*"],
          type: FieldSource.template([.field(.path(["name"])), .text(" "), .field(.path(["status"]))])),
        MessageRule(each: ["*"], type: nil),
      ]
      let finder = MessageFinder(rules: rules)
      return { bytes in
        guard let document = JSONNode(bytes) else { return }
        var lacking = 0
        for found in finder.find(in: document, lacking: &lacking) {
          if JSONNode(found.body.bytes) == nil { fatalError("a message that was found is no JSON") }
        }
      }
    }
  }

  private static var lines: FuzzTarget {
    FuzzTarget(
      "lines",
      ["[pod/a/main] 2026-01-27T10:00:00.1Z Step 1: pay - SUCCESS\n=== Started ===\n{\"a\":1}\n", "Step 2: x\n"],
      longest: 512
    ) {
      let definition = CommandDefinition(
        name: "job", run: ["true"],
        prefix: #"^(\[pod/(?<pod>[^/\]]+)/[^\]]*\] )?((?<time>\d{4}-\d\d-\d\dT[0-9:.]+Z) )?"#,
        messages: [
          MessageRule(
            pattern: "=== Started ===", type: .template([.text("started")]), begins: .init(member: "run", per: "pod")),
          MessageRule(
            pattern: "Step (?<n>\\d): (?<step>\\w+)( - (?<status>\\w+))?",
            type: .template([.field(.path(["step"])), .text(" "), .field(.path(["status"]))])),
        ])
      var reader = LineReader(definition)
      return { bytes in
        var splitter = LineSplitter(limit: 512)
        splitter.add(bytes) { _ = reader.read($0) }
        splitter.finish { _ = reader.read($0) }
      }
    }
  }

  private static var pods: FuzzTarget {
    FuzzTarget(
      "pods",
      [
        #"{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a","namespace":"s","labels":{"app":"p"},"creationTimestamp":"2026-01-27T10:00:00Z"},"spec":{"nodeName":"n","containers":[{"image":"r:5000/p:1@sha256:ab"}]},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"reason":"OOMKilled","exitCode":137,"finishedAt":"2026-01-27T10:00:00Z"}}}]}}}"#,
        #"{"kind":"Event","involvedObject":{"kind":"Pod","name":"a","namespace":"s"},"reason":"BackOff","message":"x","type":"Warning","count":5}"#,
      ]
    ) {
      let parser = PodParser(settings: KubernetesSettings())
      var (state, second) = (PodState(), Int64(0))
      return { bytes in
        var splitter = DocumentSplitter(limit: 2048)
        splitter.add(bytes) { document in
          guard let changes = parser.changes(document) else { return }
          second += 1
          state.note(PodSample(time: Timestamp(milliseconds: second * 1000), changes: changes))
        }
        for service in state.services.prefix(3) {
          _ = state.service(service, now: Timestamp(milliseconds: second * 1000))
        }
      }
    }
  }

  private static var traces: FuzzTarget {
    FuzzTarget(
      "traces",
      [
        #"[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","id":"e457b5a2e4d86bd1","parentId":"00f067aa0ba902b7","kind":"CLIENT","name":"get","timestamp":1769508000050000,"duration":2045000,"localEndpoint":{"serviceName":"p"},"tags":{"error":"503"}}]"#,
        #"{"data":[{"traceID":"4bf92f3577b34da6a3ce929d0e0e4736","spans":[{"spanID":"00f067aa0ba902b7","operationName":"p","references":[],"startTime":1769508000000000,"duration":21,"tags":[{"key":"span.kind","value":"server"}],"processID":"p1"}],"processes":{"p1":{"serviceName":"p"}}}]}"#,
        #"{"batches":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"p"}}]},"scopeSpans":[{"spans":[{"spanId":"APBnqgupArc=","name":"x","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1769508000000000000","endTimeUnixNano":"1769508002000000000"}]}]}]}"#,
      ]
    ) {
      let id = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)
      let now = Timestamp(milliseconds: 1_769_600_000_000)
      return { bytes in
        for kind in TraceStoreSettings.Kind.allCases {
          if let trace = TraceParser.trace(id, kind, bytes, now: now) { _ = TraceTree(trace.spans) }
        }
        _ = TraceID(header: bytes)
      }
    }
  }

  private static var times: FuzzTarget {
    FuzzTarget("times", ["2026-01-27T10:00:00.123+09:00", "1769508000000", "1.7e9", "1h30m", "2026-01-27 10:00:00,5"]) {
      { bytes in
        let text = string(bytes)
        if let time = TimestampParser.parse(text) { _ = time.iso8601 }
        _ = DurationText.parse(text)
      }
    }
  }

  private static var addresses: FuzzTarget {
    FuzzTarget(
      "addresses",
      [
        "redis://u:p%40@h:6379/3", "redis+sentinel://a:1,b:2/master", "http://u:p@h:8080/x?token=1&b", "a:9092,b:9092",
        "unix:///tmp/s",
      ], longest: 256
    ) {
      { bytes in
        let text = string(bytes)
        _ = try? RedisAddress(text)
        _ = ServiceURL(text)?.secretArguments
        _ = try? BrokerList.parse(text)
      }
    }
  }
}
