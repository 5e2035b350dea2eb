import Core

/// Asks who the members of groups are, on a client of its own: librdkafka 2.0.2 may hang for ever in such a question. A client that
/// does is left behind, and another is tried rarely. Belongs to one thread.
final class GroupDescriber {
  private static let patience = Duration.seconds(2)
  private static let retryInterval = Duration.seconds(60)
  /// Each holds some threads and connections.
  private static let mostLeftBehind = 3

  private let settings: KafkaSettings
  private let bell: WakeUp
  private let topics: TopicNames
  private var client: GroupClient?
  private var question: (answers: GroupQuestions, end: ContinuousClock.Instant)?
  private var sentByOthers = 0
  private var leftBehind = 0
  private var tryAt = ContinuousClock.now
  /// By group; `nil` until the answer to the last question is there.
  private(set) var descriptions: [String: GroupAnswer.Description]?

  init(_ settings: KafkaSettings, bell: WakeUp, topics: TopicNames) {
    self.settings = settings
    self.bell = bell
    self.topics = topics
    connect()
  }

  /// What was asked has been answered, or nothing was.
  var isDone: Bool { question == nil }

  /// How many requests it has sent.
  var requests: Int { sentByOthers + (client?.requests ?? 0) }

  private func connect() {
    client = try? GroupClient(settings)
  }

  /// Returns false where nothing can be asked at the moment.
  func ask(_ names: [String], timeout: Duration) -> Bool {
    descriptions = nil
    let now = ContinuousClock.now
    if let question {
      guard now > question.end + Self.patience else { return false }
      leave()
    }
    if client == nil, leftBehind < Self.mostLeftBehind, now >= tryAt { connect() }
    guard !names.isEmpty, let client, let answers = GroupQuestions(client, bell: bell, topics: topics) else {
      return false
    }
    answers.describe(names, timeout: timeout)
    question = (answers, now + timeout)
    return true
  }

  private func leave() {
    // Even giving it back would hang.
    if let question { _ = Unmanaged.passRetained(question.answers) }
    sentByOthers = requests
    (question, client) = (nil, nil)
    leftBehind += 1
    tryAt = .now + Self.retryInterval
  }

  func drain() {
    guard let question else { return }
    var found: [String: GroupAnswer.Description]?
    question.answers.drain { answer in
      guard case .descriptions(let list) = answer else { return }
      found = Dictionary(list.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }
    guard let found else { return }
    descriptions = found
    self.question = nil
  }

  /// Takes notice of what went wrong, so that it does not pile up.
  func takeComplaint() { _ = client?.takeComplaint() }
}
