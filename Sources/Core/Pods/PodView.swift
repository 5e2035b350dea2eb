import Text

/// A pod as shown on a screen or in a report, with its problem.
package struct PodView: Sendable, Equatable {
  package enum State: String, CaseIterable, Sendable {
    case ready
    /// Created recently and not ready yet.
    case starting
    case notReady
    case terminating
    /// Ended successfully: a job's pod.
    case completed
    /// No node, image or configuration is available for it.
    case waiting
    /// Its process fails repeatedly, or the pod failed or was evicted.
    case failing
    case gone
    case unknown
  }

  /// Time for a new pod to become ready.
  private static let startTime = Duration.seconds(60)
  /// Period in which terminations are counted.
  static let window = Duration.seconds(600)

  package var pod: Pod
  package var state: State
  /// The problem as the rest of a sentence after the pod's name; `nil` if there is none.
  package var trouble: String?
  /// When its process last failed, or when it was evicted or deleted.
  package var diedAt: Timestamp?
  package var seenAt: Timestamp
  package var goneAt: Timestamp?
  package var lastEvent: PodEvent?

  init(_ record: PodState.Record, now: Timestamp) {
    let pod = record.pod
    self.pod = pod
    (seenAt, goneAt) = (record.seenAt, record.goneAt)
    lastEvent = record.events.last { $0.isWarning }
    state = Self.state(record, now: now)
    let death = record.ends.last { $0.termination.isFailure }?.termination
    diedAt = death?.finishedAt.map { min($0, now) } ?? (pod.reason != nil ? record.goneAt ?? record.seenAt : nil)
    if state == .gone, diedAt == nil { diedAt = record.goneAt }
    trouble = Self.trouble(record, state, now: now)
  }

  private static func state(_ record: PodState.Record, now: Timestamp) -> State {
    let pod = record.pod
    if record.goneAt != nil { return .gone }
    if pod.phase == .succeeded { return .completed }
    if pod.phase == .failed || pod.reason == "Evicted" { return .failing }
    if pod.isTerminating { return .terminating }
    if let waiting = pod.waiting, waiting.reason == "CrashLoopBackOff" { return .failing }
    let isNew = pod.createdAt.map { now - $0 < startTime } ?? false
    if pod.unschedulable != nil || pod.waiting.map({ !Self.isOrdinary($0) }) ?? false { return .waiting }
    if pod.isReady { return .ready }
    switch pod.phase {
    case .pending, .running: return isNew && record.ends.isEmpty ? .starting : .notReady
    default: return .unknown
    }
  }

  private static func isOrdinary(_ waiting: Pod.Waiting) -> Bool {
    ["ContainerCreating", "PodInitializing"].contains(waiting.reason)
  }

  private static func trouble(_ record: PodState.Record, _ state: State, now: Timestamp) -> String? {
    let pod = record.pod
    if let reason = pod.reason { return "is \(reason)" + (pod.message.map { ": \($0)" } ?? "") }
    if let text = pod.unschedulable { return "finds no node: \(text)" }
    if let waiting = pod.waiting, waiting.reason != "CrashLoopBackOff", !isOrdinary(waiting) {
      return "waits: \(waiting.reason)" + (waiting.message.map { ": \($0)" } ?? "")
    }
    let end = record.ends.last { $0.termination.isFailure }.flatMap { death($0, record, now: now) }
    switch state {
    case .failing: return end ?? "has failed"
    case .gone: return end ?? "is gone"
    case .notReady: return end ?? "is not ready for \(Quantity.age(record.readySince.map { now - $0 }))"
    case .ready, .starting, .terminating, .waiting, .completed, .unknown: return end
    }
  }

  /// "was OOMKilled 3 times in 10 min, last 40s ago"; `nil` if it is too long ago.
  private static func death(_ end: PodState.End, _ record: PodState.Record, now: Timestamp) -> String? {
    let last = end.termination
    let recent = record.ends.filter {
      $0.termination.reason == last.reason && $0.termination.isFailure
        && now - ($0.termination.finishedAt ?? $0.seenAt) <= window
    }
    guard !recent.isEmpty || record.pod.waiting?.reason == "CrashLoopBackOff" else { return nil }
    let age = last.finishedAt.map { "\(Quantity.age(max(.zero, now - $0))) ago" }
    let isLooping = record.pod.waiting?.reason == "CrashLoopBackOff" ? ", CrashLoopBackOff" : ""
    if recent.count > 1 {
      let word = last.reason == "Error" ? "ended with exit code \(last.exitCode ?? 1)" : "was \(last.reason)"
      return "\(word) \(recent.count) times in 10 min" + (age.map { ", last \($0)" } ?? "") + isLooping
    }
    let restarts = record.pod.restarts > 1 ? ", \(record.pod.restarts) restarts" : ""
    return last.phrase + (age.map { " \($0)" } ?? "") + restarts + isLooping
  }

  package var isReady: Bool { state == .ready }
  /// It counts as an instance of its service.
  package var isMember: Bool { state != .gone && state != .completed }
}

/// The pods of one service.
package struct ServicePods: Sendable, Equatable {
  /// Sorted by name; deleted ones last.
  package var pods: [PodView]
  package var readAt: Timestamp
  package var rollout: Rollout?

  package struct Rollout: Sendable, Equatable {
    package var version: String
    package var ready: Int
    package var pods: Int
    package var oldVersion: String?
    package var oldPods: Int

    /// "rolling out 1.4: 1 of 3 ready, 2 of 1.3 left"
    package var phrase: String {
      let rest = oldPods > 0 ? ", \(oldPods) of \(oldVersion ?? "the old ones") left" : ""
      return "rolling out \(version): \(ready) of \(pods) ready\(rest)"
    }
  }

  init(_ pods: [PodView], readAt: Timestamp) {
    self.pods = pods.filter { $0.state != .gone } + pods.filter { $0.state == .gone }
    self.readAt = readAt
    rollout = Self.rollout(pods.filter { $0.isMember && $0.state != .terminating && $0.pod.job == nil })
  }

  package var members: [PodView] { pods.filter(\.isMember) }
  package var ready: Int { pods.count(where: \.isReady) }
  package var restarts: Int { members.reduce(0) { $0.saturating(plus: $1.pod.restarts) } }

  /// "2/3"
  package var count: String { "\(ready)/\(members.count)" }

  /// Pods of two revisions exist: the newer replaces the older.
  private static func rollout(_ pods: [PodView]) -> Rollout? {
    let revisions = Dictionary(grouping: pods.filter { $0.pod.revision != nil }) { $0.pod.revision ?? "" }
    guard revisions.count > 1 else { return nil }
    let born = { (pods: [PodView]) in pods.compactMap(\.pod.createdAt).min() ?? .distantPast }
    let sorted = revisions.values.sorted { born($0) < born($1) }
    guard let new = sorted.last else { return nil }
    let old = sorted.dropLast().flatMap { $0 }
    let version = new.first?.pod.version ?? new.first?.pod.revision ?? "a new version"
    return Rollout(
      version: version, ready: new.count(where: \.isReady), pods: new.count, oldVersion: old.first?.pod.version,
      oldPods: old.count)
  }
}

extension Store {
  package func accept(_ sample: PodSample) {
    fold {
      $0.pods.note(sample)
      $0.noteSuccess(of: PodSample.source, at: sample.time)
    }
  }

  /// The pods of a service; `nil` if none is known.
  package func pods(of service: String, now: Timestamp) -> ServicePods? { read { $0.pods(of: service, now: now) } }

  /// The numbers of existing pods and of their services.
  package var podCounts: (pods: Int, services: Int) {
    read { state in
      (state.pods.records.values.count { $0.goneAt == nil }, state.pods.services.count)
    }
  }
}

extension PodSample {
  /// Name of the watch's source status.
  package static let source = "kubernetes pods"
}

extension StoreState {
  /// Up to date as of the last success of the watch.
  func pods(of service: String, now: Timestamp) -> ServicePods? {
    guard var found = pods.service(service, now: now) else { return nil }
    if let watch = sources[PodSample.source], watch.phase == .up, let last = watch.lastSuccess {
      found.readAt = max(found.readAt, last)
    }
    return found
  }

  /// The pods with these names; `nil` if there is none.
  func pods(namedBy names: [String], now: Timestamp) -> ServicePods? {
    let found = names.compactMap { pods.pod(named: $0, now: now) }
    return found.isEmpty ? nil : pods.readAt.map { ServicePods(found, readAt: $0) }
  }

  /// The services with health endpoints, and services of steps of which only pods are known. The worst verdict first, then by name.
  func serviceRows(now: Timestamp) -> [ServiceRow] {
    let rows = services.rows(now: now)
    guard !pods.isEmpty else { return rows }
    let known = Set(rows.map(\.name))
    let steps = Set(sagas.definitions.flatMap { $0.definition.steps.compactMap(\.service) })
    let others = steps.subtracting(known).compactMap { row(fromPodsOf: $0, now: now) }
    let all = rows.map { withPods($0, now: now) } + others
    return all.sorted { $0.verdict != $1.verdict ? $0.verdict > $1.verdict : $0.name < $1.name }
  }

  func serviceRow(_ name: String, now: Timestamp) -> ServiceRow? {
    guard let place = services.place(of: name) else { return row(fromPodsOf: name, now: now) }
    return withPods(services.row(services.services[place], now: now), now: now)
  }

  private func withPods(_ row: ServiceRow, now: Timestamp) -> ServiceRow {
    var row = row
    row.pods = pods(of: row.name, now: now)
    return row
  }

  /// A service without a health endpoint, judged by its pods alone.
  private func row(fromPodsOf name: String, now: Timestamp) -> ServiceRow? {
    guard let pods = pods(of: name, now: now) else { return nil }
    let isCurrent = sources[PodSample.source]?.isCurrent(at: now) ?? false
    let count = pods.members.count
    let verdict: ServiceVerdict =
      !isCurrent || self.pods.dropped > 0 || count == 0
      ? .unknown : pods.ready == count ? .up : pods.ready == 0 ? .down : .degraded
    let trouble = pods.pods.first { $0.trouble != nil && $0.isMember }.map { ": \($0.pod.id.name) \($0.trouble ?? "")" }
    let reason = isCurrent ? "\(pods.count) pods are ready\(trouble ?? "")" : "its pods are not read any more"
    var row = ServiceRow(name: name, verdict: verdict, reason: reason)
    row.pods = pods
    return row
  }
}
