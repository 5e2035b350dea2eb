import Clients
import Core

/// Chooses the offsets to fetch from: a committed offset that does not move although the log has more (the offsets after it may hold no
/// message), or the start of a transaction that stays open. Pure.
struct FirstMessageCatalog {
  struct Place: Hashable {
    var key: TopicPartitionKey
    var offset: Int64
  }

  /// Maximum number of offsets per fetch.
  static let most = 64
  /// Maximum number of offsets remembered between rounds.
  private static let mostStanding = 20_000
  private static let retryInterval = Duration.seconds(10)

  /// `.committed`: committed offsets of groups are fetched. Otherwise: first offsets of open transactions.
  let isolation: Isolation
  private var last: Set<Place> = []
  /// Results for offsets that have not moved, and the time of their request.
  private var asked: [Place: (at: Timestamp, found: FirstMessage?)] = [:]

  init(_ isolation: Isolation) {
    self.isolation = isolation
  }

  /// The offsets to fetch now, at most one per partition.
  mutating func questions(_ sample: LagSample) -> [Place] {
    let offsets = Dictionary(sample.partitions.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    let standing = isolation == .committed ? Self.commits(sample, offsets) : Self.transactions(sample)
    let stood = standing.intersection(last)
    last = standing
    asked = asked.filter { stood.contains($0.key) }
    var partitions: Set<TopicPartitionKey> = []
    let due = stood.filter { isDue($0, offsets[$0.key], at: sample.time) }.sorted {
      ($0.key.topic.number, $0.key.partition, $0.offset) < ($1.key.topic.number, $1.key.partition, $1.offset)
    }
    let chosen = due.filter { partitions.insert($0.key).inserted }.prefix(Self.most)
    for place in chosen { asked[place] = (sample.time, asked[place]?.found) }
    return Array(chosen)
  }

  private static func transactions(_ sample: LagSample) -> Set<Place> {
    var places: Set<Place> = []
    for log in sample.partitions {
      guard places.count < mostStanding else { break }
      if let stable = log.stable, let end = log.end, stable < end { places.insert(Place(key: log.key, offset: stable)) }
    }
    return places
  }

  private static func commits(_ sample: LagSample, _ offsets: [TopicPartitionKey: PartitionOffsets]) -> Set<Place> {
    var places: Set<Place> = []
    for commit in sample.groups.lazy.flatMap({ $0.commits ?? [] }) {
      guard places.count < mostStanding else { break }
      let key = TopicPartitionKey(topic: commit.topic, partition: commit.partition)
      guard let offset = commit.offset, let log = offsets[key], let end = log.stable ?? log.end else { continue }
      let first = max(offset, log.start ?? offset)
      if first < end { places.insert(Place(key: key, offset: first)) }
    }
    return places
  }

  /// A message that was found stays valid. If none was found, the fetch is repeated because one may have arrived.
  private func isDue(_ place: Place, _ log: PartitionOffsets?, at now: Timestamp) -> Bool {
    guard let (time, found) = asked[place] else { return true }
    if let found, found.hasMessage || found.offset >= log?.stable ?? log?.end ?? found.offset { return false }
    return now - time >= Self.retryInterval
  }

  mutating func take(_ found: [FirstMessage]) {
    for message in found { asked[Place(key: message.key, offset: message.from)]?.found = message }
  }
}

/// Fetches the first messages from given offsets, one fetch at a time, on a background thread. Belongs to one thread.
final class FirstMessages {
  private static let patience = Duration.seconds(3)

  private let client: FirstMessageClient
  private let bell: WakeUp
  private let topics: TopicNames
  private var catalog: FirstMessageCatalog
  private var call: BlockingCall<[Int: FirstMessageClient.Found]>?
  /// The offsets of the current fetch.
  private var places: [FirstMessageCatalog.Place] = []

  /// `isolation` is that of the client.
  init(_ client: GroupClient, _ isolation: Isolation, bell: WakeUp, topics: TopicNames) {
    self.client = FirstMessageClient(client)
    self.bell = bell
    self.topics = topics
    catalog = FirstMessageCatalog(isolation)
  }

  var isFetching: Bool { call != nil }

  /// The result of the last fetch; empty while it runs.
  func take() -> [FirstMessage] {
    guard let answer = call?.answer else { return [] }
    let found = answer.sorted { $0.key < $1.key }.map { index, found in
      FirstMessage(
        key: places[index].key, from: places[index].offset, offset: found.offset, hasMessage: found.hasMessage,
        time: found.time)
    }
    call = nil
    catalog.take(found)
    return found
  }

  /// Starts a fetch if one is needed and none is running.
  func look(at sample: LagSample) {
    guard call == nil else { return }
    places = catalog.questions(sample)
    guard !places.isEmpty else { return }
    let asked = places.map {
      FirstMessageClient.Place(
        TopicPartition(topic: topics.name($0.key.topic), partition: $0.key.partition), $0.offset)
    }
    call = BlockingCall(bell: bell) { [client] in
      let found = client.first(at: asked, timeout: Self.patience)
      return Dictionary(
        uniqueKeysWithValues: asked.enumerated().compactMap { index, place in found[place].map { (index, $0) } })
    }
  }
}
