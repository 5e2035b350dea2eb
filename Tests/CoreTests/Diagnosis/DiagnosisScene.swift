@testable import Core

/// A store of a shop. Tests feed it with events, health, consumer groups and locks at given seconds.
final class DiagnosisScene {
  static let services = ["order-service", "inventory-service", "payment-service", "delivery-service"]
  static let up = ServiceScenario.answer()
  static let refused = ServiceSample.Outcome.failed("connection refused")

  static let order = SagaDefinition(
    type: "order",
    identities: [
      .init(name: "orderId", sources: [.path(["orderId"])]),
      .init(name: "customerId", sources: [.path(["customerId"])]),
    ],
    steps: [
      StepDefinition(name: "order", service: "order-service", deadline: .seconds(10)),
      StepDefinition(
        name: "inventory", service: "inventory-service", topic: "order-created", group: "inventory-service",
        deadline: .seconds(10)),
      StepDefinition(
        name: "payment", service: "payment-service", topic: "inventory-reserved", group: "payment-service",
        deadline: .seconds(15)),
      StepDefinition(
        name: "delivery", service: "delivery-service", topic: "payment-completed", group: "delivery-service",
        deadline: .seconds(30)),
    ], events: ShopFixture.order.events)

  /// A saga with a step that waits for a person.
  static let request: SagaDefinition = {
    var answer = StepDefinition(name: "answer", service: "payment-service")
    answer.waitsForPerson = true
    return SagaDefinition(
      type: "request", identities: [.init(name: "id", sources: [.path(["id"])])], steps: [answer],
      events: [
        EventRule(type: "Asked", startsSaga: true),
        EventRule(type: "Answered", effects: [.init(.completes, .named("answer"))]),
      ])
  }()

  let symbols = SymbolTable()
  let store: Store
  /// The next offset of each partition.
  private var offsets: [String: Int64] = [:]

  init() {
    var system = SystemDefinition(
      name: "shop", topics: ["*"], sagas: [Self.order, ShopFixture.orchestrated, Self.request])
    system.locks = [
      LockDefinition(pattern: Self.pattern("inventory:lock:{productId}"), lease: .seconds(3)),
      LockDefinition(pattern: Self.pattern("saga:{orderId}"), lease: .seconds(60)),
    ]
    let services = Self.services.map { name in
      ServiceDefinition(
        name: name, instances: (1...3).map { .init(url: "http://10.0.0.\($0)/\(name)", node: "node-\($0)") })
    }
    store = Store(
      system, context: .init(name: "test"), services: services, traces: TraceRequests(), symbols: symbols,
      now: { ShopFixture.start })
    source(.up, at: 0)
  }

  private static func pattern(_ text: String) -> LockPattern {
    guard let pattern = try? LockPattern(text) else { preconditionFailure("\(text) is a pattern") }
    return pattern
  }

  func time(_ seconds: Double) -> Timestamp { ShopFixture.start + .seconds(seconds) }

  func diagnosis(_ id: String = "1", at seconds: Double) -> Diagnosis? {
    store.find(id: id).flatMap { store.diagnosis($0, now: time(seconds)) }
  }

  func source(
    _ phase: SourceStatus.Phase, error: String? = nil, missing: [SourceStatus.MissingPartition] = [], at seconds: Double
  ) {
    var status = SourceStatus(.kafka, phase: phase)
    status.missing = missing
    (status.isComplete, status.lastSuccess, status.error) = (true, time(seconds), error)
    store.accept(status)
  }

  /// An event at the given offset, or at the next offset of its partition.
  func event(
    _ type: String, at seconds: Double, id: String = "1", node: String = "node-1", product: Int = 7,
    partition: Int32 = 0,
    offset: Int64? = nil, error: String? = nil, definition: UInt16 = 0, steps: [String] = [], fingerprint: UInt64 = 0,
    topic: String? = nil, more: [SagaKey] = [], trace: TraceID? = nil
  ) {
    let body = Array(#"{"orderId":"\#(id)","productId":\#(product)}"#.utf8)
    var event = Event(
      type: symbols.symbol(type), time: time(seconds), origin: origin(topic ?? type, partition, offset),
      node: symbols.symbol(node), fingerprint: fingerprint,
      link: SagaLink(
        definition: definition, key: SagaKey(identity: 0, value: id), otherKeys: more,
        steps: steps.map { symbols.symbol($0) },
        error: error),
      text: MessageSlice(start: 0, bodyLength: body.count, fullBodyLength: body.count))
    event.trace = trace
    store.accept(EventBatch(events: [event], arena: body))
  }

  static let trace = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)

  /// Adds an event of the saga that carries the trace id, and the spans that the trace store has for this trace.
  func traced(_ spans: [TraceSpan], at seconds: Double, id: String = "1", in trace: TraceID = DiagnosisScene.trace) {
    event("order-created", at: 99.8, id: id, offset: trace == Self.trace ? 900 : 901, trace: trace)
    store.accept(TraceSample(id: trace, time: time(seconds), outcome: .found(Trace(id: trace, spans: spans))))
  }

  /// The client span of a call from one service to another.
  func call(
    _ caller: String, _ callee: String, at seconds: Double, took: Double?, status: Int? = nil, id: String = "c",
    parent: String? = nil
  ) -> TraceSpan {
    var span = TraceSpan(
      id: id, parent: parent, service: caller, name: "GET /users/7", kind: .client, start: time(seconds),
      duration: took.map { .seconds($0) })
    (span.remote, span.status, span.hasFailed) = (callee, status, (status ?? 200) >= 500)
    return span
  }

  /// A span that its tracer marks as an error, as tracers do for each status of 4xx.
  func marked(_ span: TraceSpan) -> TraceSpan {
    var span = span
    (span.hasFailed, span.error) = (true, span.status.map { "\($0)" })
    return span
  }

  func unreadable(
    _ topic: String, at seconds: Double, key: String = "", partition: Int32 = 0, offset: Int64? = nil
  ) {
    let message = UndecodedMessage(
      origin: origin(topic, partition, offset), time: time(seconds), reason: "not JSON: unexpected byte 0x3c at 27",
      text: MessageSlice(start: 0, keyLength: key.utf8.count))
    store.accept(EventBatch(arena: Array(key.utf8), undecoded: [message]))
  }

  private func origin(_ topic: String, _ partition: Int32, _ offset: Int64?) -> Origin {
    let place = "\(topic)/\(partition)"
    let offset = offset ?? offsets[place, default: 0]
    offsets[place] = max(offsets[place, default: 0], offset + 1)
    return Origin(topic: symbols.symbol(topic), partition: partition, offset: offset)
  }

  /// Twenty completed sagas with the usual step durations: 20 ms, 300 ms and 500 ms.
  func usual() {
    for number in 0..<20 { completed("past-\(number)", at: Double(number) * 2) }
  }

  /// `inventory` is the duration of the inventory step in seconds.
  func completed(_ id: String, at seconds: Double, inventory: Double = 0.02, product: Int = 7) {
    let reserved = seconds + inventory
    event("order-created", at: seconds, id: id, product: product)
    event("inventory-reserved", at: reserved, id: id, product: product)
    event("payment-completed", at: reserved + 0.3, id: id, node: "node-2", product: product)
    event("delivery-started", at: reserved + 0.31, id: id, node: "node-3", product: product)
    event("delivery-completed", at: reserved + 0.8, id: id, node: "node-3", product: product)
  }

  /// A saga that waits at a step since that second.
  func waits(at step: String, since seconds: Double, id: String = "1", node: String = "node-1", product: Int = 7) {
    let names = ["inventory", "payment", "delivery"]
    let events = ["order-created", "inventory-reserved", "payment-completed"]
    let place = names.firstIndex(of: step) ?? 0
    for number in 0...place {
      event(events[number], at: seconds - Double(place - number) * 0.1, id: id, node: node, product: product)
    }
  }

  /// One sample per instance of a service.
  func health(_ service: String, at seconds: Double, _ outcomes: ServiceSample.Outcome...) {
    for (place, outcome) in outcomes.enumerated() {
      store.accept(ServiceSample(service: service, instance: place, time: time(seconds), outcome: outcome))
    }
  }

  func allUp(at seconds: Double, except: Set<String> = []) {
    for service in Self.services where !except.contains(service) {
      health(service, at: seconds, Self.up, Self.up, Self.up)
    }
  }

  /// Samples of all services in which the instances of one node fail.
  func lost(node: Int, at seconds: Double) {
    for service in Self.services {
      let outcomes = (1...3).map { $0 == node ? Self.refused : Self.up }
      health(service, at: seconds, outcomes[0], outcomes[1], outcomes[2])
    }
  }

  static func circuit(_ name: String, _ state: String) -> ServiceSample.Outcome {
    ServiceScenario.answer(
      #"{"status":"UP","components":{"circuitBreakers":{"status":"UNKNOWN","details":{"\#(name)":{"status":"CIRCUIT_OPEN","details":{"failureRate":"100.0%","failureRateThreshold":"50.0%","state":"\#(state)"}}}}}}"#
    )
  }

  struct GroupFact {
    var name: String
    var topic: String
    var partition: Int32 = 0
    var state = GroupSample.State.stable
    var members = 1
    var owner = "member-node-1"
    var committed: Int64
    var start: Int64 = 0
    var end: Int64
    var stable: Int64?
  }

  func groups(at seconds: Double, _ facts: GroupFact...) {
    let samples = facts.map { fact in
      let key = TopicPartitionKey(topic: symbols.symbol(fact.topic), partition: fact.partition)
      let members = (0..<fact.members).map {
        GroupSample.Member(
          id: "\($0)", clientID: $0 == 0 ? fact.owner : "other", host: "/10.0.0.9", partitions: $0 == 0 ? [key] : [])
      }
      return GroupSample(
        name: fact.name, state: fact.state, members: members,
        commits: [.init(topic: key.topic, partition: key.partition, offset: fact.committed)])
    }
    // Merges samples of the same group, so that a group can have several partitions.
    let readings = samples.reduce(into: [GroupSample]()) { readings, sample in
      guard let place = readings.firstIndex(where: { $0.name == sample.name }) else { return readings.append(sample) }
      readings[place].commits? += sample.commits ?? []
      for (index, member) in (sample.members ?? []).enumerated() {
        readings[place].members?[index].partitions += member.partitions
      }
    }
    store.accept(
      LagSample(
        time: time(seconds),
        partitions: facts.map {
          PartitionOffsets(
            topic: symbols.symbol($0.topic), partition: $0.partition, start: $0.start, end: $0.end,
            stable: $0.stable)
        }, groups: readings))
  }

  func lock(
    _ key: String, at seconds: Double, ttl: Double?, idle: Double? = nil, waiters: Int? = nil, definition: Int = 0
  ) {
    let found = LockObservation(
      key: key, definition: definition, kind: .redisson, holders: [LockScenario.redisson()], time: time(seconds),
      ttl: ttl.map { .seconds($0) }, waiters: waiters, idle: idle.map { .seconds($0) })
    store.accept(LockSample(source: "redis", time: time(seconds), locks: [found], passes: 2))
  }
}
