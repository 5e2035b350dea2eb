/// Has friend requests sent and answered; whoever has become friends writes to each other.
final class FriendService {
  private let context: ChatContext
  private let publisher: ChatPublisher
  private var next = 0

  init(context: ChatContext, publisher: ChatPublisher) {
    self.context = context
    self.publisher = publisher
  }

  func open() {
    for user in 1...ChatBook.users where user % 10 == 0 {
      publisher.publish(
        ChatEvent(
          .user, "UserRegistered", key: "\(user)", ["user_id": .integer(user), "username": .string("user\(user)")]),
        number: user)
    }
    sendDue()
  }

  private func sendDue() {
    while let moment = context.book.start(next) {
      let wait = moment - context.elapsed
      if wait > 0 { return context.loop.after(milliseconds: wait) { self.sendDue() } }
      send(next)
      next += 1
    }
  }

  private func send(_ number: Int) {
    publish(
      "FriendRequestSent", number,
      ChatEntry(
        friendshipId: number + 1, event: "FriendRequestSent", step: "request", effect: "completed", status: "running"))
    let answer = context.book.answer(number)
    guard answer != .none else { return }
    context.loop.after(milliseconds: context.book.answerDelay(number)) { self.answer(number, answer) }
  }

  private func answer(_ number: Int, _ answer: ChatBook.Answer) {
    func entry(_ event: String?, _ effect: String, _ status: String, _ error: String? = nil) -> ChatEntry {
      ChatEntry(
        friendshipId: number + 1, event: event, step: "answer", effect: effect, status: status, error: error)
    }
    switch answer {
    case .accepted:
      publish("FriendRequestAccepted", number, entry("FriendRequestAccepted", "completed", "completed"))
      context.loop.after(milliseconds: 50) { self.talk(number) }
    case .rejected:
      publish("FriendRequestRejected", number, entry("FriendRequestRejected", "failed", "compensated"))
    case .cancelled:
      publish("FriendRequestCancelled", number, entry("FriendRequestCancelled", "none", "compensated"))
    case .deadLetter: putAside(number, entry(nil, "failed", "failed", Self.failure))
    case .none: break
    }
  }

  private static let failure = "OperationalError: (2006, 'MySQL server has gone away')"

  private func publish(_ type: String, _ number: Int, _ entry: ChatEntry) {
    publisher.publish(
      ChatEvent(.friend, type, key: String(entry.friendshipId), Self.fields(number, context.book)), number: number,
      entry)
  }

  private static func fields(_ number: Int, _ book: ChatBook) -> KeyValuePairs<String, JSON> {
    [
      "friendship_id": .integer(number + 1), "requester_id": .integer(book.user(number, "requester")),
      "addressee_id": .integer(book.user(number, "addressee")),
    ]
  }

  private func putAside(_ number: Int, _ entry: ChatEntry) {
    publisher.publish(
      ChatEvent(
        .friendDead, nil, key: String(number + 1),
        [
          "original_topic": .string(ChatTopic.friend.rawValue), "error": .string(Self.failure),
          "payload": .object(Self.fields(number, context.book).map { .init(name: $0.key, value: $0.value) }),
        ]), number: number, entry)
  }

  private func talk(_ number: Int) {
    let room = number + 1
    publisher.publish(
      ChatEvent(.chat, "ChatRoomCreated", key: "\(room)", ["room_id": .integer(room), "room_type": .string("direct")]),
      number: number)
    for place in 1...3 {
      let message = number * 10 + place
      publisher.publish(
        ChatEvent(
          .message, "MessageSent", key: "\(room)",
          [
            "message_id": .integer(message), "room_id": .integer(room),
            "user_id": .integer(context.book.user(number, "requester")), "content": .string("안녕하세요 \(place)"),
          ]), number: message)
    }
    publisher.publish(
      ChatEvent(
        .message, "MessagesRead", key: "\(room)",
        ["room_id": .integer(room), "user_id": .integer(context.book.user(number, "addressee"))]), number: number)
  }
}
