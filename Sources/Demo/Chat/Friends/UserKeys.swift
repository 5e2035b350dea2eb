/// The user data in Redis: online status, friends and last messages. Online status is also published as events.
final class UserKeys {
  /// Milliseconds between two heartbeats.
  private static let interval = 20_000
  /// Time to live of the keys in seconds, as in the services' code.
  private static let lifetime = 3600

  private let context: ChatContext
  private let publisher: ChatPublisher
  private let connection: RedisConnection
  private(set) var online = 0

  init(context: ChatContext, publisher: ChatPublisher, connection: RedisConnection) {
    self.context = context
    self.publisher = publisher
    self.connection = connection
  }

  func open() {
    online = 0
    for user in 1...ChatBook.users where context.book.chance.fraction(user, "online") < 0.3 { enter(user) }
    context.loop.after(milliseconds: Self.interval) { self.open() }
  }

  func befriend(_ request: FriendRequest) {
    for (user, friend) in [(request.requester, request.addressee), (request.addressee, request.requester)] {
      set("friend:list:\(user)", "[\(friend)]")
    }
  }

  func talk(_ request: FriendRequest, room: Int) {
    set("chat:messages:\(room)", "[]")
    for user in [request.requester, request.addressee] { set("chat:recent:\(user)", "[\(room)]") }
  }

  private func enter(_ user: Int) {
    online += 1
    set("user:online:\(user)", "1")
    publisher.publish(
      ChatEvent(
        .online, "UserOnlineStatusChanged", key: "\(user)", ["user_id": .integer(user), "is_online": .bool(true)]),
      number: user)
  }

  private func set(_ key: String, _ value: String) {
    do { _ = try connection.send(["SET", key, value, "EX", String(Self.lifetime)]) } catch {
      context.log.write("redis", "\(error): \(key) is not kept")
    }
  }
}
