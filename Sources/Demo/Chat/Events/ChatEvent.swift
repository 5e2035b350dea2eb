/// Something that happened in the chat.
struct ChatEvent {
  let topic: ChatTopic
  /// By the name that its class has; `nil` for a message that was put aside and is no event.
  let type: String?
  let key: String
  let fields: [JSON.Member]

  init(_ topic: ChatTopic, _ type: String?, key: String, _ fields: KeyValuePairs<String, JSON>) {
    self.topic = topic
    self.type = type
    self.key = key
    self.fields = fields.map { JSON.Member(name: $0.key, value: $0.value) }
  }

  /// As the services' code writes it, or as the shared library does: with a dotted name.
  func body(time: String, isDotted: Bool) -> JSON {
    let name = type.map { type in
      isDotted
        ? JSON.Member(name: "event_type", value: .string(Self.dotted(type)))
        : JSON.Member(name: "__event_type__", value: .string(type))
    }
    return .object([name].compactMap { $0 } + [.init(name: "timestamp", value: .string(time))] + fields)
  }

  /// `FriendRequestSent` is `friend.request_sent`.
  private static func dotted(_ type: String) -> String {
    var words: [String] = []
    for letter in type {
      if letter.isUppercase { words.append("") }
      words[words.count - 1] += letter.lowercased()
    }
    return (words.first ?? "") + "." + words.dropFirst().joined(separator: "_")
  }
}
