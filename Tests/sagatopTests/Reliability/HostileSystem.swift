import Core
import TestRandom
import Testing
import Text

@testable import Collectors
@testable import Configuration

/// A shop in which all external texts contain terminal commands.
final class HostileSystem {
  static let now = Timestamp(milliseconds: 1_769_508_000_000)
  private static let topics = ["order-created", "inventory-reserved", "payment-failed", "inventory-released"]
  private static let pieces = [
    "\u{1b}[2J", "\u{1b}]52;c;cm0gLXJm\u{7}", "\u{9b}31m", "\u{90}q\u{9c}", "\n", "\r", "\t", "\u{0}", "\u{8}\u{8}",
    "\u{7f}", "\u{202e}",
    "\u{2066}", "\u{200b}", "\u{feff}", "\u{ad}", "\u{2028}", "\u{2029}", "\u{e000}", "\u{f8ff}", "\u{10fffd}",
    "\u{e0041}", "\u{85}",
    "e\u{301}", "한", "👩\u{200d}🚀", "a", "order", " ", "'\"><", "|`*[x](y)", "{}", "=1+1",
  ]

  private var random: SeededRandom
  private let symbols = SymbolTable()
  let store: Store

  init(seed: UInt64) throws {
    random = SeededRandom(seed: seed)
    let system = try Presets.load("spring", environment: [:])
    var random = random
    let services = (0..<3).map { _ in
      ServiceDefinition(
        name: Self.text(&random), instances: [.init(url: "http://h/\(Self.text(&random))", node: Self.text(&random))],
        interval: .seconds(1))
    }
    store = Store(
      system, context: .init(name: Self.text(&random)), services: services, traces: TraceRequests(), symbols: symbols,
      now: { Self.now })
    self.random = random
    fill(system, services.map(\.name))
  }

  static func text(_ random: inout SeededRandom) -> String {
    if random.next() % 3 == 0 {
      return String(
        decoding: (0..<(1 + random.next() % 12)).map { _ in UInt8(truncatingIfNeeded: random.next()) }, as: UTF8.self)
    }
    return (0..<(1 + random.next() % 5)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
  }

  private func text() -> String { Self.text(&random) }

  private func fill(_ system: SystemDefinition, _ services: [String]) {
    for kind in SourceKind.allCases {
      var status = SourceStatus(
        kind, name: kind == .kubernetes ? PodSample.source : kind == .document ? text() : nil, phase: .up)
      (status.lastSuccess, status.isComplete, status.notes) = (Self.now, true, [text()])
      if random.next() % 2 == 0 { (status.phase, status.error) = (.down, text()) }
      store.accept(status)
    }
    var decoder = Decoder(CompiledFields(system, symbols: symbols), symbols: symbols)
    for number in 0..<60 { decode(number, &decoder) }
    store.accept(lag())
    store.accept(locks())
    for (place, name) in services.enumerated() { store.accept(service(name, place)) }
    store.accept(PodSample(time: Self.now, changes: (0..<6).map { _ in .pod(pod()) } + [.event(podEvent())]))
    store.accept(TraceSample(id: TraceID(high: 1, low: 1), time: Self.now, outcome: .found(trace())))
    store.accept([action()])
  }

  private func decode(_ number: Int, _ decoder: inout Decoder) {
    let topic = number % 7 == 0 ? text() : Self.topics[number % Self.topics.count]
    let members: [(String, JSONValue)] = [
      ("orderId", .string(number % 3 == 0 ? text() : "\(number / 4)")), ("reason", .string(text())),
      (text(), .string(text())),
      ("eventId", .string("\(number)")),
    ]
    let body = number % 11 == 0 ? Array(text().utf8) : JSONValue.object(members).bytes
    let headers = [
      ("node", text()), (text(), text()), ("traceparent", "00-00000000000000010000000000000001-0000000000000001-01"),
      ("error", text()),
    ]
    let parts = ([text(), topic] + headers.flatMap { [$0.0, $0.1] }).map { Array($0.utf8) } + [body]
    var batch = EventBatch()
    Self.withBuffers(parts[...], []) { buffers in
      let message = ConsumedMessage(
        origin: Origin(topic: symbols.symbol(topic), partition: 0, offset: Int64(number)),
        brokerTime: Self.now - .seconds(600 - number), receivedAt: Self.now, key: buffers[0],
        body: buffers[buffers.count - 1],
        headers: headers.indices.map { .init(name: buffers[2 + 2 * $0], value: buffers[3 + 2 * $0]) })
      decoder.decode(message, topicName: buffers[1], into: &batch)
    }
    store.accept(batch)
  }

  private static func withBuffers(
    _ rest: ArraySlice<[UInt8]>, _ done: [UnsafeRawBufferPointer], _ body: ([UnsafeRawBufferPointer]) -> Void
  ) {
    guard let first = rest.first else { return body(done) }
    first.withUnsafeBytes { withBuffers(rest.dropFirst(), done + [$0], body) }
  }

  private func lag() -> LagSample {
    let topic = symbols.symbol(text())
    let groups = (0..<5).map { _ in
      GroupSample(
        name: text(), state: .stable,
        members: [.init(id: text(), clientID: text(), host: text(), partitions: [.init(topic: topic, partition: 0)])],
        commits: [.init(topic: topic, partition: 0, offset: 3)], error: random.next() % 3 == 0 ? text() : nil)
    }
    return LagSample(
      time: Self.now, partitions: [.init(topic: topic, partition: 0, start: 0, end: 100)],
      groups: groups + [GroupSample(name: "inventory-service", error: text())])
  }

  private func locks() -> LockSample {
    let locks = (0..<6).map { place in
      LockObservation(
        key: place % 2 == 0 ? "inventory:lock:\(text())" : text(), definition: 0,
        holders: [LockHolder(value: Array(text().utf8))],
        time: Self.now, ttl: place % 3 == 0 ? nil : .seconds(place))
    }
    return LockSample(source: "redis", time: Self.now, locks: locks)
  }

  private func service(_ name: String, _ place: Int) -> ServiceSample {
    let part = #"{"\#(quoted())":{"status":"DOWN","details":{"error":"\#(quoted())"}}}"#
    let circuits = #"{"\#(quoted())":{"state":"OPEN"}}"#
    let body = Array(#"{"status":"DOWN","components":\#(part),"circuitBreakers":\#(circuits)}"#.utf8)
    let answer = ServiceSample.Answer(
      status: 503, phases: .init(total: .milliseconds(5)),
      body: HealthBodyReader().read(place == 1 ? Array(text().utf8) : body),
      excerpt: Array(text().utf8), length: 9, location: text())
    return ServiceSample(
      service: name, instance: 0, time: Self.now, outcome: place == 2 ? .failed(text()) : .answered(answer))
  }

  /// A text escaped for JSON.
  private func quoted() -> String { JSONString.escaped(text()) }

  private func pod() -> Pod {
    var pod = Pod(id: .init(namespace: text(), name: text()))
    (pod.service, pod.node, pod.version, pod.revision) = ("payment-service", text(), text(), text())
    (pod.waiting, pod.reason, pod.message) = (.init(text(), message: text()), text(), text())
    pod.termination = .init(text(), exitCode: 1, finishedAt: Self.now)
    return pod
  }

  private func podEvent() -> PodEvent { PodEvent(pod: pod().id, reason: text(), message: text(), isWarning: true) }

  private func trace() -> Trace {
    var span = TraceSpan(
      id: text(), service: text(), name: text(), kind: .client, start: Self.now - .seconds(500), duration: .seconds(2))
    span.tags = [.init("error", text()), .init(text(), text())]
    return Trace(id: TraceID(high: 1, low: 1), spans: [span])
  }

  private func action() -> ActionRecord {
    var record = ActionRecord(
      intent: text(), action: .retry, context: text(), subject: "1", type: "order",
      operator: .init(name: text(), sudoUser: text()),
      reason: text(), attempt: 1, idempotencyKey: text(), request: text(), digest: text(), intendedAt: Self.now)
    record.stages.append(.init(time: Self.now, outcome: .refused(status: 500, message: text())))
    return record
  }
}
