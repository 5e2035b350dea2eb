import Core
import Testing

@testable import Collectors

@Suite("messages of several sagas of one type, and of a child saga")
struct SeveralSagasTests {
  private func decoding(isEach: Bool) -> Decoding {
    var order = SagaDefinition(
      type: "order",
      identities: [
        .init(name: "batch", sources: [.path(["batchId"])]),
        .init(name: "order", sources: [.path(["orderId"]), .path(["items", "*", "orderId"])], isEach: isEach),
      ], events: [EventRule(type: "shipped")])
    order.parentSources = [.path(["parentSagaId"])]
    return Decoding(
      SystemDefinition(name: "test", topics: ["*"], fields: EventFields(type: [.topic]), sagas: [order]))
  }

  private let body = #"{"batchId":"b","items":[{"orderId":7},{"orderId":"8"},{"orderId":7},{"orderId":null}]}"#

  @Test("each id of a list names a separate saga, once, and no other id of the message joins them")
  func each() throws {
    let event = try #require(decoding(isEach: true).decode(body, topic: "shipped"))
    let links = [event.link].compactMap { $0 } + event.otherLinks
    #expect(links.map(\.key) == [.init(identity: 1, value: "7"), .init(identity: 1, value: "8")])
    #expect(links.allSatisfy { $0.otherKeys.isEmpty && $0.definition == 0 })
  }

  @Test("an event type without rules belongs to all of them too")
  func unknownType() throws {
    let event = try #require(decoding(isEach: true).decode(body, topic: "weighed"))
    #expect(event.link?.key.value == "7" && event.otherLinks.map(\.key.value) == ["8"])
  }

  @Test("a list with one id is treated like a plain id")
  func one() throws {
    let event = try #require(decoding(isEach: true).decode(#"{"batchId":"b","orderId":7}"#, topic: "shipped"))
    #expect(event.link?.key == .init(identity: 0, value: "b"))
    #expect(event.link?.otherKeys == [.init(identity: 1, value: "7")] && event.otherLinks.isEmpty)
  }

  @Test("unless several sagas are configured, the first id of a list names the saga")
  func first() throws {
    let event = try #require(decoding(isEach: false).decode(body, topic: "shipped"))
    #expect(event.link?.otherKeys == [.init(identity: 1, value: "7")] && event.otherLinks.isEmpty)
  }

  @Test("one message creates at most 64 sagas")
  func bounded() throws {
    let items = (0..<5000).map { #"{"orderId":\#($0)}"# }.joined(separator: ",")
    let event = try #require(decoding(isEach: true).decode(#"{"items":[\#(items)]}"#, topic: "shipped"))
    #expect(event.otherLinks.count == 63)
  }

  @Test("the parent's id is not an id of the child")
  func parent() throws {
    let event = try #require(
      decoding(isEach: true).decode(#"{"orderId":7,"parentSagaId":"journey-1"}"#, topic: "shipped"))
    #expect(event.link?.parent == "journey-1" && event.link?.otherKeys.isEmpty == true)
  }
}
