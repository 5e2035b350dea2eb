import Core

/// The work for each growth dimension, each with its own store and a size.
enum GrowthWork {
  private static let events = 50_000
  private static let batch = 500
  private static let source = "bench"

  static func sagas(_ size: Int) -> Int { fold(size) { _, _ in } }

  static func nodes(_ size: Int) -> Int {
    fold(10_000) { number, scene in scene.event.node = scene.symbols.symbol("pod-\(number % size)") }
  }

  static func topics(_ size: Int) -> Int {
    fold(10_000) { number, scene in
      scene.event.origin = Origin(topic: scene.symbols.symbol("t\(number % size)"), partition: 0, offset: Int64(number))
    }
  }

  static func failures(_ size: Int) -> Int {
    fold(10_000) { number, scene in
      scene.event.type = scene.symbols.symbol("payment-failed")
      scene.event.link?.details = .of(steps: [], error: "refused by bank \(letters(number % size)): no", product: nil)
    }
  }

  /// Few sagas with many events each.
  static func events(_ size: Int) -> Int { fold(max(1, events / size), steps: size) { _, _ in } }

  static func types(_ size: Int) -> Int {
    let sagas = (0..<size).map { type in
      var saga = Shop.system.sagas[0]
      saga.type = "order-\(type)"
      return saga
    }
    return fold(10_000, of: sagas) { number, scene in scene.event.link?.definition = UInt16(number % size) }
  }

  static func typesView(_ size: Int) -> Int {
    let scene = Scene(
      (0..<size).map { type in
        var saga = Shop.system.sagas[0]
        saga.type = "order-\(type)"
        return saga
      })
    for _ in 0..<10 { _ = scene.store.overview(limit: 20, now: Shop.now) }
    return 10 * size
  }

  static func steps(_ size: Int) -> Int {
    var saga = Shop.system.sagas[0]
    saga.steps += (4..<max(5, size)).map { StepDefinition(name: "step-\($0)") }
    return fold(10_000, of: [saga]) { _, _ in }
  }

  static func nodesSnapshot(_ size: Int) -> Int {
    let scene = Scene(Shop.system.sagas)
    scene.fold(events: 5 * size, sagas: size) { number, scene in
      scene.event.node = scene.symbols.symbol("pod-\(number % size)")
    }
    _ = scene.store.snapshot(now: Shop.now)
    return size
  }

  static func undecoded(_ size: Int) -> Int {
    let scene = Scene(Shop.system.sagas)
    let text = Array("key".utf8)
    for start in stride(from: 0, to: events, by: batch) {
      var messages = EventBatch(arena: text)
      messages.undecoded = (start..<start + batch).map { number in
        UndecodedMessage(
          origin: Origin(topic: scene.symbols.symbol("t\(number % size)"), partition: 0, offset: Int64(number)),
          time: Shop.now, reason: "not JSON: \(letters(number % size))", text: MessageSlice(keyLength: text.count))
      }
      scene.store.accept(messages)
    }
    _ = scene.store.events(EventQuery(), now: Shop.now)
    return events
  }

  static func groups(_ size: Int) -> Int { lag(groups: size, partitions: 20) }

  static func partitions(_ size: Int) -> Int { lag(groups: 10, partitions: size) * size / 10 }

  private static func lag(groups: Int, partitions: Int) -> Int {
    let scene = Scene(Shop.system.sagas)
    let topic = scene.symbols.symbol("orders")
    for round in 0..<4 {
      scene.store.accept(
        LagSample(
          time: Shop.now + .seconds(round),
          partitions: (0..<partitions).map {
            PartitionOffsets(topic: topic, partition: Int32($0), start: 0, end: Int64(100 + round))
          },
          groups: (0..<groups).map { group in
            GroupSample(
              name: "group-\(group)", state: .stable, members: [],
              commits: (0..<partitions).map { .init(topic: topic, partition: Int32($0), offset: Int64(90 + round)) })
          }))
      _ = scene.store.groups(GroupQuery(), now: Shop.now + .seconds(round))
      _ = scene.store.topics(TopicQuery(), now: Shop.now + .seconds(round))
    }
    return groups
  }

  static func endpoints(_ size: Int) -> Int {
    let services = (0..<size).map { ServiceDefinition(name: "s\($0)", instances: [.init(url: "http://s\($0)/health")]) }
    let store = Store(
      Shop.system, context: .init(name: source), services: services, symbols: SymbolTable(), now: { Shop.now })
    for round in 0..<10 {
      for service in services {
        store.accept(
          ServiceSample(
            service: service.name, instance: 0, time: Shop.now + .seconds(round),
            outcome: .answered(.init(status: 200, phases: .init(total: .milliseconds(3))))))
      }
      _ = store.services(ServiceQuery(), now: Shop.now + .seconds(round))
    }
    return size
  }

  static func locks(_ size: Int) throws -> Int {
    let definition = LockDefinition(pattern: try LockPattern("lock:{orderId}"))
    let store = Store(
      SystemDefinition(name: source, topics: [], sagas: [], locks: [definition]), context: .init(name: source),
      symbols: SymbolTable(), now: { Shop.now })
    for round in 0..<3 {
      let time = Shop.now + .seconds(round)
      store.accept(
        LockSample(
          source: "redis", time: time,
          locks: (0..<size).map { number in
            LockObservation(
              key: "lock:\(number)", definition: 0, holders: [LockHolder(token: "t-\(number)")], time: time,
              ttl: .seconds(30))
          }))
      _ = store.locks(LockQuery(), now: time)
    }
    return size
  }

  /// Without digits, so that texts stay distinct.
  private static func letters(_ number: Int) -> String {
    var (text, rest) = ("", number)
    repeat {
      text.unicodeScalars.append(Unicode.Scalar(UInt8(97 + rest % 26)))
      rest /= 26
    } while rest > 0
    return text
  }

  private static func fold(
    _ sagas: Int, of definitions: [SagaDefinition] = Shop.system.sagas, steps: Int = 5,
    _ change: (Int, Scene) -> Void
  ) -> Int {
    let scene = Scene(definitions)
    scene.fold(events: max(events, sagas), sagas: sagas, change)
    return max(events, sagas)
  }

  /// A store and the next event to fold.
  private final class Scene {
    let symbols = SymbolTable()
    let store: Store
    var event: Event

    init(_ sagas: [SagaDefinition]) {
      store = Store(
        SystemDefinition(name: source, topics: ["*"], sagas: sagas), context: .init(name: source),
        limits: StoreLimits(maxSagas: 1_000_000), symbols: symbols, now: { Shop.now })
      event = Event(type: .none, time: Shop.now, origin: Origin(topic: .none, partition: 0, offset: 0))
      store.accept(SourceStatus(.kafka, phase: .catchingUp))
    }

    /// Alternates between the sagas, each with the events of a shop's order.
    func fold(events: Int, sagas: Int, _ change: (Int, Scene) -> Void) {
      let types = [
        "order-created", "inventory-reserved", "payment-completed", "delivery-started", "delivery-completed",
      ]
      .map { symbols.symbol($0) }
      let topic = symbols.symbol("orders")
      for start in stride(from: 0, to: events, by: batch) {
        var batch = EventBatch()
        for number in start..<min(start + GrowthWork.batch, events) {
          event = Event(
            type: types[number / sagas % types.count],
            time: Shop.now - .seconds(60) + .microseconds(number),
            origin: Origin(topic: topic, partition: 0, offset: Int64(number)), node: symbols.symbol("node-2"),
            link: SagaLink(definition: 0, key: SagaKey(identity: 0, value: "\(number % sagas)")))
          change(number, self)
          batch.events.append(event)
        }
        store.accept(batch)
      }
    }
  }
}
