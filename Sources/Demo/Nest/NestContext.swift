/// What every part of the open nest shares. One thread, the event loop's, owns all of it.
final class NestContext {
  let loop: EventLoop
  let book: NestBook
  let faults: FaultSchedule
  let log: Log
  let ledger: Ledger
  let nodes: [String]
  private let openedAt = Clock.monotonic()
  private var turn = 0

  init(loop: EventLoop, book: NestBook, faults: FaultSchedule, log: Log, ledger: Ledger, nodes: [String]) {
    self.loop = loop
    self.book = book
    self.faults = faults
    self.log = log
    self.ledger = ledger
    self.nodes = nodes
  }

  /// Milliseconds since the nest opened.
  var elapsed: Int { Int(clamping: (Clock.monotonic() - openedAt) / 1_000_000) }

  /// Whether a fault is on now.
  func isOn(_ fault: Fault) -> Bool { faults.isOn(fault, at: elapsed) }

  /// Whether a fault strikes an order: decided by when the order is placed, so that the same seed gives the same outcome.
  func strikes(_ fault: Fault, _ order: NestOrder) -> Bool { faults.isOn(fault, at: order.placedMilliseconds) }

  func isRunning(_ node: String) -> Bool { !(isOn(.nodeLost) && node == nodes.last) }

  /// The node whose turn it is, as a proxy in front of them deals requests out; `nil` when none runs.
  func nextNode() -> String? {
    let running = nodes.filter(isRunning)
    guard !running.isEmpty else { return nil }
    turn &+= 1
    return running[turn % running.count]
  }
}
