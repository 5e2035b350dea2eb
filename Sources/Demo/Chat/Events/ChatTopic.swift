/// The chat's topics.
enum ChatTopic: String, CaseIterable {
  case user = "user.events"
  case online = "user.online_status"
  case friend = "friend.events"
  case chat = "chat.events"
  case message = "message.events"
  case notification = "notification.events"
  case userDead = "user.events.dlq"
  case friendDead = "friend.events.dlq"
  case messageDead = "message.events.dlq"

  var partitions: Int {
    switch self {
    case .user, .friend, .chat, .notification: 3
    case .online: 6
    case .message: 10
    case .userDead, .friendDead, .messageDead: 1
    }
  }
}
