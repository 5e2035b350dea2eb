/// What every part of the open chat shares. One thread, the event loop's, owns all of it.
final class ChatContext {
  let loop: EventLoop
  let book: ChatBook
  let faults: FaultSchedule
  let log: Log
  let ledger: Ledger
  private let openedAt = Clock.monotonic()

  init(loop: EventLoop, book: ChatBook, faults: FaultSchedule, log: Log, ledger: Ledger) {
    self.loop = loop
    self.book = book
    self.faults = faults
    self.log = log
    self.ledger = ledger
  }

  /// Milliseconds since the chat opened.
  var elapsed: Int { Int(clamping: (Clock.monotonic() - openedAt) / 1_000_000) }

  /// Whether a fault is on now.
  func isOn(_ fault: Fault) -> Bool { faults.isOn(fault, at: elapsed) }
}
