import Core

/// What a key asks of the program, beyond changing what is shown.
package enum Effect: Sendable, Equatable {
  case quit
  case suspend
  case redraw
  /// Put the text on the terminal's clipboard.
  case copy(String)
  /// The key does nothing now, and why.
  case nothing(String)
  case toggleMouse
  /// Write what is seen to files.
  case savePicture
  /// Keep how a view is shown.
  case remember(ViewPreferences)
  case nextTheme
  case replay(PlaybackCommand)
  /// Read no further into the past.
  case stopHistory
  /// Switch to another context: its name, and what confirms it.
  case context(String)
  /// Of an action; the app sees to them itself.
  case act(ActionTask)
  case cancelActions(intent: String)
  /// Those of a run that waits for the operator.
  case resumeActions(intent: String)
}
