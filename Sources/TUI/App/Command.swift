import Core

/// What keys are bound to.
package enum Command: Hashable, Sendable {
  case up, down, pageUp, pageDown, halfPageUp, halfPageDown, first, last
  case open, close, unfold, fold
  case filter, nextMatch, previousMatch
  case sortPrevious, sortNext, reverse
  case mark, markRange, unmark
  case freeze, copy, copyRow, why
  /// What changed in the last so many seconds.
  case changes(Duration)
  /// What is seen, as files.
  case picture
  /// Whether it is safe to deploy.
  case ready
  /// The spans of the saga's traces.
  case trace
  /// Only the sagas that have the next of the causes.
  case nextCause
  /// How messages become sagas, and what was not understood.
  case reading
  case act(ActionName)
  /// Cancel what of a plan is not sent yet.
  case cancelPending
  case resumePending
  /// A view, and the view of a tab that was shown there last.
  case show(ViewID)
  case showTab(String)
  case nextTab, previousTab
  case replay(PlaybackCommand)
  case past(PastCommand)
  /// Older events are not read any further.
  case stopHistory
  /// Another context of the configuration; with nothing, the list of them. A second word `yes` confirms it.
  case context(String)
  case prompt, help, theme, mouse, redraw, suspend, quit

  /// It changes the watched system, or what is being sent to it.
  var acts: Bool {
    switch self {
    case .act, .cancelPending, .resumePending: true
    default: false
    }
  }
}

/// Which moment of the last hour is shown.
package enum PastCommand: Hashable, Sendable {
  /// The picture before the one that is shown, and the one after it.
  case back, forward
  /// What is now.
  case live
  /// A time of day, or how long ago: `14:03`, `10m`.
  case to(String)
}

/// What an operator asks of the clock of a replay.
package enum PlaybackCommand: Hashable, Sendable {
  /// Pauses, or goes on.
  case pause
  /// The next observation, and then pause.
  case step
  case faster
  case slower
  /// To a time of day, an instant, `+90s` or `-90s` from here, or to where the saga of that id begins.
  case seek(String)
  case speed(String)
}

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
  /// Show all in the theme of this name.
  case theme(String)
  case replay(PlaybackCommand)
  case past(PastCommand)
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
