import Core
import Testing
import Text

@testable import Collectors

@Suite("Messages in documents")
struct MessageFinderTests {
  private func find(_ rules: [MessageRule], in text: String) throws -> (found: [MessageFinder.Found], lacking: Int) {
    var lacking = 0
    let found = MessageFinder(rules: rules).find(in: try #require(JSONNode(Array(text.utf8))), lacking: &lacking)
    return (found, lacking)
  }

  @Test("a nested object inherits plain members of its parents unless it has a member with that name")
  func around() throws {
    let text = #"{"id":7,"status":"open","list":[1],"sagas":[{"name":"a","steps":[{"status":"done"},{"x":"y\n"}]}]}"#
    let rule = MessageRule(each: ["sagas", "*", "steps", "*"], type: FieldSource.named("{name} {status}"))
    let found = try find([rule], in: text).found
    #expect(found.map(\.type) == ["a done", "a open"])
    #expect(String(decoding: found[0].body.bytes, as: UTF8.self) == #"{"status":"done","name":"a","id":7}"#)
    #expect(JSONNode(found[1].body.bytes) == found[1].body)
  }

  @Test("elements that are not objects, or lack the members for their type, are counted")
  func lacking() throws {
    let rule = MessageRule(each: ["a", "*"], type: FieldSource.named("is {b}"))
    let (found, lacking) = try find([rule], in: #"{"a":[1,{"c":2},{"b":null},{"b":true}]}"#)
    #expect(found.map(\.type) == ["is true"] && lacking == 3)
  }

  @Test("without rules the document is the message")
  func whole() throws {
    #expect(try find([], in: #"{"a":1}"#).found.map(\.type) == [nil])
  }

  @Test("an event is new once, and again only with an earlier time; the oldest are forgotten first")
  func seen() {
    var seen = SeenEvents(limit: 2)
    let (early, late) = (Timestamp(milliseconds: 1), Timestamp(milliseconds: 2))
    #expect(seen.insert(1, at: late) && !seen.insert(1, at: late) && seen.insert(1, at: early))
    #expect(
      !seen.insert(1, at: late) && seen.insert(2, at: late) && seen.insert(3, at: late) && seen.insert(1, at: late))
  }
}
