import Clients
import Core

/// Requests the start, end and stable end of logs from partition leaders: three requests per leader, independent of the number of
/// partitions, all concurrently. A leader that does not respond does not delay the others. Belongs to one thread.
final class LogOffsets {
  private enum Position: CaseIterable {
    case start
    case end
    /// The last stable offset: the end for consumers that read only committed messages.
    case stable

    /// The special timestamp of the ListOffsets request (KIP-79).
    var time: Int64 { self == .start ? -2 : -1 }
  }

  private struct Question: Hashable {
    var leader: Int32
    var position: Position
  }

  /// Longer than a round, so that a dead leader does not use the time of every round.
  private static let patience = Duration.seconds(5)

  /// Request budget of the search for partitions that spoil a response: enough to find three among about ten thousand.
  private static let mostQuestions = 80

  private let client: GroupClient
  private let stable: GroupClient
  private let bell: WakeUp
  private let topics: TopicNames
  /// Open calls, also of earlier rounds. A leader that hangs gets no new request before its call returns.
  private var calls: [Question: BlockingCall<LogOffsetsResponse>] = [:]
  private var asked: [Int32: [TopicPartitionKey]] = [:]
  private var pending: Set<Question> = []
  private var answers: [Question: LogOffsetsResponse] = [:]

  /// The log ends of `client` are high watermarks, those of `stable` are last stable offsets.
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

  /// Collects the responses that have arrived. Returns whether every leader has responded.
  func isDone() -> Bool {
    for question in pending {
      guard let answer = calls[question]?.answer else { continue }
      calls[question] = nil
      answers[question] = answer
    }
    pending = pending.filter { answers[$0] == nil }
    return pending.isEmpty
  }

  /// Offsets of all requested partitions; `nil` where no response arrived.
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

  /// Leaders that did not return log starts and ends in time.
  var silent: [Int32] {
    asked.keys.sorted().filter { leader in [Position.start, .end].contains { answer(leader, $0) == nil } }
  }
}

/// Topics that a group uses but the metadata does not list: deleted, or hidden by a denied permission. Belongs to one thread.
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

  /// The topics that do not exist according to the broker. Starts requests for the topics that are still unknown.
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
