import Clients
import Core

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
