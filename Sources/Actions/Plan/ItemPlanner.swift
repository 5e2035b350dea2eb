import Core
import Text

/// Creates the plan item of one subject: whether the action is possible, with which key and which request.
struct ItemPlanner {
  /// An action of another operator within this time causes a warning.
  private static let recent = Duration.seconds(900)
  /// Maximum number of timeouts that one item may need: a login, the request, both again with a new token, and one for recording.
  static let longestTry = 5

  struct LeftOut: Error {
    var exclusion: ActionPlan.Exclusion
    /// The action is not configured for this subject.
    var isUndefined = false

    init(_ id: String, _ reason: String, insist: ActionPlan.Insistence? = nil, isUndefined: Bool = false) {
      exclusion = .init(id: id, reason: reason, insist: insist)
      self.isUndefined = isUndefined
    }
  }

  let settings: ActionSettings
  let store: Store
  private let requests: RequestMaker
  private let fields: SubjectFields

  init(settings: ActionSettings, store: Store) {
    self.settings = settings
    self.store = store
    requests = RequestMaker(settings: settings, store: store)
    fields = SubjectFields(settings: settings, store: store)
  }

  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability {
    var saga: SagaRow?
    if case .saga(let handle) = subject {
      guard let view = store.saga(handle, now: settings.now()) else {
        return .impossible("the saga is not kept any more")
      }
      saga = view.row
    }
    guard let definition = settings.definition(of: action, type: saga?.type) else {
      return .impossible(undefined(action, saga?.type))
    }
    if let lack = requests.lacks(definition) { return .impossible(lack) }
    return saga.flatMap { notAllowed(definition, $0) }.map { .impossible($0) } ?? .possible
  }

  private func undefined(_ action: ActionName, _ type: String?) -> String {
    "no `\(action.rawValue)` is configured" + (type.map { " for sagas of type `\($0)`" } ?? "")
  }

  private func notAllowed(_ action: ActionDefinition, _ row: SagaRow) -> String? {
    guard !action.allowance.holds(row.status, row.flags) else { return nil }
    let state = ([row.status.name] + row.flags.names).joined(separator: ", ")
    return "it is \(state): \(action.name.rawValue) is for \(action.allowance.phrase)"
  }

  /// `isAlone`: the request names only this subject.
  func item(
    _ wish: ActionRequest, _ subject: ActionSubject, intent: String, isAlone: Bool
  ) -> Result<PreparedPlan.Item, LeftOut> {
    var saga: SagaView?
    if case .saga(let handle) = subject {
      guard let view = store.saga(handle, now: settings.now()) else {
        return .failure(LeftOut("?", "the saga is not kept any more"))
      }
      saga = view
    }
    let id = saga?.row.id ?? Self.name(of: subject)
    guard let definition = settings.definition(of: wish.action, type: saga?.row.type) else {
      return .failure(LeftOut(id, undefined(wish.action, saga?.row.type), isUndefined: true))
    }
    if let lack = requests.lacks(definition) { return .failure(LeftOut(id, lack, isUndefined: true)) }
    if let row = saga?.row {
      if let reason = notAllowed(definition, row) { return .failure(LeftOut(id, reason)) }
      if row.status == .completed, !isAlone {
        return .failure(LeftOut(id, "it has completed: such a saga is taken alone"))
      }
    }
    let past = PriorAttempts(
      store.actions(on: id, type: saga?.row.type ?? ""), wish.action, settings.context, now: settings.now(),
      patience: definition.timeout * Self.longestTry)
    if let left = done(wish, id, past) { return .failure(left) }
    return freeze(wish, subject, saga, definition, id: id, intent: intent, past: past)
  }

  /// An action that is in progress, or that was done and must not be repeated.
  private func done(_ wish: ActionRequest, _ id: String, _ past: PriorAttempts) -> LeftOut? {
    if let underWay = past.underWay, !(wish.again && underWay.isWatched) {
      return LeftOut(id, underWay.message, insist: underWay.isWatched ? .again : nil)
    }
    guard wish.action == .redrive, !wish.again, let taken = past.taken else { return nil }
    let age = Quantity.age(settings.now() - taken.intendedAt)
    return LeftOut(id, "\(taken.operator.name) had it redriven \(age) ago", insist: .again)
  }

  private func freeze(
    _ wish: ActionRequest, _ subject: ActionSubject, _ saga: SagaView?, _ definition: ActionDefinition, id: String,
    intent: String, past: PriorAttempts
  ) -> Result<PreparedPlan.Item, LeftOut> {
    let type = saga?.row.type ?? ""
    let repeated = wish.newKey ? nil : past.repeated
    let key = repeated?.idempotencyKey ?? newKey(wish.action, type, id, round: round(subject, saga, intent), past.keys)
    // A request with unknown outcome is sent again with its original reason.
    let reason = repeated == nil ? wish.reason : past.firstTry?.reason ?? ""
    let made = Result<PreparedRequest, RequestMaker.Impossible> { () throws(RequestMaker.Impossible) in
      try requests.request(definition, subject, saga, fields: fields(subject, saga, reason), key: key)
    }
    let choice =
      repeated.map { again(made, $0, id, definition) } ?? made.map { ($0, nil) }.mapError { LeftOut(id, $0.message) }
    let (request, change): (PreparedRequest, String?)
    switch choice {
    case .success(let chosen): (request, change) = chosen
    case .failure(let left): return .failure(left)
    }
    var item = ActionPlan.Item(
      subject: subject, id: id, type: type, status: saga?.row.status, flags: saga?.row.flags ?? [],
      step: saga?.row.failedStep ?? saga?.row.step, version: saga?.version ?? .init(events: 0, updatedAt: .distantPast),
      attempt: repeated?.attempt ?? past.nextAttempt, idempotencyKey: key,
      warning: warning(saga, definition, past, isRepeated: repeated != nil, change))
    item.isRepeated = repeated != nil
    item.error = saga?.row.error
    item.age = saga.map { settings.now() - $0.row.updatedAt }
    return .success(
      PreparedPlan.Item(
        item: item, definition: definition, request: request, past: past.ids, isRepeated: repeated != nil,
        isInsistedOn: past.underWay != nil || wish.action == .redrive && past.taken != nil,
        leavesKey: wish.newKey && past.repeated != nil,
        before: saga.map { ExpectationCheck(definition.expectation, wish.action, before: $0) }))
  }

  /// Repeats a request with an unknown outcome: the current request if its digest is unchanged, else the stored one together with the
  /// difference as a text. A lock release that differs is left out: a lock is released only for its current holder.
  private func again(
    _ made: Result<PreparedRequest, RequestMaker.Impossible>, _ record: ActionRecord, _ id: String,
    _ definition: ActionDefinition
  ) -> Result<(PreparedRequest, String?), LeftOut> {
    let now = try? made.get()
    let isSame = now.map { record.digest.isEmpty || $0.digest(settings.mask) == record.digest } ?? false
    if let now, isSame { return .success((now, nil)) }
    let kept = settings.kept?.request(
      record.digest, settings.keptRequest, timeout: definition.timeout, mask: settings.mask)
    let difference = difference(now, kept, record)
    if let kept, definition.call != .releaseLock {
      return .success((kept, "as it was then, \(difference); a new key sends it as it is now"))
    }
    guard case .failure(let reason) = made else {
      let what = "the request differs from the one whose outcome is unknown"
      return .failure(LeftOut(id, "\(what): \(difference)", insist: .newKey))
    }
    return .failure(LeftOut(id, reason.message))
  }

  /// The first line that differs.
  private func difference(_ now: PreparedRequest?, _ then: PreparedRequest?, _ record: ActionRecord) -> String {
    let new = now.map { $0.lines.map(settings.mask) } ?? ["it cannot be made any more"]
    guard let old = then.map({ $0.lines.map(settings.mask) }) else {
      return "then it was `\(record.request)`, of which the rest is not kept, now it is `\(new[0])`"
    }
    let place = (0..<max(old.count, new.count)).first { place in
      !old.indices.contains(place) || !new.indices.contains(place) || old[place] != new[place]
    }
    func line(_ lines: [String]) -> String { place.flatMap { lines.indices.contains($0) ? lines[$0] : nil } ?? "" }
    return "then `\(line(old))`, now `\(line(new))`"
  }

  private func fields(_ subject: ActionSubject, _ saga: SagaView?, _ reason: String) -> ActionFields {
    if let saga { return fields.fields(of: saga, reason: reason) }
    if case .lock(let key) = subject { return fields.fields(ofLock: key, reason: reason) }
    return fields.fields(reason: reason)
  }

  private func warning(
    _ saga: SagaView?, _ definition: ActionDefinition, _ past: PriorAttempts, isRepeated: Bool, _ change: String?
  ) -> String? {
    var parts = [past.warning(recent: Self.recent) ?? saga.flatMap { foreignKey($0, past) }].compactMap { $0 }
    if isRepeated {
      parts.append("it is sent again with the same key" + (change.map { ", \($0)" } ?? ""))
      let window = settings.api(of: definition)?.idempotencyWindow
      if let window, let first = past.firstTry?.intendedAt, settings.now() - first > window {
        parts.append(
          "the key was first sent \(Quantity.age(settings.now() - first)) ago: a server that forgets keys after \(Quantity.age(window)) does it again"
        )
      }
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// Detects an action by an operator with another audit log, from the idempotency key in the saga's messages.
  private func foreignKey(_ saga: SagaView, _ past: PriorAttempts) -> String? {
    let newest = saga.events.suffix(3).reversed()
    for event in newest where settings.now() - event.time < Self.recent {
      let key = store.message(event.message)?.headers.first { $0.name.lowercased() == "idempotency-key" }?.value
      if let key, !past.keys.contains(key) {
        return
          "an action that is not in this audit log published \(event.type) \(Quantity.age(settings.now() - event.time)) ago"
      }
    }
    return nil
  }

  /// Equal for equal context, action, subject, round and attempt, on any machine. The inputs cannot be recovered from it.
  private func newKey(
    _ action: ActionName, _ type: String, _ id: String, round: String, _ known: Set<String>
  ) -> String {
    var attempt = 1
    while true {
      let parts = [settings.context, action.rawValue, type, id, round, String(attempt)]
      let key = String(SHA256.hex(parts.joined(separator: "\n")).prefix(32))
      if !known.contains(key) { return key }
      attempt += 1
    }
  }

  /// Identifies the event that led to the subject's current state; equal for all readers of the same data. For a saga it is its last
  /// failure, else its last event.
  private func round(_ subject: ActionSubject, _ saga: SagaView?, _ intent: String) -> String {
    switch subject {
    case .saga:
      let event = saga?.events.last(where: \.isFailure) ?? saga?.events.last
      return event.map { "\($0.type)@\($0.time.milliseconds)" } ?? ""
    case .lock(let key): return store.lock(key, now: settings.now())?.row.holders.first?.text ?? ""
    case .deadLetter: return ""
    case .system: return intent
    }
  }

  static func name(of subject: ActionSubject) -> String {
    switch subject {
    case .saga: ""
    case .lock(let key): key.key
    case .deadLetter(let topic, let partition, let offset): "\(topic)/\(partition)/\(offset)"
    case .system: "system"
    }
  }
}

extension SagaView {
  var version: ActionPlan.Version { .init(events: events.count + droppedEvents, updatedAt: row.updatedAt) }
}
