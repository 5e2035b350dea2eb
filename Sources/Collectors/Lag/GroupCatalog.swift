import Clients
import Core
import Text

/// Which groups there are to ask for. Pure: the reader tells it what the broker said.
struct GroupCatalog {
  enum Listing: Equatable {
    /// Not asked yet, or never answered.
    case unknown
    case possible
    /// And why.
    case impossible(String)
  }

  /// More than these are not asked for: each costs requests in every round.
  static let capacity = 2000
  private static let retryInterval = Duration.seconds(60)

  private let patterns: [NamePattern]
  private let configured: Set<String>
  /// By group, whether some pattern means it: a regular expression is dear.
  private var verdicts: [String: Bool] = [:]
  private var listed: Set<String> = []
  private var askAgain = Timestamp.distantPast
  private(set) var listing = Listing.unknown
  /// To ask for, sorted.
  private(set) var names: [String]
  /// How many more there are.
  private(set) var omitted = 0

  init(patterns: [NamePattern], configured: [String]) {
    self.patterns = patterns
    self.configured = Set(configured.filter { !$0.isEmpty })
    names = self.configured.sorted()
  }

  var isListed: Bool { listing == .possible }

  /// A broker that cannot list is asked again rarely.
  func mustAsk(at now: Timestamp) -> Bool { isListed || now >= askAgain }

  /// What a listing said. Where some broker did not answer, its groups of the last time are kept.
  mutating func take(_ found: [String], failures: [GroupAdminResponse.Failure], at now: Timestamp) {
    if found.isEmpty, let failure = failures.first(where: { $0.kind != .noAnswer }) {
      listing = .impossible(failure.text)
      askAgain = now + Self.retryInterval
      listed = []
    } else if failures.isEmpty {
      listing = .possible
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

/// Puts together what was said of each group.
struct GroupAssembly {
  /// Whether the broker can say who the members are.
  let canDescribe: Bool
  private var silent: [String: (count: Int, first: String)] = [:]

  init(canDescribe: Bool) {
    self.canDescribe = canDescribe
  }

  /// What was not answered in time, in a few sentences.
  var troubles: [String] {
    silent.sorted { $0.key < $1.key }.map { part, groups in
      let others = groups.count > 1 ? " and \(groups.count - 1) more" : ""
      return "\(part) of group \(groups.first)\(others)"
    }
  }

  /// `nil` is no answer in time.
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

  /// What it is assigned and never committed.
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
