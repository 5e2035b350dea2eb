import Core

/// Whether the data on the screen is current.
struct Staleness {
  /// A source that has not answered for longer is silent.
  static let patience = Duration.seconds(10)

  private let now: Timestamp
  /// Those that the view is made of.
  private let sources: [SourceStatus]

  init(_ header: HeaderView, _ view: any ListScreen.Type) {
    now = header.now
    sources = header.sources.filter { view.isMade(of: $0) }
  }

  /// Since when the last of them fell silent; `nil` while one of them answers, or none ever has.
  var silence: Duration? {
    let heard = sources.map { source in source.lastSuccess.map { now - $0 } }
    guard !heard.isEmpty, let shortest = heard.compactMap({ $0 }).min() else { return nil }
    let isDown = sources.allSatisfy { $0.phase == .down }
    return isDown || shortest > Self.patience ? shortest : nil
  }

  var isStale: Bool { silence != nil }
}
