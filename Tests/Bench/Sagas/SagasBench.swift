import Core
import Glibc

/// Cost of many stored sagas of four steps: memory, reading of each list in each order, and removal.
struct SagasBench {
  let sagas: Int

  private static let longestView = Duration.milliseconds(20)
  private static let longestHold = Duration.milliseconds(1)
  private static let filters = ["", "status:running", "step:payment", "age>1s", "keyboard", "node:node-2"]

  func run() {
    print("\(sagas) sagas of four steps")
    measure(upTo: 5, "over")
    measure(upTo: 3, "active")
  }

  /// Folds each saga's events up to a step, so that the saga remains in that state.
  private func measure(upTo steps: Int, _ name: String) {
    let symbols = SymbolTable()
    let empty = Heap.bytes
    let limits = StoreLimits(maxSagas: sagas)
    let store = Shop.store(symbols, limits: limits)
    for start in stride(from: 0, to: sagas, by: 10_000) {
      let messages = ShopMessages(Shop.events(orders: start..<min(start + 10_000, sagas), steps: steps))
      _ = messages.decode(symbols) { store.accept($0) }
    }
    let bodies = min(limits.messageBytes, sagas * steps * 460)
    let bytes = Heap.bytes - empty
    print("  \(name): \(bytes / sagas) bytes each, of which \(bodies / sagas) are texts of messages; budget 1,200")
    views(of: store, name)
    if name == "over" { drop(store) }
  }

  private func views(of store: Store, _ name: String) {
    for filter in Self.filters {
      guard let parsed = try? Filter(parsing: filter, for: SagaRow.vocabulary) else { continue }
      let times = SagaOrder.allCases.map { order in
        (
          order,
          Timing.ofThread(runs: 5) { _ = store.sagas(SagaQuery(filter: parsed, order: order), now: Shop.now) }.median
        )
      }
      guard let worst = times.max(by: { $0.1 < $1.1 }) else { continue }
      print("  \(name), sagas, filter `\(filter)`: at most \(Timing.fine(worst.1)), by \(worst.0.rawValue)")
    }
    let others: [(String, () -> Void)] = [
      ("overview", { _ = store.overview(limit: 20, now: Shop.now) }),
      ("compensations", { _ = store.compensations(CompensationQuery(), now: Shop.now) }),
      ("failures", { _ = store.failures(FailureQuery(), now: Shop.now) }),
      ("nodes", { _ = store.nodes(NodeQuery(), now: Shop.now) }),
      ("events", { _ = store.events(EventQuery(), now: Shop.now) }),
    ]
    let times = others.map { ($0.0, Timing.fine(Timing.ofThread(runs: 5, $0.1).median)) }
    print("  \(name), " + times.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
    print("  budget: \(Timing.fine(Self.longestView)) each")
  }

  /// All sagas expire at once; no single call may take long because of that.
  private func drop(_ store: Store) {
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
    print("  budget: \(Timing.fine(Self.longestHold)) for one hold")
  }
}
