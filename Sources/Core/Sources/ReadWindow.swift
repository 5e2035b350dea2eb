import Text

/// How far back events are wanted.
package enum ReadSpan: Sendable, Equatable {
  /// Everything where little lies there, else the last `usualSpan`.
  case usual
  case everything
  case last(Duration)

  package static let usualSpan = Duration.seconds(24 * 3600)

  /// `nil` where no length of time was asked for.
  package var duration: Duration? {
    if case .last(let duration) = self { return duration }
    return nil
  }

  /// A duration, or "all"; `nil` for anything else.
  package init?(parsing text: String) {
    if text == "all" {
      self = .everything
    } else if let duration = DurationText.parse(text) {
      self = .last(duration)
    } else {
      return nil
    }
  }
}

/// Since when a source's events have been read. The newest are read first and the older ones backwards, so the window grows into the
/// past until it is whole.
package struct ReadWindow: Sendable, Equatable {
  /// Older events are not wanted; `nil` where all are.
  package var wantedSince: Timestamp?
  /// What the source's log took in since this instant has been read, once the source is complete; `nil`: all that there is.
  package var readSince: Timestamp?
  /// Share of the older events that has been read, 0 to 1.
  package var progress: Double
  /// Time that the rest will take; `nil` while nothing can be said.
  package var remaining: Duration?
  /// The operator ended the reading of older events: what was read is all that is wanted.
  package var isStopped = false

  package init(wantedSince: Timestamp?, readSince: Timestamp?, progress: Double = 0, remaining: Duration? = nil) {
    self.wantedSince = wantedSince
    self.readSince = readSince
    self.progress = progress
    self.remaining = remaining
  }

  /// Nothing that is wanted is left to be read.
  package var isWhole: Bool {
    guard !isStopped, let readSince else { return true }
    return wantedSince.map { readSince <= $0 } ?? false
  }

  /// "38 %, 2m left".
  package var progressText: String {
    let share = "\(Int(max(0, min(0.99, progress)) * 100)) %"
    return remaining.map { "\(share), \(Quantity.age($0)) left" } ?? share
  }
}
