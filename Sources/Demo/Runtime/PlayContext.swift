/// What every part of an open system shares. One thread, the event loop's, owns all of it. `Book` decides what will happen.
final class PlayContext<Book> {
  let loop: EventLoop
  let book: Book
  let faults: FaultSchedule
  let log: Log
  let ledger: Ledger
  let requests = RequestBook()
  /// Where services report their spans; nil where there is no trace store.
  var spans: SpanBook?
  private let openedAt = Clock.monotonic()

  init(loop: EventLoop, book: Book, faults: FaultSchedule, log: Log, ledger: Ledger) {
    self.loop = loop
    self.book = book
    self.faults = faults
    self.log = log
    self.ledger = ledger
  }

  /// Milliseconds since the system opened.
  var elapsed: Int { Int(clamping: (Clock.monotonic() - openedAt) / 1_000_000) }

  /// Whether a fault is on now.
  func isOn(_ fault: Fault) -> Bool { faults.isOn(fault, at: elapsed) }
}

typealias LabContext = PlayContext<LabBook>
typealias ChatContext = PlayContext<ChatBook>
typealias ShopContext = PlayContext<OrderBook>

extension ShopContext {
  /// Whether a fault strikes an order: decided by when the order is placed, not by when it is worked on, so that the
  /// same seed gives the same outcome.
  func strikes(_ fault: Fault, _ orderId: Int) -> Bool { faults.isOn(fault, at: book.scheduled(orderId)) }
}
