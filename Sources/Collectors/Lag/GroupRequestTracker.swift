import Clients
import Core

/// Requests commits and members from the group coordinators, one request per group, all concurrently, on a separate client. Belongs to one
/// thread.
///
/// A request without a response stays open across rounds, because librdkafka must not abandon it, and is not repeated meanwhile. librdkafka
/// does not search for a new coordinator if the known one is permanently gone. So a client with requests that stay open too long is
/// replaced.
final class GroupRequestTracker {
  private struct Question: Hashable {
    enum Subject {
      case commits
      case members
    }

    var group: String
    var subject: Subject
  }

  /// Maximum number of old clients that have not ended: each one holds threads and connections.
  private static let mostLeftBehind = 3

  private let settings: KafkaSettings
  private let patience: Duration
  private let bell: WakeUp
  private let topics: TopicNames
  private var client: GroupClient?
  private var questions: GroupAdminRequests?
  private var since = ContinuousClock.now
  private var number = 0
  /// Open requests and when they were sent.
  private var open: [Int: (question: Question, asked: ContinuousClock.Instant)] = [:]
  private var openNumbers: [Question: Int] = [:]
  /// Requests of this round that are still open.
  private var awaited: Set<Int> = []
  private var ends: [BlockingCall<Bool>] = []
  private var sentByOthers = 0
  /// The results of this round.
  private(set) var commits: [String: Result<[GroupSample.Commit], GroupAdminResponse.Failure>] = [:]
  private(set) var descriptions: [String: Result<GroupAdminResponse.Description, GroupAdminResponse.Failure>] = [:]

  /// Throws as `KafkaClient.init` does.
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

  /// Number of requests sent, including those of replaced clients.
  var requests: Int { sentByOthers + (client?.requests ?? 0) }

  /// Whether every request of this round is answered.
  var isDone: Bool { awaited.isEmpty }

  /// Requests all committed offsets and the members of these groups, except where a request is still open. If the brokers do not support
  /// this, only the committed offsets of `partitions` are requested.
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

  /// Handles the responses that have arrived.
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
      // Releasing a client can take long, so it runs on another thread.
      ends.append(
        BlockingCall(bell: bell) {
          old.release()
          return true
        })
    }
    connect(fresh)
  }

  /// Returns the only reference to the client.
  private func takeClient() -> Unmanaged<GroupClient>? {
    defer { client = nil }
    return client.map(Unmanaged.passRetained)
  }

  /// Reads the pending errors of the client so that they do not accumulate.
  func takeComplaint() { _ = client?.takeError() }
}
