/// The members of `notification-group`, which read and commit what happens, and do nothing else with it.
final class NotificationGroup {
  private let context: ChatContext
  private var members: [KafkaConsumer] = []

  init(context: ChatContext) {
    self.context = context
  }

  func open(members count: Int, bootstrap: String) throws(KafkaFailure) {
    for number in 1...count {
      var member: KafkaConsumer?
      let consumer = try KafkaConsumer(
        name: "notification-\(number)",
        settings: [
          "bootstrap.servers": bootstrap, "group.id": "notification-group", "auto.offset.reset": "earliest",
          "partition.assignment.strategy": "range", "enable.auto.commit": "false", "session.timeout.ms": "6000",
          "heartbeat.interval.ms": "500", "max.poll.interval.ms": "86400000",
        ], topics: ChatTopic.notified.map(\.rawValue), loop: context.loop
      ) { [context] notice in
        switch notice {
        case .message(let message):
          member?.commit([.init(topic: message.topic, partition: message.partition, offset: message.offset + 1)])
        case .revoked: break
        case .failure(let reason): context.log.write("notification", reason)
        }
      }
      member = consumer
      members.append(consumer)
    }
  }

  func leave() {
    for member in members { member.leave() }
    members = []
  }
}
