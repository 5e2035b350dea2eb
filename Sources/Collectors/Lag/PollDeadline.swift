import Core

/// When the parts of one round must have ended. What comes first may not use up the time of what comes after.
struct PollDeadline {
  /// Of the whole round.
  static let (listing, groups, offsets) = (0.4, 0.7, 1.0)

  let start: ContinuousClock.Instant
  let length: Duration

  /// The instant at which this share of the time is over.
  func instant(_ share: Double) -> ContinuousClock.Instant { start + length * share }

  /// What is left of this share for a request; a little less, so that librdkafka's own answer "timed out" still counts.
  func rest(_ share: Double) -> Duration {
    max(.milliseconds(1), ContinuousClock.now.duration(to: instant(share)) - .milliseconds(20))
  }
}
