import Clients
import Core

/// Asks the coordinators of groups for commits and members, every group by itself and all at once, on a client of its own. Belongs to
/// one thread.
///
/// A question that is not answered stays open over the rounds, because librdkafka must not give up on it, and is not asked again
/// meanwhile. The library does not look for a new coordinator where the known one is gone for good, so a client that leaves questions
/// open for long is replaced.
final class GroupRequestTracker {
  private struct Question: Hashable {
    enum Subject {
      case commits
      case members
    }

    var group: String
    var subject: Subject
  }

  /// Clients that do not end hold threads and connections.
  private static let mostLeftBehind = 3

  private let settings: KafkaSettings
  private let patience: Duration
  private let bell: WakeUp
  private let topics: TopicNames
  private var client: GroupClient?
  private var questions: GroupAdminRequests?
  private var since = ContinuousClock.now
  private var number = 0
  /// Not answered yet, and when they were asked.
  private var open: [Int: (question: Question, asked: ContinuousClock.Instant)] = [:]
  private var openNumbers: [Question: Int] = [:]
  /// How many of this round's are still open.
  private var awaited: Set<Int> = []
  private var ends: [BlockingCall<Bool>] = []
  private var sentByOthers = 0
  /// What this round's questions have found.
  private(set) var commits: [String: Result<[GroupSample.Commit], GroupAdminResponse.Failure>] = [:]
  private(set) var descriptions: [String: Result<GroupAdminResponse.Description, GroupAdminResponse.Failure>] = [:]

  /// As `KafkaClient.init`.
  init(_ settings: LagSettings, bell: WakeUp, topics: TopicNames) throws(KafkaError) {
    self.settings = settings.kafka
    patience = settings.patience
    self.bell = bell
    self.topics = topics
    connect(try GroupClient(settings.kafka.access))
  }

  private func connect(_ client: GroupClient) {
    self.client = client
    questions = GroupAdminRequests(client, bell: bell, topics: topics)
    since = .now
  }

  /// How many requests it has sent.
  var requests: Int { sentByOthers + (client?.requests ?? 0) }

  /// Whether all has been answered that was asked in this round.
  var isDone: Bool { awaited.isEmpty }

  /// Asks about these groups, except for what is still open: for all that they have committed and their members, or, where the brokers
  /// do not know such questions, only for what they have committed for these partitions.
  func ask(_ names: [String], only partitions: [TopicPartition]?) {
    drain()
    replaceIfStuck()
    (commits, descriptions) = ([:], [:])
    awaited = []
    for name in names {
      ask(Question(group: name, subject: .commits)) { questions?.commits(of: name, partitions: partitions, number: $0) }
      guard partitions == nil else { continue }
      ask(Question(group: name, subject: .members)) { questions?.members(of: name, number: $0) }
    }
  }

  private func ask(_ question: Question, _ body: (Int) -> Void) {
    guard openNumbers[question] == nil else { return }
    number += 1
    openNumbers[question] = number
    open[number] = (question, .now)
    awaited.insert(number)
    body(number)
  }

  /// Takes the answers that have come.
  func drain() {
    questions?.drain { answer in
      switch answer {
      case .listing: break
      case .commits(let number, let result):
        if let group = close(number) { commits[group] = result }
      case .description(let number, let result):
        if let group = close(number) { descriptions[group] = result }
      }
    }
  }

  private func close(_ number: Int) -> String? {
    guard let (question, _) = open.removeValue(forKey: number) else { return nil }
    openNumbers[question] = nil
    awaited.remove(number)
    return question.group
  }

  private func replaceIfStuck() {
    let limit = ContinuousClock.now - patience
    guard since < limit, open.values.contains(where: { $0.asked < limit }) else { return }
    ends.removeAll { $0.answer != nil }
    guard ends.count < Self.mostLeftBehind, let fresh = try? GroupClient(settings.access) else { return }
    sentByOthers = requests
    (questions, open, openNumbers) = (nil, [:], [:])
    if let old = takeClient() {
      // Ending it may take long.
      ends.append(
        BlockingCall(bell: bell) {
          old.release()
          return true
        })
    }
    connect(fresh)
  }

  /// The only reference to it.
  private func takeClient() -> Unmanaged<GroupClient>? {
    defer { client = nil }
    return client.map(Unmanaged.passRetained)
  }

  /// Takes notice of what went wrong, so that it does not pile up.
  func takeComplaint() { _ = client?.takeError() }
}
