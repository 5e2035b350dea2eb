/// What an operator asks of a replay's clock.
package enum ReplayIntent: Sendable, Equatable {
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
