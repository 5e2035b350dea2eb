/// Which users are there, as keys of Redis that expire, and as events.
final class Presence {
  /// Milliseconds between two signs of life.
  private static let interval = 20_000

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

  private func enter(_ user: Int) {
    online += 1
    set("user:online:\(user)", "1", seconds: 60)
    set("user:activity:\(user)", Clock.text(Clock.epochMilliseconds()), seconds: 300)
    set("user:session:\(user)", "s\(user)", seconds: 3600)
    set("cache:user:\(user)", "{\"user_id\":\(user)}", seconds: 600)
    set("rate_limit:127.0.0.\(user % 250 + 1)", "\(user % 7)", seconds: 60)
    publisher.publish(
      ChatEvent(
        .online, "UserOnlineStatusChanged", key: "\(user)", ["user_id": .integer(user), "is_online": .bool(true)]),
      number: user)
  }

  private func set(_ key: String, _ value: String, seconds: Int) {
    do { _ = try connection.send(["SET", key, value, "EX", String(seconds)]) } catch {
      context.log.write("presence", "\(error): \(key) is not kept")
    }
  }
}
