import TestRandom
import Testing

@testable import Core

@Suite("Totals of nodes and compensations equal a full recount")
struct RecountTests {
  private static func history(_ random: inout SeededRandom, _ maker: inout EventMaker) -> [Event] {
    (0..<Int.random(in: 1...80, using: &random)).map { _ in
      let isOrder = Bool.random(using: &random)
      let rule = (isOrder ? ShopFixture.order : ShopFixture.orchestrated).events.randomElement(using: &random)
      let first = SagaKey(identity: 0, value: "a\(Int.random(in: 0...5, using: &random))")
      let second = SagaKey(identity: 1, value: "b\(first.value)")
      let keys = [[first], [second], [first, second]].randomElement(using: &random) ?? [first]
      return maker.event(
        rule?.type ?? "", at: Int64.random(in: 0...40, using: &random) * 250, id: keys[0].value,
        identity: keys[0].identity, more: Array(keys.dropFirst()), definition: isOrder ? 0 : 1,
        node: ["", "n1", "n2", "n3"].randomElement(using: &random) ?? "",
        steps: [["payment", "confirmation", "surprise"].randomElement(using: &random) ?? ""],
        error: [nil, "short 1", "declined"].randomElement(using: &random) ?? nil,
        fingerprint: UInt64.random(in: 0...30, using: &random))
    }
  }

  private struct Sum: Equatable {
    var sagas = 0
    var steps = 0
    var failed = 0
    var undone = 0
  }

  private struct Round {
    var saga: SagaHandle
    var type: String
    var status: SagaStatus
    var failedStep: String?
    var isLast: Bool
  }

  private static func rounds(_ sagas: [SagaView]) -> [Round] {
    sagas.flatMap { view in
      view.earlier.map {
        Round(
          saga: view.row.handle, type: view.row.type, status: $0.status, failedStep: $0.failedStep, isLast: false)
      } + [
        Round(
          saga: view.row.handle, type: view.row.type, status: view.row.status, failedStep: view.row.failedStep,
          isLast: true)
      ]
    }
  }

  private static func recount(_ sagas: [SagaView]) -> [String: Sum] {
    var sums: [String: Sum] = [:]
    for view in sagas {
      let row = view.row
      var nodes: Set<String> = []
      for step in view.earlier.flatMap(\.steps) + row.steps {
        for attempt in step.attempts where attempt.endedAt != nil {
          guard let node = attempt.node else { continue }
          nodes.insert(node)
          sums[node, default: Sum()].steps += 1
          if attempt.hasFailed { sums[node, default: Sum()].failed += 1 }
        }
        guard let node = step.compensationNode, step.compensatedAt != nil else { continue }
        if step.status == .compensated {
          sums[node, default: Sum()].undone += 1
          nodes.insert(node)
        } else if step.status == .compensationFailed {
          sums[node, default: Sum()].failed += 1
          sums[node, default: Sum()].steps += 1
          nodes.insert(node)
        }
      }
      if nodes.isEmpty, let node = row.node { nodes = [node] }
      for node in nodes { sums[node, default: Sum()].sagas += 1 }
    }
    return sums
  }

  @Test("for any arrival order of events", arguments: 1...300)
  func recounted(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = Self.history(&random, &maker)
    let isBounded = seed % 5 == 0
    let store = maker.store(limits: isBounded ? StoreLimits(maxSagas: 3) : StoreLimits())
    let repeated = events.filter { _ in Int.random(in: 0...3, using: &random) == 0 }
    for event in (events + repeated).shuffled(using: &random) { store.accept(EventBatch(events: [event])) }
    let now = ShopFixture.time(11_000)
    let sagas = store.sagas(SagaQuery(limit: 1000), now: now).rows.compactMap { store.saga($0.handle, now: now) }
    let nodes = store.nodes(NodeQuery(limit: 100), now: now).rows
    let sums = nodes.map {
      ($0.node, Sum(sagas: $0.sagas ?? 0, steps: $0.steps ?? 0, failed: $0.failed ?? 0, undone: $0.undone ?? 0))
    }
    #expect(Dictionary(uniqueKeysWithValues: sums) == Self.recount(sagas), "seed \(seed)")
    Self.expectRollBacks(store.compensations(CompensationQuery(limit: 1000), now: now), of: sagas, seed: seed)
  }

  private static func expectRollBacks(_ view: CompensationList, of sagas: [SagaView], seed: Int) {
    let rolledBack = rounds(sagas).filter { ![.running, .completed].contains($0.status) }
    #expect(view.matching == rolledBack.count, "seed \(seed)")
    #expect(view.total == rolledBack.count, "seed \(seed)")
    #expect(Set(view.rows.map(\.saga)) == Set(rolledBack.map(\.saga)), "seed \(seed)")
    #expect(view.sums.compensating == rolledBack.count { $0.isLast && $0.status == .compensating })
    #expect(view.sums.failed == rolledBack.count { $0.isLast && $0.status == .failed })
    let causes = Dictionary(grouping: rolledBack) { "\($0.type)/\($0.failedStep ?? "")" }.mapValues(\.count)
    let found = view.sums.causes.map { ("\($0.type)/\($0.step ?? "")", $0.count) }
    #expect(Dictionary(uniqueKeysWithValues: found) == causes, "seed \(seed)")
    let durations = view.rows.filter { $0.outcome == .compensated }.compactMap { row in
      row.endedAt.map { max(.zero, $0 - row.startedAt) }
    }
    let mean = durations.isEmpty ? nil : durations.reduce(.zero, +) / durations.count
    let isOff = (view.sums.mean ?? .zero) - (mean ?? .zero)
    #expect((view.sums.mean == nil) == (mean == nil) && abs(isOff.milliseconds) < 0.001, "seed \(seed)")
    for item in view.sums.concentrations where item.kind == .step {
      #expect(item.count == rolledBack.count { $0.failedStep == item.name }, "seed \(seed)")
    }
  }
}
