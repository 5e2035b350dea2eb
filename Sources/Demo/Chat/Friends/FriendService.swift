/// Sends and answers friend requests. Users who have become friends send messages to each other.
final class FriendService {
  private static let consumerGroup = "notification-service"
  private static let failure = "OperationalError: (2006, 'MySQL server has gone away')"

  private let context: ChatContext
  private let publisher: ChatPublisher
  private let keys: UserKeys
  private var next = 0
  private var lastFriendshipId = 0
  private var lastMessageId = 0

  init(context: ChatContext, publisher: ChatPublisher, keys: UserKeys) {
    self.context = context
    self.publisher = publisher
    self.keys = keys
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
      send(context.book.request(next, friendshipId: nextFriendshipId()))
      next += 1
    }
  }

  private func nextFriendshipId() -> Int {
    lastFriendshipId += 1
    return lastFriendshipId
  }

  private func send(_ request: FriendRequest) {
    let sent = publish("FriendRequestSent", request, .open)
    let answer = context.book.answer(request.number)
    guard answer != .none else { return }
    context.loop.after(milliseconds: context.book.answerDelay(request.number)) {
      self.answer(request, answer, sent: sent)
    }
  }

  private func answer(_ request: FriendRequest, _ answer: ChatBook.Answer, sent: JSON) {
    switch answer {
    case .accepted: accept(request)
    case .rejected:
      publish("FriendRequestRejected", request, .rejected)
      askAgain(after: request)
    case .cancelled:
      publish("FriendRequestCancelled", request, .cancelled)
      askAgain(after: request)
    case .parked: park(request, sent)
    case .parkedThenAccepted:
      park(request, sent)
      context.loop.after(milliseconds: context.book.answerDelay(request.number)) { self.accept(request) }
    case .none: break
    }
  }

  private func askAgain(after request: FriendRequest) {
    guard let delay = context.book.askingAgain(request.number) else { return }
    context.loop.after(milliseconds: delay) {
      self.send(self.context.book.next(after: request, friendshipId: self.nextFriendshipId()))
    }
  }

  private func accept(_ request: FriendRequest) {
    publish("FriendRequestAccepted", request, .accepted)
    keys.befriend(request)
    context.loop.after(milliseconds: 50) { self.talk(request) }
  }

  /// Publishes an event of a request and returns its body. The message key is the request id, or the requester's id if the request is
  /// deleted.
  @discardableResult
  private func publish(_ type: String, _ request: FriendRequest, _ business: ChatEntry.Business) -> JSON {
    let isDeleted = business == .rejected || business == .cancelled
    let key = isDeleted ? request.requester : request.friendshipId
    return publisher.publish(
      ChatEvent(.friend, type, key: String(key), request.fields(isDeleted: isDeleted)), number: request.number,
      ChatEntry(request: request, event: type, business: business))
  }

  /// Publishes the request to the dead-letter topic as its consumer does: wrapped, with the reason.
  private func park(_ request: FriendRequest, _ original: JSON) {
    let key = String(request.friendshipId)
    publisher.publish(
      ChatEvent(
        .friendDead, nil, key: key,
        [
          "original_topic": .string(ChatTopic.friend.rawValue), "original_partition": .integer(0),
          "original_offset": .integer(request.friendshipId), "original_key": .string(key), "original_value": original,
          "error": .string(Self.failure), "consumer_group": .string(Self.consumerGroup),
          "failed_at": .number("\(context.elapsed / 1000).\(100 + context.elapsed % 900)"),
        ]), number: request.number,
      ChatEntry(request: request, event: nil, business: .parked, error: Self.failure))
  }

  private func talk(_ request: FriendRequest) {
    let room = request.friendshipId
    publisher.publish(
      ChatEvent(.chat, "ChatRoomCreated", key: "\(room)", ["room_id": .integer(room), "room_type": .string("direct")]),
      number: request.number)
    for place in 1...3 {
      lastMessageId += 1
      publisher.publish(
        ChatEvent(
          .message, "MessageSent", key: "\(room)",
          [
            "message_id": .integer(lastMessageId), "room_id": .integer(room), "user_id": .integer(request.requester),
            "content": .string("안녕하세요 \(place)"),
          ]), number: lastMessageId)
    }
    keys.talk(request, room: room)
    publisher.publish(
      ChatEvent(
        .message, "MessagesRead", key: "\(room)",
        ["room_id": .integer(room), "user_id": .integer(request.addressee)]), number: request.number)
  }
}
