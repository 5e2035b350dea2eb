import Core
import Glibc

/// Cost of many stored sagas of four steps: memory, reading of each list in each order, and removal.
struct SagasBench {
  let sagas: Int
  let name: String

  private static let longestView = Duration.milliseconds(20)
  private static let longestHold = Duration.milliseconds(1)
  private static let filters = ["", "status:running", "step:payment", "age>1s", "keyboard", "node:node-2"]

  func run(_ budgets: Budgets) {
    print("\(sagas) sagas of four steps")
    measure(upTo: 5, "over", budgets)
    measure(upTo: 3, "active", budgets)
  }

  /// Measures sagas of which each has only its first `steps` events.
  private func measure(upTo steps: Int, _ state: String, _ budgets: Budgets) {
    let symbols = SymbolTable()
    let empty = Heap.bytes
    let store = Self.store(sagas: sagas, steps: steps, symbols: symbols)
    let bodies = min(StoreLimits().messageBytes, sagas * steps * 460)
    let bytes = Heap.bytes - empty
    print("  \(state): \(bytes / sagas) bytes each, of which \(bodies / sagas) are texts of messages")
    budgets.add(
      "a saga of four steps that is \(state)", Double(bytes / sagas), .atMost(1200), unit: " bytes",
      ratio: "\(bodies / sagas) of them texts of messages", by: name)
    views(of: store, state, budgets)
    if state == "over" { drop(store, budgets) }
  }

  static func store(sagas: Int, steps: Int, symbols: SymbolTable) -> Store {
    let store = Shop.store(symbols, limits: StoreLimits(maxSagas: sagas))
    for start in stride(from: 0, to: sagas, by: 10_000) {
      let messages = ShopMessages(Shop.events(orders: start..<min(start + 10_000, sagas), steps: steps))
      _ = messages.decode(symbols) { store.accept($0) }
    }
    return store
  }

  private func views(of store: Store, _ state: String, _ budgets: Budgets) {
    var longest = Duration.zero
    for filter in Self.filters {
      guard let parsed = try? Filter(parsing: filter, for: SagaRow.vocabulary) else { continue }
      let times = SagaOrder.allCases.map { order in
        (
          order,
          Timing.ofThread(runs: 5) { _ = store.sagas(SagaQuery(filter: parsed, order: order), now: Shop.now) }.median
        )
      }
      guard let worst = times.max(by: { $0.1 < $1.1 }) else { continue }
      longest = max(longest, worst.1)
      print("  \(state), sagas, filter `\(filter)`: at most \(Timing.fine(worst.1)), by \(worst.0.rawValue)")
    }
    let others: [(String, () -> Void)] = [
      ("overview", { _ = store.overview(limit: 20, now: Shop.now) }),
      ("compensations", { _ = store.compensations(CompensationQuery(), now: Shop.now) }),
      ("failures", { _ = store.failures(FailureQuery(), now: Shop.now) }),
      ("nodes", { _ = store.nodes(NodeQuery(), now: Shop.now) }),
      ("events", { _ = store.events(EventQuery(), now: Shop.now) }),
    ]
    let times = others.map { ($0.0, Timing.ofThread(runs: 5, $0.1).median) }
    print("  \(state), " + times.map { "\($0.0) \(Timing.fine($0.1))" }.joined(separator: ", "))
    longest = max(longest, times.map(\.1).max() ?? .zero)
    budgets.add(
      "any list, \(sagas) sagas that are \(state)", longest / .milliseconds(1),
      .atMost(Self.longestView / .milliseconds(1)), unit: " ms", by: name)
  }

  /// All sagas expire at the same time. A single call must not have to wait until all of them are dropped.
  private func drop(_ store: Store, _ budgets: Budgets) {
    store.accept(Shop.upToDate)
    var longest = Duration.zero
    let later = Shop.now + .seconds(100_000)
    let total = Timing.ofThread {
      while true {
        var left = 0
        longest = max(
          longest, Timing.ofThread { left = store.overview(limit: 0, now: later).total.counts.completed })
        if left == 0 { break }
      }
    }
    print("  letting them go: \(Timing.fine(total)) in all, a view waits \(Timing.fine(longest)) at most")
    budgets.add(
      "letting \(sagas) sagas go, one hold of the lock", longest / .milliseconds(1),
      .atMost(Self.longestHold / .milliseconds(1)), unit: " ms", by: name)
  }
}
