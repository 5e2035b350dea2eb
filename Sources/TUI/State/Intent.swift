import Core

/// What a key asks of the program, beyond changing what is shown.
package enum Intent: Sendable, Equatable {
  case quit
  case suspend
  case redraw
  /// Put the text on the terminal's clipboard.
  case copy(String)
  case toggleMouse
  case nextTheme
  /// To the clock of a replay.
  case replay(ReplayIntent)
  /// Ask the gate of actions what would be done.
  case plan(ActionRequest)
  /// The operator confirmed a plan.
  case runActions(ActionPlan, ActionConfirmation.Answer)
  /// Leave what of an intent is not sent yet.
  case cancelActions(intent: String)
}
