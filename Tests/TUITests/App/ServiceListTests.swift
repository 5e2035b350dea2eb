import Testing

@testable import Core
@testable import TUI

@Suite("List of services")
struct ServiceListTests {
  private static let size = Size(columns: 160, rows: 40)

  private func app(_ keys: String) -> App {
    Scene("", Scene.typed(keys), source: Fixture(head: Fixture.headWithServices)).app(size: Self.size)
  }

  private static func row(
    _ name: String, since: Int64? = nil, latency: Duration? = nil, uptime: Double? = nil, rate: Double? = nil
  ) -> ServiceRow {
    var instance = InstanceRow(url: "http://\(name)/", node: nil, verdict: .up)
    (instance.latency, instance.uptime) = (latency, uptime)
    if let rate {
      var first = MetricsPage()
      var second = MetricsPage()
      first.counters = [.init("", 0)]
      second.counters = [.init("", rate)]
      var metrics = MetricsState()
      metrics.note(first, at: Timestamp(milliseconds: 0))
      metrics.note(second, at: Timestamp(milliseconds: 1000))
      instance.metrics = metrics
    }
    return ServiceRow(
      name: name, verdict: .up, since: since.map { Since(Timestamp(milliseconds: $0)) }, instances: [instance])
  }

  private static let rows = [
    row("b", since: 5000, latency: .milliseconds(9), uptime: 1, rate: 4),
    row("c", since: 1000, latency: .milliseconds(30), uptime: 0.5, rate: 2), row("unknown"),
    row("a", since: 9000, latency: .milliseconds(1), uptime: 0.9, rate: 8),
  ]

  @Test(
    "each order has a direction that its title shows, and unknown values come last",
    arguments: [
      (ServiceOrder.severity, false, "b c unknown a"), (.severity, true, "a unknown c b"),
      (.name, false, "a b c unknown"), (.since, false, "c b a unknown"), (.latency, false, "c b a unknown"),
      (.latency, true, "a b c unknown"), (.uptime, false, "c a b unknown"), (.rate, false, "a b c unknown"),
    ])
  func sorting(_ order: ServiceOrder, _ isReversed: Bool, _ names: String) {
    let window = ServiceQuery(order: order, isReversed: isReversed).window(of: Self.rows, now: Fixture.now)
    #expect(window.rows.map(\.service.name).joined(separator: " ") == names)
  }

  @Test("keys select the order", arguments: [("6>", "name", false), ("6<", "rate", false), ("6I", "severity", true)])
  func keys(_ keys: String, _ order: String, _ isReversed: Bool) {
    let list = app(keys).services.list
    #expect(list.order.rawValue == order && list.isReversed == isReversed)
  }

  @Test("an order name shared by several lists applies to the visible one", arguments: ["severity", "name", "uptime"])
  func typed(_ word: String) {
    var app = app("6>>:sort \(word)")
    _ = app.handle(.enter, now: Fixture.now)
    #expect(app.view == .services && app.services.list.order.rawValue == word)
  }

  @Test("instances stay below their service in any order")
  func instances() {
    for order in ServiceOrder.allCases {
      let query = ServiceQuery(order: order, isReversed: true, limit: 100)
      let lines = query.window(of: Fixture.sampleServices, now: Fixture.now).rows
      var service = ""
      for line in lines {
        if line.place == nil { service = line.service.name }
        #expect(line.service.name == service)
      }
      #expect(lines.contains { $0.place == 1 })
    }
  }

  @Test("a click on a title sorts by its column, another one reverses")
  func titles() throws {
    let screen = app("6").frame(glyphs: .ascii).textRows
    let y = try #require(screen.firstIndex { $0.contains("LATENCY") })
    let x = try #require(screen[y].firstRange(of: "LATENCY")).lowerBound
    let click = Key.mouse(.click, x: screen[y].distance(from: screen[y].startIndex, to: x), y: y)
    for (clicks, isReversed) in [([click], false), ([click, click], true)] {
      let scene = Scene("", Scene.typed("6") + clicks, source: Fixture(head: Fixture.headWithServices))
      let list = scene.app(size: Self.size).services.list
      #expect(list.order == .latency && list.isReversed == isReversed)
    }
  }
}
