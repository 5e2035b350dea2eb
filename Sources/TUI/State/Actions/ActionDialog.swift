import Core

/// The question that stands before every action, and then what comes of it. While it is open it has all keys.
package struct ActionDialog: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    /// The plan is asked for.
    case planning
    /// Nothing is or was sent, and this is why.
    case refused(ActionRefusal)
    case asking(ActionPlan)
    /// It was confirmed, and the intent is on disk.
    case running(ActionPlan)
  }

  package enum Button: Sendable {
    case cancel
    case confirm
  }

  package private(set) var wish: ActionRequest
  /// What `^A` changes to: all that match the filter, or back.
  package private(set) var alternative: ActionRequest?
  package private(set) var phase = Phase.planning
  /// Whether the operator can have read the question: what was typed before it was on the screen confirms nothing.
  package var isSeen = false
  package var focus = Button.cancel
  /// What was typed to confirm.
  package var typed = LineEditor()
  package var complaint: String?
  /// The operator asked for what is not sent yet to be left.
  package var isCancelling = false
  /// The first line of the text that is shown.
  package var top = 0

  package init(_ wish: ActionRequest, alternative: ActionRequest? = nil) {
    self.wish = wish
    self.alternative = alternative
  }

  package mutating func planned(_ result: Result<ActionPlan, ActionRefusal>) {
    switch result {
    case .success(let plan): phase = .asking(plan)
    case .failure(let refusal): phase = .refused(refusal)
    }
  }

  /// `refusal` is what the gate answered to the confirmation; `nil` when the intent is written down.
  package mutating func started(_ plan: ActionPlan, refusal: ActionRefusal?) {
    phase = refusal.map { .refused($0) } ?? .running(plan)
    top = 0
  }

  /// The same question for the other selection.
  mutating func swap() {
    guard let other = alternative else { return }
    self = ActionDialog(other, alternative: wish)
  }

  package var plan: ActionPlan? {
    switch phase {
    case .planning, .refused: nil
    case .asking(let plan), .running(let plan): plan
    }
  }

  /// The intent whose records are to be shown.
  package var runningIntent: String? {
    if case .running(let plan) = phase { plan.intent } else { nil }
  }

  package var isOfFilter: Bool {
    if case .filter = wish.selection { true } else { false }
  }

  /// What the operator's hand says now: that which Enter does.
  package var button: Button {
    guard case .asking(let plan) = phase, plan.confirmation.typed != nil else { return focus }
    return plan.confirmation.isMet(by: .typed(typed.text)) ? .confirm : .cancel
  }
}
