/// The message consumers: each listening user has a separate consumer group, which starts at the end of the log and commits periodically.
final class MessageStreams {
  /// Milliseconds between two commits.
  private static let commitInterval = 1000

  private let context: ChatContext
  private var listeners: [Listener] = []

  private final class Listener {
    var consumer: KafkaConsumer?
    var read: [Int32: Int64] = [:]

    func commit() {
      guard !read.isEmpty else { return }
      consumer?.commit(read.map { .init(topic: ChatTopic.message.rawValue, partition: $0.key, offset: $0.value + 1) })
      read = [:]
    }
  }

  init(context: ChatContext) {
    self.context = context
  }

  /// Starts `count` listeners, for user 1 and the following ones.
  func open(listeners count: Int, bootstrap: String) throws(KafkaFailure) {
    for user in 1...count {
      let listener = Listener()
      listener.consumer = try KafkaConsumer(
        name: "message-stream-\(user)",
        settings: [
          "bootstrap.servers": bootstrap, "group.id": "message-stream-user-\(user)", "auto.offset.reset": "latest",
          "partition.assignment.strategy": "range", "enable.auto.commit": "false", "session.timeout.ms": "10000",
          "heartbeat.interval.ms": "1000", "max.poll.interval.ms": "86400000",
        ], topics: [ChatTopic.message.rawValue], loop: context.loop
      ) { [context, weak listener] notice in
        switch notice {
        case .message(let message): listener?.read[message.partition] = message.offset
        case .revoked: listener?.read = [:]
        case .failure(let reason): context.log.write("message-stream-\(user)", reason)
        }
      }
      listeners.append(listener)
    }
    commit()
  }

  func leave() {
    for listener in listeners {
      listener.commit()
      listener.consumer?.leave()
    }
    listeners = []
  }

  private func commit() {
    for listener in listeners { listener.commit() }
    context.loop.after(milliseconds: Self.commitInterval) { self.commit() }
  }
}
