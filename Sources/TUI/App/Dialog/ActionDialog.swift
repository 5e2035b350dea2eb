import Core

/// The confirmation of every action, and then its progress. It receives all keys while it is open.
package struct ActionDialog: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    /// The plan was requested.
    case planning
    /// Nothing was sent, for this reason.
    case refused(ActionRefusal)
    case asking(ActionPlan)
    /// Confirmed; the intent is being written to the audit log.
    case starting(ActionPlan)
    /// The intent is in the audit log on disk.
    case running(ActionPlan)
  }

  package enum Button: Sendable {
    case cancel
    case confirm
  }

  /// Effect of a key beyond a change of the dialog.
  struct Answer {
    var effect: Effect?
    var isClosed = false

    static let none = Answer()
    static let close = Answer(isClosed: true)
  }

  package private(set) var request: ActionRequest
  /// The request that `^A` switches to: all rows that match the filter, or back.
  package private(set) var alternative: ActionRequest?
  package private(set) var phase = Phase.planning
  /// Whether the question was on the screen. Text that was typed earlier confirms nothing.
  package var isSeen = false
  package private(set) var focus = Button.cancel
  /// The typed confirmation.
  package private(set) var typed = LineEditor()
  package private(set) var error: String?
  /// The operator has cancelled the pending requests.
  package private(set) var isCancelling = false
  /// Index of the first visible line.
  package private(set) var top = 0

  package init(_ request: ActionRequest, alternative: ActionRequest? = nil) {
    self.request = request
    self.alternative = alternative
  }

  package mutating func planned(_ result: Result<ActionPlan, ActionRefusal>) {
    guard phase == .planning else { return }
    isSeen = false
    switch result {
    case .success(let plan): phase = .asking(plan)
    case .failure(let refusal): phase = .refused(refusal)
    }
  }

  /// `refusal`: why the confirmed plan was not started; `nil` if the intent was written.
  package mutating func started(_ plan: ActionPlan, refusal: ActionRefusal?) {
    guard phase == .starting(plan) else { return }
    phase = refusal.map { .refused($0) } ?? .running(plan)
    top = 0
  }

  package var plan: ActionPlan? {
    switch phase {
    case .planning, .refused: nil
    case .asking(let plan), .starting(let plan), .running(let plan): plan
    }
  }

  /// The running intent; its records are shown.
  package var runningIntent: String? {
    if case .running(let plan) = phase { plan.intent } else { nil }
  }

  package var isOfFilter: Bool {
    if case .filter = request.selection { true } else { false }
  }

  /// The button that Enter activates now.
  package var button: Button {
    guard case .asking(let plan) = phase, plan.confirmation.typed != nil else { return focus }
    return plan.confirmation.isMet(by: .typed(typed.text)) ? .confirm : .cancel
  }

  // MARK: Keys

  mutating func answer(_ key: Key) -> Answer {
    error = nil
    switch (phase, key) {
    case (_, .escape): return .close
    case (_, .up): top = max(0, top - 1)
    case (_, .down): top += 1
    case (_, .pageUp): top = max(0, top - 10)
    case (_, .pageDown): top += 10
    case (.refused, .control("a")), (.asking, .control("a")): return swap()
    case (.refused, .control("g")), (.asking, .control("g")): return insist(.again)
    case (.refused, .control("n")), (.asking, .control("n")): return insist(.newKey)
    case (.running(let plan), .character("g")): return Answer(effect: .resumeActions(intent: plan.intent))
    case (.asking(let plan), _): return answer(key, to: plan)
    case (.running(let plan), .character("c")):
      isCancelling = true
      return Answer(effect: .cancelActions(intent: plan.intent))
    case (_, .enter), (_, .character("q")), (_, .character("n")): return .close
    default: break
    }
    return .none
  }

  /// Replaces the dialog by one for the other selection.
  private mutating func swap() -> Answer {
    guard let other = alternative else { return .none }
    self = ActionDialog(other, alternative: request)
    return Answer(effect: .act(.plan(other)))
  }

  /// Number of subjects that would be included, or get a new key, if the operator insisted.
  package func insistable(_ how: ActionPlan.Insistence) -> Int {
    switch (how, phase) {
    case (.again, _) where request.again, (.newKey, _) where request.newKey: 0
    case (_, .refused(let refusal)): refusal.exclusions.count { $0.insist == how }
    case (.again, .asking(let plan)): plan.exclusions.count { $0.insist == .again }
    case (.newKey, .asking(let plan)):
      plan.exclusions.count { $0.insist == .newKey } + plan.items.count(where: \.isRepeated)
    default: 0
    }
  }

  /// Plans again and includes the excluded subjects; the confirmation requires more words.
  private mutating func insist(_ how: ActionPlan.Insistence) -> Answer {
    guard insistable(how) > 0 else { return .none }
    var wish = request
    switch how {
    case .again: wish.again = true
    case .newKey: wish.newKey = true
    }
    self = ActionDialog(wish, alternative: alternative)
    return Answer(effect: .act(.plan(wish)))
  }

  private mutating func answer(_ key: Key, to plan: ActionPlan) -> Answer {
    let isTyped = plan.confirmation.typed != nil
    switch key {
    case .enter where isTyped: return acceptTyped(plan)
    case .enter: return focus == .confirm ? confirm(plan, .yes) : .close
    case .tab, .backTab, .left, .right:
      if !isTyped { focus = focus == .cancel ? .confirm : .cancel }
    case .pasted: error = "a confirmation is typed, not pasted"
    case _ where isTyped: _ = typed.apply(key)
    case .character("y"), .character("Y"): return confirm(plan, .yes)
    case .character("n"), .character("N"), .character("q"): return .close
    default: break
    }
    return .none
  }

  private mutating func acceptTyped(_ plan: ActionPlan) -> Answer {
    guard !typed.isEmpty else { return .close }
    guard plan.confirmation.isMet(by: .typed(typed.text)) else {
      error = "that is not \(plan.confirmation.typed ?? "it"): nothing is sent"
      return .none
    }
    return confirm(plan, .typed(typed.text))
  }

  private mutating func confirm(_ plan: ActionPlan, _ answer: ActionConfirmation.Answer) -> Answer {
    guard isSeen else { return .none }
    phase = .starting(plan)
    return Answer(effect: .act(.run(plan, answer)))
  }
}
