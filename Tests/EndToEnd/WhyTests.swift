import Foundation
import Testing

/// Each fault of the demo: `sagatop why` names it as the cause for an affected order and not for an unaffected one.
@Suite("Diagnosis of the demo's faults", .serialized)
struct WhyTests {
  /// Seconds from the time at which an affected order shows the fault until `sagatop why` must name the cause.
  private static let patience = 15.0

  private func has(_ entries: [Ledger.Entry], _ event: String) -> Bool { entries.contains { $0.event == event } }

  private func quiet(_ entries: [Ledger.Entry]) -> Double {
    Date().timeIntervalSince1970 - (entries.map(\.time).max() ?? 0) / 1000
  }

  /// Whether the order waits at a step for longer than expected.
  private func waits(_ entries: [Ledger.Entry], after event: String, for seconds: Double = 2) -> Bool {
    entries.max { $0.time < $1.time }?.event == event && quiet(entries) > seconds
  }

  /// Completed in the usual time, without duplicate events.
  private func isSpared(_ entries: [Ledger.Entry]) -> Bool {
    let times = entries.map(\.time).sorted()
    return has(entries, "delivery-completed") && !entries.contains(where: \.isDuplicate)
      && (times.last ?? 0) - (times.first ?? 0) < 2000
  }

  /// Runs `sagatop why` until the expected cause is the first one; fails after a timeout.
  private func expect(
    _ kind: String, _ words: String, of order: String, in demo: Demo, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let start = Date()
    var last: Demo.Why?
    while Date().timeIntervalSince(start) < Self.patience {
      let why = try demo.why(order)
      last = why
      if why.first == kind, why.causes.first?.text.contains(words) == true {
        print("why: \(kind) of \(order) after \(Int(Date().timeIntervalSince(start) * 1000)) ms: \(why.causes[0].text)")
        return
      }
    }
    Issue.record("\(order): \(String(describing: last))", sourceLocation: sourceLocation)
  }

  private func expectNot(_ kinds: Set<String>, of order: String, in demo: Demo) throws {
    let why = try demo.why(order)
    #expect(why.causes.allSatisfy { !kinds.contains($0.kind) }, "\(order): \(why)")
  }

  @Test("payment-down: the service is down")
  func paymentDown() throws {
    let demo = try Demo(["--rate", "10", "--fault", "payment-down@8"])
    let struck = try demo.order("waits for its payment") { waits($0, after: "inventory-reserved") }
    try expect("serviceDown", "payment-service is down", of: struck, in: demo)
    try expectNot(["serviceDown", "groupEmpty"], of: try demo.order("is spared", where: isSpared), in: demo)
  }

  @Test("slow-user-service: the call that the payment waits for, from the trace")
  func slowUserService() throws {
    let demo = try Demo(["--rate", "4", "--fault", "slow-user-service@8"])
    let struck = try demo.order("waits for its payment") { waits($0, after: "inventory-reserved", for: 5) }
    try expect("callFailed", "payment-service called user-service: HTTP 503", of: struck, in: demo)
    try expectNot(["callFailed", "callSlow"], of: try demo.order("is spared", where: isSpared), in: demo)
  }

  @Test("payment-oom: the pod's death, ranked before the service being down")
  func paymentOOM() throws {
    let demo = try Demo(["--rate", "4", "--fault", "payment-oom@8"])
    let struck = try demo.order("waits for its payment") { waits($0, after: "inventory-reserved") }
    try expect("podDied", "payment-service-7f9c5-node-1 was OOMKilled", of: struck, in: demo)
    try expectNot(["podDied"], of: try demo.order("is spared", where: isSpared), in: demo)
  }

  /// Causes found through traces and pods.
  private static let outside: Set<String> = ["callFailed", "callSlow", "podDied", "podNotStarting", "rolloutUnderWay"]

  /// The newest `count` orders that fulfil the condition. Waits until there are enough.
  private func orders(_ demo: Demo, atLeast count: Int, where isMeant: ([Ledger.Entry]) -> Bool) throws -> [String] {
    try eventually(within: 30, "\(count) such orders") {
      let found = try demo.ledger.orders.filter { isMeant($0.value) }.keys.sorted { Int($0) ?? 0 > Int($1) ?? 0 }
      return found.count < count ? nil : Array(found.prefix(count))
    }
  }

  @Test("healthy and completed orders have no call or pod as a cause: before, during and after faults")
  func healthy() throws {
    let demo = try Demo([
      "--rate", "4", "--fault", "payment-oom@8", "--fault", "slow-user-service@8", "--fault", "payment-healed@16",
      "--fault", "user-service-normal@16",
    ])
    func expectNone(_ order: String, _ when: String) throws {
      let why = try demo.why(order)
      #expect(why.causes.allSatisfy { !Self.outside.contains($0.kind) }, "\(when), \(order): \(why)")
    }
    for order in try orders(demo, atLeast: 3, where: isSpared) { try expectNone(order, "before") }
    let struck = try demo.order("waits for its payment") { waits($0, after: "inventory-reserved") }
    try expect("podDied", "was OOMKilled", of: struck, in: demo)
    let start = demo.openedAt
    for order in try orders(demo, atLeast: 3, where: { isSpared($0) && ($0.map(\.time).max() ?? 0) / 1000 > start + 5 })
    {
      try expectNone(order, "beside")
    }
    let isLate = { (entries: [Ledger.Entry]) in (entries.map(\.time).min() ?? 0) / 1000 > start + 17 }
    for order in try orders(demo, atLeast: 4, where: { isLate($0) && isSpared($0) }) { try expectNone(order, "after") }
    for _ in 0..<3 {
      let fresh = try demo.order("is under way") { isLate($0) && !has($0, "delivery-completed") && quiet($0) < 1 }
      let why = try demo.why(fresh)
      // An order that was compensated or became late in the meantime is not healthy.
      guard ["none", "waiting"].contains(why.trouble) else { continue }
      #expect(why.causes.allSatisfy { !Self.outside.contains($0.kind) }, "\(fresh): \(why)")
    }
  }

  @Test("slow-inventory: the slow step, for an active and for a completed order")
  func slowInventory() throws {
    let demo = try Demo(["--rate", "10", "--fault", "slow-inventory@8"])
    let struck = try demo.order("was slow at inventory") { entries in
      // An order with a declined card was compensated for that reason.
      guard has(entries, "delivery-completed"), let first = entries.first(where: { $0.event == "order-created" }),
        let second = entries.first(where: { $0.event == "inventory-reserved" })
      else { return false }
      return second.time - first.time > 2500
    }
    try expect("slowStep", "inventory", of: struck, in: demo)
    try expectNot(["slowStep"], of: try demo.order("is spared", where: isSpared), in: demo)
  }

  @Test("stock-out and duplicates: the refusal; duplicates, which are harmless")
  func stockOutAndDuplicates() throws {
    let demo = try Demo(["--rate", "20", "--fault", "stock-out", "--fault", "duplicates"])
    let refused = try demo.order("is refused") { entries in
      has(entries, "order-cancelled") && entries.contains { $0.error?.hasPrefix("stock short") ?? false }
    }
    try expect("stepFailed", "inventory failed: stock short", of: refused, in: demo)
    let copied = try demo.order("has a copy") { has($0, "delivery-completed") && $0.contains(where: \.isDuplicate) }
    try expect("duplicates", "harmless", of: copied, in: demo)
    try expectNot(["stepFailed", "duplicates"], of: try demo.order("is spared", where: isSpared), in: demo)
  }

  @Test("poison: the message at which the group is stuck")
  func poison() throws {
    let demo = try Demo(["--rate", "20", "--fault", "poison@4"])
    let struck = try demo.order("waits behind it") { waits($0, after: "inventory-reserved") }
    try expect("poisonMessage", "inventory-reserved/", of: struck, in: demo)
    let spared = try demo.order("is spared") { isSpared($0) && ($0.map(\.time).max() ?? 0) / 1000 > demo.openedAt + 5 }
    try expectNot(["poisonMessage", "groupStalled", "groupBehind"], of: spared, in: demo)
  }

  @Test("node-lost: the node, for an order whose message it had and for an order queued after it")
  func nodeLost() throws {
    let demo = try Demo(["--rate", "10", "--fault", "node-lost@5"])
    let struck = try demo.order("waits for the node") { entries in
      !has(entries, "delivery-completed") && !has(entries, "order-cancelled") && quiet(entries) > 2
    }
    try expect("nodeLost", "node-3 is lost", of: struck, in: demo)
    try expectNot(["nodeLost"], of: try demo.order("is spared", where: isSpared), in: demo)
  }

  @Test("lock-leak: the lock without an expiry, for the orders of its product")
  func lockLeak() throws {
    let demo = try Demo(["--rate", "20", "--fault", "lock-leak@4"])
    let struck = try demo.order("waits for the lock") { waits($0, after: "order-created") }
    try expect("lockImmortal", "inventory:lock:1", of: struck, in: demo)
    let spared = try demo.order("is spared") { isSpared($0) && ($0.map(\.time).max() ?? 0) / 1000 > demo.openedAt + 5 }
    try expectNot(["lockImmortal"], of: spared, in: demo)
  }

  @Test("circuit-open: the open circuit breaker")
  func circuitOpen() throws {
    let demo = try Demo(["--rate", "10", "--fault", "circuit-open@4"])
    let struck = try demo.order("waits for its payment") { waits($0, after: "inventory-reserved", for: 3) }
    try expect("circuitOpen", "paymentGateway", of: struck, in: demo)
    try expectNot(["circuitOpen"], of: try demo.order("is spared", where: isSpared), in: demo)
  }

  @Test("an unknown order exits with 66, and the text output is readable")
  func words() throws {
    let demo = try Demo(["--broker", "mock", "--rate", "10"])
    let environment = ["SAGATOP_CONFIG": demo.configuration]
    let none = try Run.sagatop(["why", "no-such-order", "--timeout", "20s"], environment: environment)
    #expect(none.code == 66 && none.errors.contains("no saga has the id `no-such-order`"), "\(none.errors)")
    let done = try demo.order("is completed") { has($0, "delivery-completed") }
    let text = try Run.sagatop(["why", done, "--timeout", "20s"], environment: environment)
    #expect(text.code == 0 && text.output.hasPrefix("order \(done) completed"), "\(text.output)")
    let report = try Run.sagatop(["report", done, "--timeout", "20s"], environment: environment)
    #expect(report.code == 0 && report.output.contains("# Incident: order \(done)"), "\(report.errors)")
    #expect(report.output.contains("sequenceDiagram"))
    let picture = try Run.sagatop(
      ["report", "--since", "10m", "-o", "svg", "--timeout", "20s"], environment: environment)
    #expect(picture.code == 0 && picture.output.hasPrefix("<svg "), "\(picture.errors)")
    #expect(try Run.sagatop(["report"]).code == 64)
    #expect(try Run.sagatop(["why"]).code == 64)
    #expect(try Run.sagatop(["why", "1", "2"]).code == 64)
    #expect(try Run.sagatop(["why", "1", "-o", "svg"]).code == 64)
  }
}
