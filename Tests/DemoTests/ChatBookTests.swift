import Testing

@testable import Demo

@Suite("The chat's friend requests")
struct ChatBookTests {
  private let book = ChatBook(seed: 7, rate: 10)

  @Test("all pairs are different, and no user sends a request to himself")
  func pairs() {
    let requests = (0..<39_800).map { book.request($0, friendshipId: 1) }
    #expect(Set(requests.map(\.pair)).count == requests.count)
    #expect(requests.allSatisfy { $0.requester != $0.addressee && (1...ChatBook.users).contains($0.addressee) })
  }

  @Test("a pair's repeated request has a new id and a random outcome")
  func again() {
    let first = book.request(5, friendshipId: 9)
    let second = book.next(after: first, friendshipId: 12)
    #expect(second.pair == first.pair && second.round == 2 && second.friendshipId == 12)
    #expect(second.number != first.number)
    #expect(
      (0..<100).contains {
        book.answer($0) != book.answer(book.next(after: book.request($0, friendshipId: 0), friendshipId: 0).number)
      })
  }

  @Test("the book contains every outcome")
  func answers() {
    let answers = Set((0..<500).map { book.answer($0).rawValue })
    #expect(answers == ["accepted", "rejected", "cancelled", "parked", "parkedThenAccepted", "none"])
  }

  @Test("an event of a deleted request has id 0 and no names")
  func fields() {
    let request = book.request(0, friendshipId: 3)
    #expect(request.fields(isDeleted: false).map(\.key).count == 5)
    #expect(Array(request.fields(isDeleted: true)).first?.value == .integer(0))
    #expect(request.fields(isDeleted: true).map(\.key) == ["friendship_id", "requester_id", "addressee_id"])
  }

  @Test("an event has a time without a zone and its type as last member; a dead letter has neither")
  func bodies() {
    let event = ChatEvent(.friend, "FriendRequestSent", key: "3", ["friendship_id": .integer(3)])
    #expect(
      event.body(time: "2026-01-27T10:00:00.123456").text
        == #"{"timestamp":"2026-01-27T10:00:00.123456","friendship_id":3,"__event_type__":"FriendRequestSent"}"#)
    let letter = ChatEvent(.friendDead, nil, key: "3", ["original_value": .integer(1)])
    #expect(letter.body(time: "x").text == #"{"original_value":1}"#)
  }
}
