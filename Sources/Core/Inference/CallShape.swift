/// Detects flows that are calls: a request and its reply, connected by an id that identifies no business object. Calls are not sagas, even
/// if they end well.
struct CallShape {
  private let kind: IdentityFinder.Kind
  private let flows: [[Int]]
  private let samples: TypedSamples
  /// Words of the type's name and of its topics, per event type.
  private var words: [Int: Set<String>] = [:]

  init(_ kind: IdentityFinder.Kind, _ flows: [Flow], _ samples: TypedSamples) {
    (self.kind, self.samples) = (kind, samples)
    var topics: [Int: Set<Int>] = [:]
    for event in samples.events where kind.types.contains(event.type) {
      topics[event.type, default: []].insert(event.topic)
    }
    for (type, topics) in topics {
      words[type] = Set(samples.types[type].name.words + topics.flatMap { NameWords.split(samples.set.topics[$0]) })
    }
    self.flows = flows.map { flow in
      flow.events.map { samples.events[$0].type }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
  }

  var isCall: Bool {
    guard !kind.identities.contains(where: { $0.isOfBusiness(samples) }) else { return false }
    let tied = flows.filter { $0.count > 1 }
    guard !tied.isEmpty else { return false }
    let isOfCalls = { (types: [Int]) in types.allSatisfy { Self.calls.contains(samples.types[$0].name.noun) } }
    return 10 * tied.count { isRequestAndReply($0) || isOfCalls([$0[0], $0[$0.count - 1]]) } >= 9 * tied.count
  }

  private func isRequestAndReply(_ types: [Int]) -> Bool {
    guard types.count == 2 else { return false }
    return [types, types.reversed()].contains { pair in
      let (request, reply) = (words[pair[0]] ?? [], words[pair[1]] ?? [])
      return !reply.isDisjoint(with: Self.replies)
        && (!request.isDisjoint(with: Self.requests) || request.isSubset(of: reply))
    }
  }

  private static let requests: Set<String> = [
    "request", "requests", "command", "commands", "query", "queries", "call", "calls", "rpc", "ask",
  ]
  private static let replies: Set<String> = [
    "reply", "replies", "response", "responses", "answer", "answers", "ack", "acks", "result", "results",
  ]
  /// A flow whose first and last event have one of these nouns is a call, regardless of the events between.
  private static let calls: Set<String> = [
    "request", "http-request", "api-request", "web-request", "query", "rpc", "call", "http-call", "span", "endpoint",
  ]
}

extension IdentityCandidate {
  /// The id is named after a business object: "orderId" with "OrderPlaced", but not "commandId" with "CommandAccepted".
  fileprivate func isOfBusiness(_ samples: TypedSamples) -> Bool {
    let words = NameWords.split(name)
    return isOfThing(samples) && !words.contains { ["command", "request", "query", "message", "call"].contains($0) }
  }
}

extension SampleSet {
  /// Topics with telemetry: log lines (each message has a level and a text or logger name) and trace spans.
  var telemetryTopics: Set<Int> {
    let names = fields.map { FieldName.normalized($0) }
    func places(_ wanted: Set<String>) -> Set<Int> { Set(names.indices.filter { wanted.contains(names[$0]) }) }
    let (levels, texts) = (places(Self.levelNames), places(Self.textNames))
    let (traces, spans, durations) = (places(["traceid"]), places(["spanid", "id"]), places(Self.spanNames))
    guard !levels.isEmpty || !traces.isEmpty else { return [] }
    var counts: [Int: (all: Int, found: Int)] = [:]
    for sample in samples {
      let has = { (wanted: Set<Int>) in sample.cells.contains { wanted.contains($0.field) } }
      let hasLevel = sample.cells.contains {
        levels.contains($0.field) && Self.levels.contains(values[$0.value].lowercased())
      }
      counts[sample.topic, default: (0, 0)].all += 1
      if hasLevel && has(texts) || has(traces) && has(spans) && has(durations) { counts[sample.topic]?.found += 1 }
    }
    return Set(counts.filter { 20 * $0.value.found >= 19 * $0.value.all }.keys)
  }

  private static let levelNames: Set<String> = [
    "level", "loglevel", "severity", "severitytext", "lvl", "l", "levelname",
  ]
  private static let textNames: Set<String> = [
    "message", "msg", "mt", "m", "messagetemplate", "logger", "loggername", "sourcecontext", "thread", "threadname",
    "caller", "body", "textpayload", "log",
  ]
  private static let levels: Set<String> = [
    "trace", "verbose", "debug", "info", "information", "notice", "warn", "warning", "error", "err", "fatal",
    "critical", "crit",
  ]
  private static let spanNames: Set<String> = [
    "starttimeunixnano", "endtimeunixnano", "duration", "durationnano", "durationnanos", "durationmicros",
    "parentspanid",
    "parentid",
  ]
}
