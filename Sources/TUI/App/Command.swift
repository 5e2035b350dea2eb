import Core

/// A command that keys are bound to.
package enum Command: Hashable, Sendable {
  case up, down, pageUp, pageDown, halfPageUp, halfPageDown, first, last
  case open, close, unfold, fold
  case filter, nextMatch, previousMatch
  case sortPrevious, sortNext, reverse
  case mark, markRange, unmark
  case freeze, copy, copyRow, why
  /// The changes of the last period of this length.
  case changes(Duration)
  /// Write the screen to files.
  case picture
  /// Report whether it is safe to deploy.
  case ready
  /// The spans of the saga's traces.
  case trace
  /// Show only the sagas with the next cause.
  case nextCause
  /// How messages become sagas, and which were not understood.
  case reading
  case act(ActionName)
  /// Cancel the requests of a plan that are not sent yet.
  case cancelPending
  case resumePending
  /// Show a view; `showTab` shows the view of the tab that was shown last.
  case show(ViewID)
  case showTab(String)
  case nextTab, previousTab
  case replay(PlaybackCommand)
  case past(PastCommand)
  /// Stop reading older events.
  case stopHistory
  /// Switch to another context of the configuration; an empty text lists them. A second word `yes` confirms the switch.
  case context(String)
  case prompt, help, theme, mouse, redraw, suspend, quit

  /// Whether it changes the watched system or unsent requests.
  var acts: Bool {
    switch self {
    case .act, .cancelPending, .resumePending: true
    default: false
    }
  }
}

/// Moves through the last hour.
package enum PastCommand: Hashable, Sendable {
  /// To the previous or the next stored picture.
  case back, forward
  /// Return to live.
  case live
  /// A time of day, or how long ago: `14:03`, `10m`.
  case to(String)
}

/// Controls the clock of a replay.
package enum PlaybackCommand: Hashable, Sendable {
  /// Pause or resume.
  case pause
  /// To the next observation, then pause.
  case step
  case faster
  case slower
  /// To a time of day, an instant, `+90s` or `-90s` relative to now, or to the first event of the saga with this id.
  case seek(String)
  case speed(String)
}

/// Work that the program must do for a key, beyond changing the screen.
package enum Effect: Sendable, Equatable {
  case quit
  case suspend
  case redraw
  /// Copy the text to the terminal's clipboard.
  case copy(String)
  /// The key has no effect now; contains the reason.
  case nothing(String)
  case toggleMouse
  /// Write the screen to files.
  case savePicture
  /// Store the preferences of the views.
  case remember(ViewPreferences)
  /// Use the theme with this name.
  case theme(String)
  case replay(PlaybackCommand)
  case past(PastCommand)
  /// Stop reading older events.
  case stopHistory
  /// Switch to another context: its name, and the confirmation.
  case context(String)
  /// Effects of actions; the app handles them itself.
  case act(ActionTask)
  case cancelActions(intent: String)
  /// Resume a paused run.
  case resumeActions(intent: String)
}
