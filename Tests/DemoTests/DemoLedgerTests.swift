import Testing

@testable import Demo

@Suite("The ledger")
struct DemoLedgerTests {
  private let entry = ShopEntry(
    time: 1, orderId: 7, event: "order-created", service: .order, node: "node-1", step: "order", effect: "completed")

  @Test("a missing line is reported")
  func full() throws {
    let ledger = try Ledger(path: "/dev/full")
    #expect(ledger.failure == nil)
    ledger.write(entry.line)
    #expect(ledger.failure == "the ledger is not complete: No space left on device")
  }

  @Test("without a file no line is missing")
  func none() throws {
    let ledger = try Ledger(path: nil)
    ledger.write(entry.line)
    #expect(ledger.failure == nil)
  }
}
