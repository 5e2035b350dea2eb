import Text

/// How far back events are requested.
package enum ReadSpan: Sendable, Equatable {
  /// Everything if the log is small, else the last `usualSpan`.
  case usual
  case everything
  case last(Duration)

  package static let usualSpan = Duration.seconds(24 * 3600)

  /// `nil` unless a duration was configured.
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

/// The time since which a source's events have been read. The newest are read first, then older ones backwards, so the window grows into
/// the past until it is complete.
package struct ReadWindow: Sendable, Equatable {
  /// Older events are not requested; `nil` if all are.
  package var wantedSince: Timestamp?
  /// Once the source is complete, everything appended to its log since this instant has been read; `nil`: everything.
  package var readSince: Timestamp?
  /// Share of the older events that has been read, 0 to 1.
  package var progress: Double
  /// Estimated time for the rest; `nil` if unknown.
  package var remaining: Duration?
  /// The operator stopped the reading of older events: nothing more is requested.
  package var isStopped = false

  package init(wantedSince: Timestamp?, readSince: Timestamp?, progress: Double = 0, remaining: Duration? = nil) {
    self.wantedSince = wantedSince
    self.readSince = readSince
    self.progress = progress
    self.remaining = remaining
  }

  /// All requested events have been read.
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
