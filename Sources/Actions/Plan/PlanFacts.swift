import Core
import Text

/// What an operator should know about a plan before confirming it: concerns and side effects.
struct PlanFacts {
  let settings: ActionSettings
  let store: Store

  func concerns(_ action: ActionName, _ items: [PreparedPlan.Item]) -> [ActionConcern] {
    var concerns: [ActionConcern] = []
    if action.scope == .saga, let reason = PictureCheck(store: store).concern(at: settings.now()) {
      concerns.append(.oldPicture(reason))
    }
    let again = items.count(where: \.isInsistedOn)
    if again > 0 { concerns.append(.again(again)) }
    let left = items.count(where: \.leavesKey)
    if left > 0 { concerns.append(.newKey(left)) }
    concerns += items.compactMap { held($0.item.subject) }.prefix(1)
    return concerns
  }

  func sentences(_ wish: ActionRequest, _ items: [PreparedPlan.Item]) -> [String] {
    if case .lock(let key) = items[0].item.subject { return lock(key) }
    return obstacles(wish.action, items) + hidden(wish, items) + readers(items)
  }

  // MARK: Causes

  /// Maximum number of sagas of a plan that are diagnosed.
  private static let mostDiagnosed = 50

  /// Causes that will block the sagas again after a retry, and how to remove them.
  private func obstacles(_ action: ActionName, _ items: [PreparedPlan.Item]) -> [String] {
    guard action == .retry || action == .compensate else { return [] }
    var found: [(cause: Cause, count: Int)] = []
    var looked = 0
    for item in items.prefix(Self.mostDiagnosed) {
      guard case .saga(let handle) = item.item.subject, let diagnosis = store.diagnosis(handle, now: settings.now())
      else { continue }
      looked += 1
      guard let cause = diagnosis.causes.first, cause.kind.holdsRetries else { continue }
      if let place = found.firstIndex(where: { $0.cause.isSame(as: cause) }) {
        found[place].count += 1
      } else {
        found.append((cause, 1))
      }
    }
    return found.sorted { $0.count > $1.count }.prefix(3).map { obstacle($0.cause, $0.count, of: looked) }
  }

  private func obstacle(_ cause: Cause, _ count: Int, of looked: Int) -> String {
    let them = count == looked ? (looked == 1 ? "it waits" : "all of them wait") : "\(count) of \(looked) wait"
    let cure = cause.kind.remedy == .releaseLock ? "evict the lock, if its holder is gone" : cause.cure ?? ""
    let help = cure.isEmpty ? "" : "; what helps: \(cure)"
    return "\(them) because \(cause.sentence), and will only queue up behind that\(help)"
  }

  /// Marked sagas that the current filter of the list hides.
  private func hidden(_ wish: ActionRequest, _ items: [PreparedPlan.Item]) -> [String] {
    guard let filter = wish.shown, wish.action.scope == .saga, case .subjects = wish.selection else { return [] }
    let query = SagaQuery(filter: filter, limit: ActionPlanner.mostCandidates)
    let shown = Set(store.sagas(query, now: settings.now()).rows.map { ActionSubject.saga($0.handle) })
    let ids = items.filter { !shown.contains($0.item.subject) }.map(\.item.id)
    guard !ids.isEmpty else { return [] }
    let names = ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? " and \(ids.count - 5) more" : "")
    return ["not in the list that is seen, because its filter hides them: \(names)"]
  }

  // MARK: Locks

  private func held(_ subject: ActionSubject) -> ActionConcern? {
    guard case .lock(let key) = subject, let row = store.lock(key, now: settings.now())?.row else { return nil }
    if let saga = row.saga, saga.status == .running || saga.status == .compensating {
      return .heldLock("its saga \(saga.type) \(saga.id) is \(saga.status.name): its holder may be at work")
    }
    if row.renewals > 0, row.verdict != .overdue { return .heldLock("its holder renews it: it is at work") }
    return row.ttl.map { .heldLock("it ends by itself in \(Quantity.age($0))") }
  }

  private func lock(_ key: LockKey) -> [String] {
    guard let row = store.lock(key, now: settings.now())?.row else { return [] }
    let age = row.age.map { "held for \($0.isExact ? "" : "at least ")\(Quantity.age($0.duration))" }
    let end = row.isImmortal ? "has no time to live" : row.ttl.map { "ends in \(Quantity.age($0))" }
    let waiters = row.waiters.map { $0 == 1 ? "1 waits for it" : "\($0) wait for it" }
    let saga = row.saga.map { "of the saga \($0.type) \($0.id), \($0.status.name)" }
    return [
      [age, end, waiters, saga].compactMap { $0 }.joined(separator: ", "),
      "released, another may take it while its holder still works: both would work at once",
    ]
  }

  // MARK: Messages

  /// The groups that read the topics to which messages are published again, as sentences.
  private func readers(_ items: [PreparedPlan.Item]) -> [String] {
    let topics = Set(
      items.compactMap { item in
        if case .kafka(let call) = item.request.call, call.origin != nil { call.topic } else { nil }
      })
    guard !topics.isEmpty else { return [] }
    let groups = store.groups(GroupQuery(limit: .max), now: settings.now()).rows
    return topics.sorted().map { topic in
      let names = groups.filter { $0.topics.contains(topic) }.map(\.name).sorted()
      return names.isEmpty
        ? groups.isEmpty
          ? "consumer groups have not been read: which of them read \(topic) is not known"
          : "no group is known that reads \(topic)"
        : "\(topic) is read by \(names.joined(separator: ", ")): each of them reads the message again"
    }
  }
}

/// Checks whether the data about the sagas is recent enough to act on.
struct PictureCheck {
  /// Kafka is polled every three seconds; older data is outdated.
  private static let kafkaLimit = Duration.seconds(8)
  /// Documents are polled less often.
  private static let otherLimit = Duration.seconds(60)

  let store: Store

  /// The first event source that is not live, as a sentence. `nil` if all are live.
  func concern(at now: Timestamp) -> String? {
    store.sources.lazy.filter(\.carriesEvents).compactMap { concern($0, now) }.first
  }

  private func concern(_ source: SourceStatus, _ now: Timestamp) -> String? {
    guard source.isWhole(at: now) else { return source.incompleteness(at: now) }
    // A command may print nothing for a long time.
    guard source.kind != .command else { return nil }
    let limit = source.kind == .kafka ? Self.kafkaLimit : max(Self.otherLimit, source.patience ?? .zero)
    guard let last = source.lastSuccess else { return "\(source.name) has not answered yet" }
    return now - last > limit ? "\(source.name) was last read \(Quantity.age(now - last)) ago" : nil
  }
}
