/// State shared by all parts of a running system. Used only on the event loop's thread. `Book` defines all outcomes.
final class PlayContext<Book> {
  let loop: EventLoop
  let book: Book
  let faults: FaultSchedule
  let log: Log
  let ledger: Ledger
  let requests = RequestBook()
  /// Collects the spans of the services; `nil` without a trace store.
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

  /// Whether a fault is active now.
  func isOn(_ fault: Fault) -> Bool { faults.isOn(fault, at: elapsed) }
}

typealias LabContext = PlayContext<LabBook>
typealias ChatContext = PlayContext<ChatBook>
typealias ShopContext = PlayContext<OrderBook>

extension ShopContext {
  /// Whether a fault affects an order. This depends on the scheduled time of the order and not on its processing time, so the same seed
  /// gives the same outcome.
  func strikes(_ fault: Fault, _ orderId: Int) -> Bool { faults.isOn(fault, at: book.scheduled(orderId)) }
}
