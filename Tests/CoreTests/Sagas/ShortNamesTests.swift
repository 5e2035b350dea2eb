import Testing

@testable import Core

@Suite("Abbreviated names on the screen")
struct ShortNamesTests {
  @Test(
    "the shortest distinct suffixes",
    arguments: [
      (["net.shop.kitchen.api.CreateTicket", "net.shop.bank.api.Authorize"], ["CreateTicket", "Authorize"]),
      (["net.shop.kitchen.Create", "net.shop.bank.Create"], ["kitchen.Create", "bank.Create"]),
      (["Shop.Placed, Shop, Version=1.0.0.0", "Shop.Billed, Shop, Version=1.0.0.0"], ["Placed", "Billed"]),
      (["urn:message:Shop.Contracts:StockReserved"], ["StockReserved"]),
      (["payment", "stock_v2"], ["payment", "stock_v2"]),
      (["a.b", "a.b", "a.c"], ["b", "b", "c"]), (["b", "a.b"], ["b", "a.b"]), ([], []), ([""], [""]), (["..."], ["."]),
      (["order.created", "order-created"], ["created", "order-created"]),
    ])
  func shortened(names: [String], short: [String]) {
    #expect(ShortNames.shortened(names) == short)
  }

  @Test("different names stay different", arguments: 0..<50)
  func distinct(seed: Int) {
    let names = (0..<12).map { index in
      (0...(index + seed) % 4).map { ["a", "b", "c"][(seed * 7 + index * (5 + seed) + $0 * $0) % 3] }.joined(
        separator: ".")
    }
    let short = ShortNames.shortened(names)
    for left in names.indices {
      for right in names.indices { #expect((names[left] == names[right]) == (short[left] == short[right])) }
    }
  }
}
