/// Sagas in trouble that have one cause.
package struct CauseGroup: Sendable, Equatable {
  /// As it was found for one of them.
  package var cause: Cause
  package var count: Int
  /// Some of them were looked at, and not all of these had this cause; or there are more than were counted.
  package var isEstimate: Bool
  /// The last progress of the one that waits for longest.
  package var since: Timestamp?
  /// Where they are, in the order of how many are there.
  package var steps: [String]
  /// The filter that leaves these sagas, and others that are alike; `nil` where they are in several places.
  package var filter: String?

  package init(
    cause: Cause, count: Int, isEstimate: Bool = false, since: Timestamp? = nil, steps: [String] = [],
    filter: String? = nil
  ) {
    self.cause = cause
    self.count = count
    self.isEstimate = isEstimate
    self.since = since
    self.steps = steps
    self.filter = filter
  }
}

/// Sagas of one type that are in the same trouble at the same step, with the same failure: they are likely to have one cause.
struct TroubleGroup: Sendable {
  struct Key: Hashable, Sendable {
    var definition: Int
    var bucket: SagaBucket
    var step: Symbol
    var failure: FailurePatternID?
  }

  var key: Key
  var type: String
  var step: String?
  var count = 0
  var since: Timestamp?
  /// Two of the first and two of the last.
  var samples: [SagaHandle] = []

  mutating func add(_ saga: Saga) {
    count += 1
    if let progress = saga.summary.progressAt { since = min(since ?? progress, progress) }
    if samples.count < 4 {
      samples.append(saga.handle)
    } else {
      samples[2 + count % 2] = saga.handle
    }
  }

  var filter: String {
    let words =
      [("status", key.bucket == .failed ? "failed" : "stuck"), ("type", type)] + (step.map { [("step", $0)] } ?? [])
    return words.map { Filter.text($0.0, $0.1) }.joined(separator: " ")
  }
}

extension StoreState {
  /// Those that are stuck or need manual work, the largest group first. More than a view looks at are not counted.
  func troubleGroups() -> (groups: [TroubleGroup], isCut: Bool) {
    var groups: [TroubleGroup.Key: TroubleGroup] = [:]
    var examined = 0
    for bucket in [SagaBucket.stuck, .failed] {
      sagas.lists.walk(bucket) { slot in
        examined += 1
        guard let saga = sagas[slot: slot] else { return true }
        let step = bucket == .failed ? saga.summary.failedStep : saga.summary.step
        let key = TroubleGroup.Key(
          definition: saga.definition, bucket: bucket, step: step, failure: saga.failures.first?.pattern)
        groups[
          key,
          default: TroubleGroup(
            key: key, type: sagas.definitions[saga.definition].definition.type, step: symbols.name(step))
        ].add(saga)
        return examined < Self.examinedAtMost
      }
    }
    let sorted = groups.values.sorted { ($1.count, $0.filter) < ($0.count, $1.filter) }
    return (sorted, examined >= Self.examinedAtMost)
  }
}

extension Store {
  /// Groups whose sagas are looked at, four of each.
  private static let mostGroups = 8

  /// Why sagas are stuck or failed, grouped by cause, the most frequent first. A few sagas of each group are diagnosed, each in a hold of
  /// the lock of its own.
  package func causes(now: Timestamp) -> [CauseGroup] {
    let (troubles, isCut) = read { $0.troubleGroups() }
    var groups: [CauseGroup] = []
    for trouble in troubles.prefix(Self.mostGroups) {
      let found = trouble.samples.compactMap { diagnosis($0, now: now)?.causes.first }
      for (cause, share) in Self.shares(of: found) {
        let count = share == found.count ? trouble.count : max(1, trouble.count * share / found.count)
        Self.add(
          CauseGroup(
            cause: cause, count: count, isEstimate: isCut || share < found.count || troubles.count > Self.mostGroups,
            since: trouble.since,
            steps: trouble.step.map { [$0] } ?? [], filter: trouble.filter), to: &groups)
      }
    }
    return groups.sorted { ($1.count, $0.cause.sentence) < ($0.count, $1.cause.sentence) }
  }

  /// Each cause once, with how many have it.
  private static func shares(of causes: [Cause]) -> [(cause: Cause, count: Int)] {
    var shares: [(cause: Cause, count: Int)] = []
    for cause in causes {
      if let place = shares.firstIndex(where: { $0.cause.isSame(as: cause) }) {
        shares[place].count += 1
      } else {
        shares.append((cause, 1))
      }
    }
    return shares
  }

  private static func add(_ group: CauseGroup, to groups: inout [CauseGroup]) {
    guard let place = groups.firstIndex(where: { $0.cause.isSame(as: group.cause) }) else {
      groups.append(group)
      return
    }
    groups[place].count += group.count
    groups[place].isEstimate = groups[place].isEstimate || group.isEstimate
    groups[place].since = [groups[place].since, group.since].compactMap(\.self).min()
    for step in group.steps where !groups[place].steps.contains(step) { groups[place].steps.append(step) }
    // No filter means just these.
    if groups[place].filter != group.filter { groups[place].filter = nil }
  }
}

extension Cause {
  /// Of another saga, the same: about the same thing, or in the same words but for numbers and names.
  func isSame(as other: Cause) -> Bool {
    guard kind == other.kind else { return false }
    if subject != nil || other.subject != nil { return subject == other.subject }
    return DiagnosisText.pattern(self) == DiagnosisText.pattern(other)
  }
}

extension CauseKind {
  /// What an operator can do about it from here; `nil` where the cure lies elsewhere, as the cause's suggestion says.
  package var remedy: ActionName? {
    switch self {
    case .lockImmortal, .lockOverdue: .releaseLock
    case .stepFailed, .retrying, .unanswered, .deadLetter, .eventMissing: .retry
    default: nil
    }
  }
}
