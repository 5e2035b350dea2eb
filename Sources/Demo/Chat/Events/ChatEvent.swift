/// An event of the chat.
struct ChatEvent {
  let topic: ChatTopic
  /// The class name of the event; `nil` for the wrapper of a dead letter, which is no event.
  let type: String?
  let key: String
  let fields: [JSON.Member]

  init(_ topic: ChatTopic, _ type: String?, key: String, _ fields: KeyValuePairs<String, JSON>) {
    self.topic = topic
    self.type = type
    self.key = key
    self.fields = fields.map { JSON.Member(name: $0.key, value: $0.value) }
  }

  /// The JSON body in the format of the services' code.
  func body(time: String) -> JSON {
    guard let type else { return .object(fields) }
    let head = JSON.Member(name: "timestamp", value: .string(time))
    return .object([head] + fields + [.init(name: "__event_type__", value: .string(type))])
  }
}

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
