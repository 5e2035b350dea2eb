import Clients
import Core

/// How looking at consumer groups goes, and when it is done next. Pure.
struct LagStatus {
  private static let longestPause = Duration.seconds(30)
  /// At most this share of the time goes into reading.
  private static let share = 4

  private let settings: LagSettings
  private var firstLook = FirstPoll()
  /// Why nothing can be reached, as the library told it last: a reason that stays the same it tells only now and then.
  private var outage: String?
  /// What is wrong with an address that the cluster gives, as long as something is not answered.
  private var unreachable: String?
  private(set) var current = SourceStatus(.lag)

  init(_ settings: LagSettings) {
    self.settings = settings
  }

  /// Takes a round's end. Returns how long after its beginning the next one begins.
  mutating func take(
    _ result: Result<LagPoll, KafkaError>, notes: [String], complaint: String?, at now: Timestamp
  ) -> Duration {
    switch result {
    case .success(let round):
      var round = round
      if !round.troubles.isEmpty, let sentence = address(complaint, round.metadata) {
        round.troubles.insert(sentence, at: 0)
      }
      return take(round, notes: notes, at: now)
    case .failure(let error):
      let pause = max(settings.interval, settings.deadline)
      current.phase = .down
      current.retryAt = now + pause
      outage = complaint ?? outage
      let reason = outage ?? "\(settings.kafka.brokers): \(error)"
      current.error = "\(reason); trying again every \(Self.text(pause))"
      return pause
    }
  }

  /// The library tells a reason that stays the same only now and then.
  private mutating func address(_ complaint: String?, _ metadata: ClusterMetadata) -> String? {
    let bootstrap = settings.kafka.brokers
    unreachable = BrokerAddress.sentence(complaint, brokers: metadata.brokers, bootstrap: bootstrap) ?? unreachable
    return unreachable
  }

  private mutating func take(_ round: LagPoll, notes: [String], at now: Timestamp) -> Duration {
    firstLook.take(round.reading, isFetching: round.isFetching)
    let usual = max(settings.interval, min(round.reading.took * Self.share, Self.longestPause))
    let pause = firstLook.isEnough ? usual : min(usual, round.reading.took + FirstPoll.pause)
    current.phase = round.troubles.isEmpty ? .up : .degraded
    current.patience = max(pause, usual) * 2 + settings.deadline + .seconds(2)
    current.isComplete = current.isComplete || (round.troubles.isEmpty && firstLook.isEnough)
    current.lastSuccess = now
    current.latency = round.latency
    current.retryAt = nil
    outage = nil
    if round.troubles.isEmpty { unreachable = nil }
    current.notes = notes
    current.brokers = round.metadata.brokers.count
    current.partitions = round.reading.partitions.count
    current.topics = Set(round.reading.partitions.map(\.topic)).count
    let (first, others) = (round.troubles.first, round.troubles.count - 1)
    current.error = first.map { text in
      "\(text)\(others > 0 ? ", and \(others) other troubles" : ""); trying again in \(Self.text(pause))"
    }
    return pause
  }

  private static func text(_ duration: Duration) -> String {
    let milliseconds = Int(duration.milliseconds)
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
