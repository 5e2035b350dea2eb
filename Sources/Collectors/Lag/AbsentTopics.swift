import Clients
import Core

/// Topics that a group has to do with and that the cluster does not list: they are gone, or may not be seen. Belongs to one thread.
final class AbsentTopics {
  private static let patience = Duration.seconds(2)
  private static let retryInterval = Duration.seconds(30)
  private static let mostCalls = 8
  private static let most = 2000

  private let client: GroupClient
  private let bell: WakeUp
  private var calls: [String: BlockingCall<TopicAccess>] = [:]
  private var answers: [String: (isGone: Bool, at: Timestamp)] = [:]

  init(_ client: GroupClient, bell: WakeUp) {
    self.client = client
    self.bell = bell
  }

  /// Of these topics, those that do not exist, as far as the broker has said so. Asks for the others.
  func gone(among names: Set<String>, at now: Timestamp) -> Set<String> {
    answers = answers.filter { names.contains($0.key) }
    for (name, call) in calls {
      guard let answer = call.answer else { continue }
      calls[name] = nil
      answers[name] = (answer == .absent, now)
    }
    for name in names.sorted() where calls.count < Self.mostCalls && answers.count < Self.most {
      guard calls[name] == nil, answers[name].map({ now - $0.at >= Self.retryInterval }) ?? true else { continue }
      calls[name] = BlockingCall(bell: bell) { [client] in client.access(toTopic: name, timeout: Self.patience) }
    }
    return Set(answers.filter(\.value.isGone).keys)
  }
}
