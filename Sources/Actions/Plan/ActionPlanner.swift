import Core
import Text

/// Turns an operator's request into a plan: the subjects, their state, and the exact requests. Sends and writes nothing.
struct ActionPlanner {
  /// Maximum number of subjects examined for one plan.
  static let mostCandidates = 5000
  /// Maximum bytes of a reason.
  private static let longestReason = 1000

  let settings: ActionSettings
  let store: Store
  private let items: ItemPlanner

  init(settings: ActionSettings, store: Store) {
    self.settings = settings
    self.store = store
    items = ItemPlanner(settings: settings, store: store)
  }

  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability {
    if settings.isReadOnly { return .impossible("read-only") }
    if settings.audit == nil { return .impossible(ActionSettings.noAudit) }
    return items.availability(of: action, on: subject)
  }

  func plan(_ wish: ActionRequest) -> Result<PreparedPlan, ActionRefusal> {
    if settings.isReadOnly { return .failure(.readOnly) }
    guard wish.reason.utf8.count <= Self.longestReason else {
      return .failure(ActionRefusal(.nothingToDo, "the reason is longer than \(Self.longestReason) bytes"))
    }
    if settings.audit?.requiresReason == true, wish.reason.allSatisfy(\.isWhitespace) {
      return .failure(
        ActionRefusal(
          .notConfirmed,
          "`audit.requireReason`: an action here needs a reason, by --reason or :\(wish.action.rawValue) REASON"))
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
            "the filter only searches or excludes: add a condition that selects sagas, such as status:stuck"
          ))
      }
      let found = wish.action.scope == .deadLetter ? deadLetters(filter) : sagas(filter)
      return found.map { .success($0) }
        ?? .failure(
          ActionRefusal(
            .tooMany,
            "more than \(Self.mostCandidates) match, or there are too many to look through: narrow the filter"))
    }
  }

  /// `nil` if there are too many.
  private func sagas(_ filter: Filter) -> [ActionSubject]? {
    let limit = Self.mostCandidates
    let found = store.sagas(SagaQuery(filter: filter, limit: limit), now: settings.now())
    guard found.matching <= limit, found.examined >= found.total else { return nil }
    return found.rows.map { .saga($0.handle) }
  }

  private func deadLetters(_ filter: Filter) -> [ActionSubject]? {
    let limit = Self.mostCandidates
    let found = store.events(EventQuery(filter: filter, limit: limit), now: settings.now())
    guard found.matching <= limit else { return nil }
    return found.rows.filter { DeadLetterTopic.isName($0.topic) }.map {
      .deadLetter(topic: $0.topic, partition: $0.partition, offset: $0.offset)
    }
  }

  private func plan(_ wish: ActionRequest, _ subjects: [ActionSubject]) -> Result<PreparedPlan, ActionRefusal> {
    let intent = settings.newIntent()
    var items: [PreparedPlan.Item] = []
    var exclusions: [ActionPlan.Exclusion] = []
    var isUndefined = true
    for subject in subjects.prefix(Self.mostCandidates) {
      switch self.items.item(wish, subject, intent: intent, isAlone: subjects.count == 1) {
      case .success(let item): items.append(item)
      case .failure(let left):
        exclusions.append(left.exclusion)
        isUndefined = isUndefined && left.isUndefined
      }
    }
    if items.isEmpty {
      let message = exclusions.first.map { "\($0.id): \($0.reason)" } ?? "no \(wish.action.scope.noun) matches"
      let isUndefined = isUndefined && !exclusions.isEmpty
      return .failure(ActionRefusal(isUndefined ? .undefined : .nothingToDo, message, exclusions: exclusions))
    }
    let most = items.map(\.definition.maxBatch).min() ?? 0
    guard items.count <= most, subjects.count <= Self.mostCandidates else {
      return .failure(
        ActionRefusal(.tooMany, "\(max(items.count, subjects.count)) at once are more than `maxBatch` allows: \(most)"))
    }
    return .success(
      PreparedPlan(plan: description(wish, intent, items, exclusions), items: items, pace: .init(wish, items)))
  }

  private func description(
    _ wish: ActionRequest, _ intent: String, _ items: [PreparedPlan.Item], _ exclusions: [ActionPlan.Exclusion]
  ) -> ActionPlan {
    let facts = PlanFacts(settings: settings, store: store)
    var plan = ActionPlan(
      intent: intent, action: wish.action, kind: items[0].definition.call.kind, context: settings.context,
      isProtected: settings.isProtected, reason: settings.mask(wish.reason), items: items.map(\.item),
      exclusions: exclusions, request: items[0].request.lines.map(settings.mask),
      expectation: items[0].before.map(\.expectation.phrase) ?? "",
      confirmation: ActionConfirmation(confirmation(items), concerns: facts.concerns(wish.action, items)))
    plan.fingerprint = fingerprint(wish.action, items)
    plan.validFor = settings.planAge
    plan.facts = facts.sentences(wish, items)
    plan.resumes = wish.resumes
    plan.filter = wish.filterText
    return plan
  }

  private func confirmation(_ items: [PreparedPlan.Item]) -> ActionConfirmation.Base {
    if items.count == 1, items[0].item.status == .completed { return .typeEnding(String(items[0].item.id.suffix(4))) }
    if settings.isProtected || items.count > ActionConfirmation.mostByYes { return .typeCount(items.count) }
    return items.count == 1 ? .yes : .yesAfterSample(count: items.count)
  }

  private func fingerprint(_ action: ActionName, _ items: [PreparedPlan.Item]) -> String {
    let names = items.map { "\($0.item.type)\n\($0.item.id)" }.sorted()
    let digest = SHA256.hex(([settings.context, action.rawValue] + names).joined(separator: "\n"))
    return "\(items.count)-\(digest.prefix(12))"
  }
}
