import Core
import Text

/// Whether what is known of the sagas is recent enough to act on.
struct PictureCheck {
  /// Kafka tells of itself every three seconds; what was read longer ago is an old picture.
  private static let kafkaLimit = Duration.seconds(8)
  /// Documents are polled less often.
  private static let otherLimit = Duration.seconds(60)

  let store: Store

  /// Which source of events is not live, as a sentence; `nil` where all are.
  func concern(at now: Timestamp) -> String? {
    store.sources.lazy.filter(\.carriesEvents).compactMap { concern($0, now) }.first
  }

  private func concern(_ source: SourceStatus, _ now: Timestamp) -> String? {
    guard source.isWhole(at: now) else { return source.incompleteness(at: now) }
    let kind = SourceKind(source: source.name)
    // A command tells something when there is something to tell.
    guard kind != .command else { return nil }
    let limit = kind == .kafka ? Self.kafkaLimit : max(Self.otherLimit, source.patience ?? .zero)
    guard let last = source.lastSuccess else { return "\(source.name) has not answered yet" }
    return now - last > limit ? "\(source.name) was last read \(Quantity.age(now - last)) ago" : nil
  }
}
