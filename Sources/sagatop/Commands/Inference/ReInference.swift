import Collectors
import Configuration
import Core

/// Infers an inferred system again if events with unknown types keep arriving, if one arrives whose schema was not available before, or if
/// only few of its sagas were seen. Used by the main thread only. Reads into a separate store.
final class ReInference {
  /// Minimum number of unknown events for a new inference.
  private static let least = 20
  private static let shortestPause = Duration.seconds(20)
  private static let longestPause = Duration.seconds(600)
  /// An inference is given up for now if its results do not agree within this time.
  private static let patience = Duration.seconds(60)

  private let settings: Settings
  private let strangers: () -> UnknownTypeCounter?
  private let onFound: @Sendable () -> Void
  private var scout: (watch: Monitor, finder: InferenceWorker, since: Timestamp)?
  private var pause = shortestPause
  private var nextAt: Timestamp
  private var isProvisional: Bool

  /// `settings` are the settings without inferred sagas, `found` is the current result. `onFound` is called on another thread.
  init(
    _ settings: Settings, after found: InferredSystem, now: Timestamp, strangers: @escaping () -> UnknownTypeCounter?,
    onFound: @escaping @Sendable () -> Void
  ) {
    self.settings = settings
    self.strangers = strangers
    self.onFound = onFound
    nextAt = now + Self.shortestPause
    isProvisional = found.isProvisional
  }

  /// Returns a new result once, else `nil`. Must be called periodically.
  func step(now: Timestamp) -> InferredSystem? {
    guard let scout else {
      if now >= nextAt, isDue { begin(now) }
      return nil
    }
    let found = scout.finder.found
    guard found != nil || now - scout.since > Self.patience else { return nil }
    stop()
    (pause, nextAt) = (min(pause * 2, Self.longestPause), now + pause)
    if let found {
      strangers()?.learn(found)
      isProvisional = found.isProvisional
    }
    return found
  }

  private var isDue: Bool {
    guard !isProvisional, let strangers = strangers() else { return isProvisional }
    return strangers.hasLate || strangers.count >= Self.least
  }

  func stop() {
    scout?.finder.stop()
    scout?.watch.stop()
    scout = nil
  }

  private func begin(_ now: Timestamp) {
    guard
      let watch = try? Monitor(
        settings, reads: SourceKind.eventSources, onChange: {}),
      let sampler = watch.sampler
    else { return nextAt = now + Self.longestPause }
    let finder = InferenceWorker(sampler, name: settings.system.name, onFound: onFound)
    scout = (watch, finder, now)
    watch.start()
    finder.start()
  }
}
