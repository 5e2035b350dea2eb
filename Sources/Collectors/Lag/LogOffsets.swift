import Clients
import Core

/// Asks the leaders of partitions where their logs begin and end: three requests each, whatever the number of partitions, all at the
/// same time. A leader that does not answer delays nobody else. Belongs to one thread.
final class LogOffsets {
  private enum Position: CaseIterable {
    case start
    case end
    /// The end for those who read committed messages only.
    case stable

    /// As Kafka's request has it (KIP-79).
    var time: Int64 { self == .start ? -2 : -1 }
  }

  private struct Question: Hashable {
    var leader: Int32
    var position: Position
  }

  /// Longer than a round, so that a dead leader does not use up the time of every round.
  private static let patience = Duration.seconds(5)

  /// Enough to find three spoiled ones among some ten thousand partitions.
  private static let mostQuestions = 80

  private let client: GroupClient
  private let stable: GroupClient
  private let bell: WakeUp
  private let topics: TopicNames
  /// Those of earlier rounds are kept until they return: a leader that hangs is not asked again before.
  private var calls: [Question: BlockingCall<LogOffsetsResponse>] = [:]
  private var asked: [Int32: [TopicPartitionKey]] = [:]
  private var pending: Set<Question> = []
  private var answers: [Question: LogOffsetsResponse] = [:]

  /// Of `client` the ends are high watermarks, of `stable` last stable offsets.
  init(_ client: GroupClient, stable: GroupClient, bell: WakeUp, topics: TopicNames) {
    self.client = client
    self.stable = stable
    self.bell = bell
    self.topics = topics
  }

  func ask(_ partitions: [Int32: [TopicPartitionKey]]) {
    calls = calls.filter { $0.value.answer == nil }
    (asked, pending, answers) = (partitions, [], [:])
    for (leader, keys) in partitions {
      let ids = keys.map { TopicPartition(topic: topics.name($0.topic), partition: $0.partition) }
      for position in Position.allCases { ask(ids, Question(leader: leader, position: position)) }
    }
  }

  private func ask(_ ids: [TopicPartition], _ question: Question) {
    guard calls[question] == nil else { return }
    let end = ContinuousClock.now + Self.patience
    let client = question.position == .stable ? stable : client
    calls[question] = BlockingCall(bell: bell) {
      var budget = Self.mostQuestions
      return LogOffsetsResponse.search(ids, budget: &budget) { ids in
        client.offsets(
          of: ids, at: question.position.time, timeout: max(.zero, ContinuousClock.now.duration(to: end)))
      }
    }
    pending.insert(question)
  }

  /// Whether every leader has answered that was asked. Takes the answers that have come.
  func isDone() -> Bool {
    for question in pending {
      guard let answer = calls[question]?.answer else { continue }
      calls[question] = nil
      answers[question] = answer
    }
    pending = pending.filter { answers[$0] == nil }
    return pending.isEmpty
  }

  /// What has come, for all partitions that were asked for.
  var offsets: [PartitionOffsets] {
    asked.flatMap { leader, keys in
      let starts = self.answer(leader, .start)
      let ends = self.answer(leader, .end)
      let stable = self.answer(leader, .stable)
      return keys.indices.map { index in
        PartitionOffsets(
          topic: keys[index].topic, partition: keys[index].partition, start: starts.flatMap { $0[index] },
          end: ends.flatMap { $0[index] }, stable: stable.flatMap { $0[index] })
      }
    }
  }

  private func answer(_ leader: Int32, _ position: Position) -> [Int64?]? {
    guard case .offsets(let offsets) = answers[Question(leader: leader, position: position)] else { return nil }
    return offsets.count == asked[leader]?.count ? offsets : nil
  }

  /// The leaders that did not tell in time where logs begin and end.
  var silent: [Int32] {
    asked.keys.sorted().filter { leader in [Position.start, .end].contains { answer(leader, $0) == nil } }
  }
}

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
