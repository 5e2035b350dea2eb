import Core

/// Whether what is shown is what is.
struct Staleness {
  /// A source that has not answered for longer is silent.
  static let patience = Duration.seconds(10)

  let header: HeaderView
  let view: ViewID

  /// Those that the view is made of.
  private var sources: [SourceStatus] {
    header.sources.filter { view == .services ? $0.name == ServiceDefinition.source : $0.carriesEvents }
  }

  /// Since when the last of them fell silent; `nil` while one of them speaks, or none ever has.
  var silence: Duration? {
    let heard = sources.map { source in
      source.lastSuccess.map { header.now - $0 }
    }
    guard !heard.isEmpty, let shortest = heard.compactMap({ $0 }).min() else { return nil }
    let isDown = sources.allSatisfy { $0.phase == .down }
    return isDown || shortest > Self.patience ? shortest : nil
  }

  var isStale: Bool { silence != nil }
}
