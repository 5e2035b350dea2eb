import Testing

@testable import Core

@Suite("The consumer group of a step's topic")
struct TopicReadersTests {
  private let symbols = SymbolTable()

  private func state(_ groups: [String], topic: String = "order-created") -> LagState {
    let symbol = symbols.symbol(topic)
    var state = LagState(symbols: symbols, topics: [symbols.symbol("order-created")])
    let readings = groups.map {
      GroupSample(
        name: $0,
        commits: [.init(topic: symbol, partition: 0, offset: 1), .init(topic: symbol, partition: 1, offset: nil)])
    }
    let reading = LagSample(time: LagScenario.start, groups: readings)
    state.begin(reading, isWhole: false)
    for group in readings { state.fold(group, at: reading.time) }
    state.finish(reading)
    return state
  }

  @Test(
    "the only group that commits to it, or the only one named after the step; otherwise none",
    arguments: [
      (["stock"], "stock"), (["inventory-service", "notification"], "inventory-service"), (["a", "b"], nil),
      (["inventory-1", "inventory-2"], nil), ([], nil),
    ] as [([String], String?)])
  func reader(groups: [String], expected: String?) {
    let found = state(groups).readers.group(
      of: symbols.symbol("order-created"), service: "inventory-service", step: "inventory")
    #expect(found == expected)
  }

  @Test("groups of other topics are not considered")
  func otherTopic() {
    let found = state(["stock"], topic: "elsewhere").readers.group(
      of: symbols.symbol("order-created"), service: nil, step: "inventory")
    #expect(found == nil)
  }
}
