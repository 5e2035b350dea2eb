/// What a key asks of the program, beyond changing what is shown.
package enum Intent: Sendable, Equatable {
  case quit
  case suspend
  case redraw
  /// Put the text on the terminal's clipboard.
  case copy(String)
  case toggleMouse
  case nextTheme
}
