import TestRandom
import Testing

@testable import Core

@Suite("Statistics of nodes")
struct NodeTests {
  private static func view(_ store: Store, at milliseconds: Int64) -> NodeList {
    store.nodes(NodeQuery(limit: 100), now: ShopFixture.time(milliseconds))
  }

  /// `counts[n]` sagas whose steps are executed by node `n`, one every 10 ms.
  private static func spread(_ counts: [Int], steps: [String] = ["order-created"]) -> Store {
    var maker = EventMaker()
    let store = maker.store()
    var nodes = counts.enumerated().flatMap { Array(repeating: "node-\($0.offset + 1)", count: $0.element) }
    var random = SeededRandom(seed: 3)
    nodes.shuffle(using: &random)
    var events: [Event] = []
    for (saga, node) in nodes.enumerated() {
      for step in steps { events.append(maker.event(step, at: Int64(saga) * 10, id: "\(saga)", node: node)) }
    }
    store.accept(EventBatch(events: events))
    return store
  }

  @Test("a node's version is that of its latest event, in any event order; many nodes cost no more")
  func version() {
    var maker = EventMaker()
    let store = maker.store()
    func event(_ milliseconds: Int64, _ node: String, _ version: String) -> Event {
      var event = maker.event("order-created", at: milliseconds, id: "\(milliseconds)", node: node)
      event.version = maker.symbols.symbol(version)
      return event
    }
    store.accept(EventBatch(events: [event(20, "n1", "1.1"), event(10, "n1", "1.0"), event(30, "n1", "")]))
    store.accept(EventBatch(events: [event(40, "n2", "")]))
    #expect(Self.view(store, at: 100).rows.map { $0.version ?? "?" } == ["1.1", "?"])
    for number in 0..<2000 { store.accept(EventBatch(events: [event(Int64(1000 + number), "x\(number)", "2")])) }
    #expect(store.nodes(NodeQuery(limit: 3000), now: ShopFixture.time(9000)).rows.count { $0.version != nil } <= 1000)
  }

  @Test(
    "equal thirds are even, 40/30/30 of 1,000 sagas is skewed, of 100 it may be chance",
    arguments: [
      ([334, 333, 333], NodeVerdict.even), ([400, 300, 300], .skewed), ([40, 30, 30], .even), ([3, 1, 1], .unknown),
      ([1000], .unknown), ([500, 500, 2], .skewed),
    ])
  func verdicts(counts: [Int], verdict: NodeVerdict) {
    for steps in [["order-created"], ["order-created", "inventory-reserved", "payment-completed"]] {
      let view = Self.view(Self.spread(counts, steps: steps), at: Int64(counts.reduce(0, +)) * 10)
      #expect(Set(view.rows.map(\.verdict)) == [verdict], "\(view.rows)")
      #expect(view.rows.compactMap(\.sagas).reduce(0, +) == counts.reduce(0, +))
    }
  }

  @Test("if no step has a node, sagas are counted; a step with nodes takes their place")
  func sagasOnly() {
    var maker = EventMaker()
    let store = maker.store()
    for saga in 0..<90 {
      let (id, time) = ("s\(saga)", Int64(saga) * 10)
      store.accept(
        EventBatch(events: [
          maker.event("SagaStarted", at: time, id: id, definition: 1, node: "node-\(saga % 3)"),
          maker.event("SagaStepCompleted", at: time + 5, id: id, definition: 1, steps: ["payment"]),
        ]))
    }
    let view = Self.view(store, at: 1000)
    #expect(view.rows.map(\.sagas) == [30, 30, 30] && view.rows.map(\.steps) == [0, 0, 0] && view.unnamed == 0)
    #expect(view.rows.allSatisfy { $0.verdict == .even && $0.share == 1.0 / 3 })
    #expect(view.spreads.map { $0.test?.step } == ["booking"])
    let late = maker.event("SagaStepCompleted", at: 6, id: "s0", definition: 1, node: "node-1", steps: ["confirmation"])
    store.accept(EventBatch(events: [late]))
    let rows = Self.view(store, at: 1000).rows.sorted { $0.node < $1.node }
    #expect(rows.map(\.sagas) == [29, 31, 30] && rows.map(\.steps) == [0, 1, 0])
  }

  @Test("of equally spread steps the first by name is reported, regardless of arrival order")
  func alike() throws {
    for known in [[], ["payment", "order", "inventory"], ["inventory", "payment"]] {
      var maker = EventMaker()
      for name in known { _ = maker.symbols.symbol(name) }
      let store = maker.store()
      var events: [Event] = []
      for saga in 0..<100 {
        for step in ["order-created", "inventory-reserved", "payment-completed"] {
          events.append(maker.event(step, at: Int64(saga), id: "\(saga)", node: "node-\(saga % 2)"))
        }
      }
      store.accept(EventBatch(events: events))
      #expect(Self.view(store, at: 300).spreads.map { $0.test?.step } == ["inventory"])
    }
  }

  @Test("shares are identical to the last digit for any counting order")
  func exactShares() {
    var shares: Set<[Double?]> = []
    for _ in 0..<8 {
      var maker = EventMaker()
      let store = maker.store()
      let steps = (0..<40).map { "step \($0)" }
      let events = (0..<50).flatMap { saga in
        steps.enumerated().compactMap { place, step in
          saga % (place + 2) == 1
            ? nil
            : maker.event(
              "SagaStepCompleted", at: Int64(saga), id: "\(saga)", definition: 1, node: "n\(saga % (1 + place % 7))",
              steps: [step])
        }
      }
      store.accept(EventBatch(events: events))
      shares.insert(Self.view(store, at: 300).rows.flatMap { [$0.share, $0.evenShare] })
    }
    #expect(shares.count == 1)
  }

  @Test("nodes of different services are not compared")
  func services() throws {
    var maker = EventMaker()
    let store = maker.store()
    var events: [Event] = []
    for saga in 0..<300 {
      events.append(maker.event("order-created", at: Int64(saga), id: "\(saga)", node: "order-\(saga % 2)"))
      events.append(maker.event("inventory-reserved", at: Int64(saga), id: "\(saga)", node: "stock-\(saga % 3)"))
    }
    store.accept(EventBatch(events: events))
    let view = Self.view(store, at: 300)
    #expect(view.spreads.map(\.nodes) == [3, 2])
    #expect(view.rows.allSatisfy { $0.verdict == .even })
    #expect(view.rows.first { $0.node == "order-0" }?.share == 0.5)
    #expect(abs((view.rows.first { $0.node == "stock-0" }?.share ?? 0) - 1.0 / 3) < 1e-9)
  }

  @Test("a node is silent if it stopped while others continue, not if all stopped")
  func silence() {
    var maker = EventMaker()
    let store = maker.store()
    for saga in 0..<600 {
      let node = saga < 300 ? "node-\(saga % 3)" : "node-\(saga % 2)"
      store.accept(EventBatch(events: [maker.event("order-created", at: Int64(saga) * 100, id: "\(saga)", node: node)]))
    }
    let view = Self.view(store, at: 60_000)
    #expect(view.rows.filter { $0.verdict == .silent }.map(\.node) == ["node-2"])
    #expect(view.rows.first?.node == "node-2")
    #expect(view.rows.first?.reason == "no work for 30s while its peers work")
    // The work that the other nodes took over is not judged as skew.
    #expect(view.rows.dropFirst().allSatisfy { $0.verdict == .even })
    #expect(!Self.view(store, at: 200_000).rows.contains { $0.verdict == .silent })
  }

  @Test("a silent node does not make the others skewed: work that they took over is not judged")
  func takenOver() throws {
    var maker = EventMaker()
    let store = maker.store()
    for saga in 0..<900 {
      let node = saga < 300 ? saga % 3 : saga % 3 == 0 ? 0 : 1
      store.accept(
        EventBatch(events: [maker.event("order-created", at: Int64(saga) * 100, id: "\(saga)", node: "node-\(node)")]))
    }
    let view = Self.view(store, at: 90_000)
    #expect(view.rows.map(\.verdict).sorted() == [.unknown, .unknown, .silent])
    let test = try #require(view.spreads.first?.test)
    #expect(!test.isSkewed && test.isDoubtful && test.p < 0.01)
  }

  @Test(
    "if all but one of 900 nodes are silent, the active one is not, and a snapshot has the same diagnosis as a saga's page"
  )
  func manySilent() {
    var maker = EventMaker()
    let store = maker.store()
    let events = (0..<1600).map { saga in
      let (node, time) = saga < 900 ? (saga, Int64(saga) * 10) : (0, Int64(saga - 890) * 1000)
      return maker.event("order-created", at: time, id: "\(saga)", node: "node-\(node)")
    }
    store.accept(EventBatch(events: events))
    let now = ShopFixture.time(710_000)
    let list = store.nodes(NodeQuery(limit: 1000), now: now)
    #expect(list.rows.filter { $0.verdict != .silent }.map(\.node) == ["node-0"])
    let diagnoses = store.snapshot(now: now).diagnoses
    #expect(!diagnoses.isEmpty)
    for (handle, diagnosis) in diagnoses.prefix(5) { #expect(store.diagnosis(handle, now: now) == diagnosis) }
  }

  @Test("work without a node is counted, and without any node name the group members are listed")
  func members() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(EventBatch(events: [maker.event("order-created", at: 0)]))
    let topic = maker.symbols.symbol("orders")
    let members = (0..<2).map { index in
      GroupSample.Member(
        id: "m\(index)", clientID: "pay-\(index)", host: "/10.0.0.\(index)",
        partitions: [TopicPartitionKey(topic: topic, partition: Int32(index))])
    }
    var reading = LagSample(time: ShopFixture.time(0), took: .zero, requests: 1, isListed: true)
    reading.groups = [GroupSample(name: "g", members: members), GroupSample(name: "h", members: [members[0]])]
    store.accept(reading)
    let view = Self.view(store, at: 0)
    #expect(view.naming == .members)
    #expect(view.unnamed == 1)
    #expect(view.rows.map(\.node) == ["pay-0 /10.0.0.0", "pay-1 /10.0.0.1"])
    #expect(view.rows.map(\.groups) == [["g", "h"], ["g"]])
    #expect(view.rows.map(\.partitions) == [2, 1])
    #expect(store.members(MemberQuery(), now: ShopFixture.time(0)).rows.map(\.group) == ["g", "g", "h"])
  }
}
