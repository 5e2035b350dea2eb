import Testing
import Text

@testable import Core

@Suite("Surroundings of a saga")
struct SurroundingsTests {
  @Test("lock keys are built from message members at any depth, if every placeholder has a value")
  func fields() throws {
    var fields = SagaFields(names: ["productId", "orderId"])
    fields.add("orderId", "5")
    fields.add("userId", "9")
    let body = #"{"data":{"items":[{"productId":7},{"productId":"b-8"},{"productId":7}]},"productId":null}"#
    fields.add(try #require(JSONNode(Array(body.utf8))))
    #expect(fields.values == ["orderId": ["5"], "productId": ["7", "b-8"]])
    #expect(try fields.keys(of: LockPattern("lock:{productId}")) == ["lock:7", "lock:b-8"])
    #expect(try fields.keys(of: LockPattern("lock:{orderId}:{productId}")).sorted() == ["lock:5:7", "lock:5:b-8"])
    #expect(try fields.keys(of: LockPattern("lock:{userId}")) == [])
    #expect(try fields.keys(of: LockPattern("lock:*:{orderId}")) == [])
  }

  @Test("values and keys are limited")
  func bounded() throws {
    var fields = SagaFields(names: ["a", "b"])
    for number in 0..<100 {
      fields.add("a", "\(number)")
      fields.add("b", "\(number)")
    }
    let keys = try fields.keys(of: LockPattern("lock:{a}:{b}"))
    #expect(keys.count == 32 && keys.prefix(2) == ["lock:0:0", "lock:0:1"])
    for _ in 0..<10 { #expect(try fields.keys(of: LockPattern("lock:{b}:{a}")).first == "lock:0:0") }
  }

  @Test(
    "a client id or host names a node only as a whole word",
    arguments: [
      ("payment-service-node-3", true), ("node-3", true), ("/node-3.local:9092", true), ("payment-node-31", false),
      ("mynode-3", false), ("", false),
    ])
  func named(text: String, isNamed: Bool) {
    #expect(NodeHealth(node: "node-3", instances: 1, down: 1).isNamed(in: text) == isNamed)
  }

  @Test("a step's usual duration uses its latest executions, regardless of arrival order")
  func pace() {
    let symbols = SymbolTable()
    let step = symbols.symbol("payment")
    var activity = StepActivity()
    for number in (0..<100).reversed() {
      activity.pass(step, .seconds(number), endedAt: ShopFixture.time(Int64(number) * 100))
    }
    activity.enter(step)
    activity.enter(step)
    activity.leave(step)
    let pace = activity.pace(of: step, usual: nil, now: ShopFixture.time(9_900))
    #expect(pace.recentCount == 32 && pace.recent == .seconds(84))
    #expect(pace.lastPassed == ShopFixture.time(9_900) && pace.waiting == 1)
    #expect(activity.pace(of: step, usual: nil, now: ShopFixture.time(80_000)).recentCount == 0)
  }

  @Test("foreign step names are limited in number")
  func names() {
    let symbols = SymbolTable()
    var activity = StepActivity()
    for number in 0..<1000 { activity.enter(symbols.symbol("step \(number)")) }
    #expect(activity.pace(of: symbols.symbol("step 1"), usual: nil, now: ShopFixture.start).waiting == 1)
    #expect(activity.pace(of: symbols.symbol("step 999"), usual: nil, now: ShopFixture.start).waiting == 0)
  }

  @Test("slow means at least three times the usual duration plus one second, once enough is known")
  func slow() {
    let pace = StepPace(usual: .seconds(2), count: 5)
    #expect(pace.excess(of: .seconds(6)) == nil)
    #expect(pace.excess(of: .seconds(7)) == .seconds(5))
    #expect(StepPace(usual: .milliseconds(10), count: 5).excess(of: .milliseconds(900)) == nil)
    #expect(StepPace(usual: .seconds(2), count: 4).excess(of: .seconds(60)) == nil)
  }

  @Test("only the last unreadable messages are kept")
  func unreadable() {
    let symbols = SymbolTable()
    var messages = UnreadableMessages()
    for number in 0..<300 {
      let origin = Origin(topic: symbols.symbol("orders"), partition: 0, offset: Int64(number))
      let text = MessageSlice(start: 0, keyLength: 2)
      messages.add(
        UndecodedMessage(origin: origin, time: ShopFixture.start, reason: "not JSON", text: text),
        arena: Array("17".utf8))
    }
    #expect(messages.entries.count == 256)
    #expect(messages.entries.map(\.origin.offset).min() == 44)
    #expect(messages.entries.allSatisfy { $0.key == "17" })
  }
}
