import Core
import Text

/// Turns what an operator asks for into a plan: who exactly, in which state, with which request. Sends and writes nothing.
struct ActionPlanner {
  /// More sagas than this are not gone through for one plan.
  static let mostCandidates = 5000
  /// What another operator did is a warning for so long.
  private static let recent = Duration.seconds(900)
  /// Timeouts that one item may take: a login, the request, and both again with a new token; and one to write it down.
  static let longestTry = 5
  /// Bytes of a reason.
  private static let longestReason = 1000

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
    if settings.isReadOnly { return .impossible("read-only") }
    if settings.auditPath == nil { return .impossible("there is no place for the audit log: HOME is not set") }
    let saga: SagaRow?
    if case .saga(let handle) = subject {
      guard let view = store.saga(handle, now: settings.now()) else {
        return .impossible("the saga is not kept any more")
      }
      saga = view.row
    } else {
      saga = nil
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

  func plan(_ wish: ActionRequest) -> Result<PreparedPlan, ActionRefusal> {
    if settings.isReadOnly {
      return .failure(ActionRefusal(.readOnly, "read-only: nothing that changes the system is possible"))
    }
    guard wish.reason.utf8.count <= Self.longestReason else {
      return .failure(ActionRefusal(.nothingToDo, "the reason is longer than \(Self.longestReason) bytes"))
    }
    switch candidates(wish) {
    case .success(let subjects): return plan(wish, subjects)
    case .failure(let refusal): return .failure(refusal)
    }
  }

  private func candidates(_ wish: ActionRequest) -> Result<[ActionSubject], ActionRefusal> {
    switch wish.selection {
    case .subjects(let subjects):
      var seen: Set<ActionSubject> = []
      return .success(subjects.filter { seen.insert($0).inserted })
    case .filter(let filter):
      guard filter.isDecisive else {
        return .failure(
          ActionRefusal(
            .nothingToDo,
            "the filter only searches or leaves out, which decides nothing: add what a saga must be, such as status:stuck"
          ))
      }
      let limit = Self.mostCandidates
      let found = store.sagas(SagaQuery(filter: filter, limit: limit), now: settings.now())
      guard found.matching <= limit, found.examined >= found.total else {
        return .failure(
          ActionRefusal(
            .tooMany, "more than \(limit) sagas match, or there are too many to look through: narrow the filter"))
      }
      return .success(found.rows.map { .saga($0.handle) })
    }
  }

  private func plan(_ wish: ActionRequest, _ subjects: [ActionSubject]) -> Result<PreparedPlan, ActionRefusal> {
    let intent = settings.newIntent()
    var items: [PreparedPlan.Item] = []
    var exclusions: [ActionPlan.Exclusion] = []
    var isUndefined = true
    for subject in subjects.prefix(Self.mostCandidates) {
      switch item(wish, subject, intent: intent, isAlone: subjects.count == 1) {
      case .success(let item): items.append(item)
      case .failure(let left):
        exclusions.append(left.exclusion)
        isUndefined = isUndefined && left.isUndefined
      }
    }
    if items.isEmpty {
      let message = exclusions.first.map { "\($0.id): \($0.reason)" } ?? "no saga matches"
      let isUndefined = isUndefined && !exclusions.isEmpty
      return .failure(ActionRefusal(isUndefined ? .undefined : .nothingToDo, message, exclusions: exclusions))
    }
    let most = items.map(\.definition.maxBatch).min() ?? 0
    guard items.count <= most, subjects.count <= Self.mostCandidates else {
      return .failure(
        ActionRefusal(.tooMany, "\(max(items.count, subjects.count)) at once are more than `maxBatch` allows: \(most)"))
    }
    return .success(PreparedPlan(plan: description(wish, intent, items, exclusions), items: items))
  }

  private func description(
    _ wish: ActionRequest, _ intent: String, _ items: [PreparedPlan.Item], _ exclusions: [ActionPlan.Exclusion]
  ) -> ActionPlan {
    let concern = wish.action.scope == .saga ? PictureCheck(store: store).concern(at: settings.now()) : nil
    var plan = ActionPlan(
      intent: intent, action: wish.action, kind: items[0].definition.call.kind, context: settings.context,
      isProtected: settings.isProtected, reason: settings.mask(wish.reason), items: items.map(\.item),
      exclusions: exclusions,
      request: items[0].request.lines.map(settings.mask),
      expectation: items[0].before.map(\.expectation.phrase) ?? "",
      confirmation: concern == nil ? confirmation(items) : .typeWords("act on an old picture"))
    plan.concern = concern
    plan.fingerprint = fingerprint(wish.action, items)
    return plan
  }

  private func confirmation(_ items: [PreparedPlan.Item]) -> ActionConfirmation {
    if items.count == 1, items[0].item.status == .completed { return .typeEnding(String(items[0].item.id.suffix(4))) }
    if settings.isProtected || items.count > ActionConfirmation.mostByYes { return .typeCount(items.count) }
    return items.count == 1 ? .yes : .yesAfterSample(count: items.count)
  }

  private struct LeftOut: Error {
    var exclusion: ActionPlan.Exclusion
    var isUndefined = false

    init(_ id: String, _ reason: String, isUndefined: Bool = false) {
      exclusion = .init(id: id, reason: reason)
      self.isUndefined = isUndefined
    }
  }

  private func item(
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
      patience: definition.timeout * Self.longestTry, again: wish.again)
    if let underWay = past.underWay { return .failure(LeftOut(id, underWay)) }
    return freeze(wish, subject, saga, definition, id: id, intent: intent, past: past)
  }

  private func freeze(
    _ wish: ActionRequest, _ subject: ActionSubject, _ saga: SagaView?, _ definition: ActionDefinition, id: String,
    intent: String, past: PriorAttempts
  ) -> Result<PreparedPlan.Item, LeftOut> {
    let type = saga?.row.type ?? ""
    let repeated = wish.newKey ? nil : past.repeated
    let round = saga.map(Self.round(of:)) ?? intent
    let key = repeated?.idempotencyKey ?? newKey(wish.action, type, id, round: round, known: past.keys)
    let request: PreparedRequest
    do throws(RequestMaker.Impossible) {
      request = try requests.request(definition, subject, saga, fields: fields(subject, saga, wish.reason), key: key)
    } catch {
      return .failure(LeftOut(id, error.message))
    }
    if let repeated, !repeated.digest.isEmpty, repeated.digest != request.digest(settings.mask) {
      return .failure(
        LeftOut(
          id,
          "the request differs from the one whose outcome is unknown (`\(repeated.request)`, reason `\(repeated.reason)`): "
            + "give the same reason, or leave its key behind with --new-key"))
    }
    let item = ActionPlan.Item(
      subject: subject, id: id, type: type, status: saga?.row.status, flags: saga?.row.flags ?? [],
      step: saga?.row.failedStep ?? saga?.row.step, version: saga?.version ?? .init(events: 0, updatedAt: .distantPast),
      attempt: repeated?.attempt ?? past.nextAttempt, idempotencyKey: key,
      warning: past.warning(recent: Self.recent) ?? saga.flatMap { foreignKey($0, past) })
    return .success(
      PreparedPlan.Item(
        item: item, definition: definition, request: request, past: past.ids, isRepeated: repeated != nil,
        before: saga.map { ExpectationCheck(definition.expectation, before: $0) }))
  }

  private func fields(_ subject: ActionSubject, _ saga: SagaView?, _ reason: String) -> ActionFields {
    if let saga { return fields.fields(of: saga, reason: reason) }
    if case .lock(let key) = subject { return fields.fields(ofLock: key, reason: reason) }
    return fields.fields(reason: reason)
  }

  /// An operator elsewhere, whose audit log is not seen here, leaves the key in the messages.
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

  /// The same for the same context, action, saga, round and attempt, whoever makes it; tells nothing of them.
  private func newKey(_ action: ActionName, _ type: String, _ id: String, round: String, known: Set<String>) -> String {
    var attempt = 1
    while true {
      let parts = [settings.context, action.rawValue, type, id, round, String(attempt)]
      let key = String(SHA256.hex(parts.joined(separator: "\n")).prefix(32))
      if !known.contains(key) { return key }
      attempt += 1
    }
  }

  /// What brought the saga where it is: its last failure, else its last event. The same for all who read the same events.
  private static func round(of saga: SagaView) -> String {
    let event = saga.events.last(where: \.isFailure) ?? saga.events.last
    return event.map { "\($0.type)@\($0.time.milliseconds)" } ?? ""
  }

  /// The same for the same action on the same subjects.
  private func fingerprint(_ action: ActionName, _ items: [PreparedPlan.Item]) -> String {
    let names = items.map { "\($0.item.type)\n\($0.item.id)" }.sorted()
    return String(SHA256.hex(([settings.context, action.rawValue] + names).joined(separator: "\n")).prefix(12))
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
