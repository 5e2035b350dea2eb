import Clients
import Core
import Text

/// Which groups to request. Pure: the reader passes in the responses of the brokers.
struct GroupCatalog {
  enum Listing: Equatable {
    /// Not requested yet, or no response so far.
    case unknown
    case possible
    /// With the reason.
    case impossible(String)
  }

  /// Maximum number of groups: each one costs requests in every round.
  static let capacity = 2000
  private static let retryInterval = Duration.seconds(60)

  private let patterns: [NamePattern]
  private let configured: Set<String>
  /// Whether a pattern matches the group. Cached because regular expressions are expensive.
  private var verdicts: [String: Bool] = [:]
  private var listed: Set<String> = []
  private var askAgain = Timestamp.distantPast
  private(set) var listing = Listing.unknown
  /// The groups to request, sorted.
  private(set) var names: [String]
  /// Number of groups above the capacity.
  private(set) var omitted = 0
  /// Every broker has responded to a listing at least once.
  private var isWhole = false

  init(patterns: [NamePattern], configured: [String]) {
    self.patterns = patterns
    self.configured = Set(configured.filter { !$0.isEmpty })
    names = self.configured.sorted()
  }

  var isListed: Bool { listing == .possible }

  /// Why groups that the patterns may match are not requested, as part of a sentence; `nil` if none is missing.
  var incompleteness: String? {
    if omitted > 0 {
      return "\(Quantity.counted(omitted, "more consumer group")) \(omitted == 1 ? "is" : "are") not read"
    }
    guard !isWhole, patterns.contains(where: { $0.exactName == nil }) else { return nil }
    if case .impossible = listing { return "the broker does not list its consumer groups" }
    return "not every broker has listed its consumer groups"
  }

  /// A broker that cannot list groups is asked again only every 60 s.
  func mustAsk(at now: Timestamp) -> Bool { isListed || now >= askAgain }

  /// Adds the result of a listing. If a broker did not respond, its groups of the previous listing are kept.
  mutating func take(_ found: [String], failures: [GroupAdminResponse.Failure], at now: Timestamp) {
    if found.isEmpty, let failure = failures.first(where: { $0.kind != .noAnswer }) {
      listing = .impossible(failure.text)
      askAgain = now + Self.retryInterval
      (listed, isWhole) = ([], false)
    } else if failures.isEmpty {
      (listing, isWhole) = (.possible, true)
      listed = Set(found)
    } else {
      if !found.isEmpty { listing = .possible }
      listed.formUnion(found)
    }
    settle()
  }

  private mutating func settle() {
    verdicts = verdicts.filter { listed.contains($0.key) }
    var wanted = configured
    for name in listed where isMeant(name) { wanted.insert(name) }
    let more = wanted.subtracting(configured).sorted()
    let taken = more.prefix(max(0, Self.capacity - configured.count))
    omitted = more.count - taken.count
    names = (configured + taken).sorted()
  }

  private mutating func isMeant(_ name: String) -> Bool {
    if let known = verdicts[name] { return known }
    let verdict = patterns.contains { $0.matches(name) }
    verdicts[name] = verdict
    return verdict
  }
}

/// Builds the group samples from the responses.
struct GroupAssembly {
  /// Whether the broker supports describing group members.
  let canDescribe: Bool
  private var silent: [String: (count: Int, first: String)] = [:]

  init(canDescribe: Bool) {
    self.canDescribe = canDescribe
  }

  /// Requests that timed out, as sentences.
  var troubles: [String] {
    silent.sorted { $0.key < $1.key }.map { part, groups in
      let others = groups.count > 1 ? " and \(groups.count - 1) more" : ""
      return "\(part) of group \(groups.first)\(others)"
    }
  }

  /// `nil` means that no response arrived in time.
  mutating func group(
    _ name: String, commits: Result<[GroupSample.Commit], GroupAdminResponse.Failure>?,
    description: Result<GroupAdminResponse.Description, GroupAdminResponse.Failure>?
  ) -> GroupSample {
    var group = GroupSample(name: name)
    var errors: [String] = []
    switch commits ?? .failure(.late) {
    case .success(let commits): group.commits = commits
    case .failure(let failure): errors.append(note("no offsets", failure, name))
    }
    switch description ?? .failure(.late) {
    case .success(let description):
      (group.state, group.isSimple, group.members) = (description.state, description.isSimple, description.members)
    case .failure(let failure) where failure.kind == .undecodable:
      errors.append("its members are not known: what one of them is assigned cannot be decoded")
    case .failure(let failure) where canDescribe: errors.append(note("no members", failure, name))
    case .failure: errors.append("the broker does not tell of its state and members")
    }
    if let members = group.members, let known = group.commits {
      group.commits = known + Self.missing(in: known, of: members)
    }
    group.error = errors.isEmpty ? nil : errors.joined(separator: "; ")
    return group
  }

  /// Assigned partitions without a committed offset.
  private static func missing(
    in commits: [GroupSample.Commit], of members: [GroupSample.Member]
  ) -> [GroupSample.Commit] {
    let known = Set(commits.map { TopicPartitionKey(topic: $0.topic, partition: $0.partition) })
    return members.flatMap(\.partitions).filter { !known.contains($0) }.map {
      .init(topic: $0.topic, partition: $0.partition, offset: nil)
    }
  }

  private mutating func note(_ part: String, _ failure: GroupAdminResponse.Failure, _ name: String) -> String {
    if failure.kind == .noAnswer { silent[part, default: (0, "\(name) (\(failure.text))")].count += 1 }
    return "\(part): \(failure.text)"
  }
}
