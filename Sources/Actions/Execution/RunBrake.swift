import Core

/// Decides when a run may send its next item: of many the first goes alone, and the operator is asked after it went wrong, or after the
/// same went wrong several times in a row. Pure.
struct RunBrake {
  /// Of more the first goes alone.
  static let mostAtOnce = 10

  enum Leave: Equatable {
    /// The item at this place.
    case take(Int)
    case wait
    case done
  }

  private enum First {
    case waiting, underWay, over
  }

  private let count: Int
  private let stopAfter: Int
  private var first: First
  private var next = 0
  /// What went wrong last, and how often in a row.
  private var trouble: (words: String, times: Int)?
  /// Why nothing is sent until the operator says so.
  private(set) var pause: String?
  private(set) var isCancelled = false

  init(count: Int, stopAfter: Int) {
    self.count = count
    self.stopAfter = stopAfter
    first = count > Self.mostAtOnce ? .waiting : .over
  }

  var hasBegun: Bool { next > 0 }

  /// Cancelled items are counted too, so that they can be reported.
  mutating func leave() -> Leave {
    guard next < count else { return .done }
    if !isCancelled {
      if pause != nil || first == .underWay { return .wait }
      if first == .waiting { first = .underWay }
    }
    next += 1
    return .take(next - 1)
  }

  /// Whether the item at this place is the one that goes alone: its outcome is waited for.
  var isFirstUnderWay: Bool { first == .underWay }

  mutating func cancel() { (isCancelled, pause) = (true, nil) }

  mutating func pause(_ why: String) { if !isCancelled, next < count { pause = pause ?? why } }

  mutating func resume() { (pause, trouble) = (nil, nil) }

  /// An item has its answer.
  mutating func note(_ outcome: ActionOutcome, subject: String) {
    guard let words = Self.trouble(outcome, subject) else {
      if case .accepted = outcome { trouble = nil }
      return
    }
    trouble = (words, trouble?.words == words ? (trouble?.times ?? 0) + 1 : 1)
    if let times = trouble?.times, times >= stopAfter {
      pause("\(times) in a row were \(Self.sentence(outcome))")
    }
  }

  /// What came of the item that went alone. What was not sent says nothing: another goes in its place.
  mutating func noteFirst(_ outcome: ActionOutcome) {
    switch outcome {
    case .skipped, .cancelled: first = .waiting
    case .refused, .unknown, .failedAgain, .notObserved:
      first = .over
      pause("the first of \(count) was \(Self.sentence(outcome))")
    case .intended, .sent, .accepted, .observed: first = .over
    }
  }

  private static func sentence(_ outcome: ActionOutcome) -> String {
    outcome.name + (outcome.detail.map { ": \($0)" } ?? "")
  }

  /// `nil` for what went well. The subject's id and numbers do not make other words.
  private static func trouble(_ outcome: ActionOutcome, _ subject: String) -> String? {
    switch outcome {
    case .refused, .unknown:
      return (outcome.name + (outcome.detail ?? "")).replacing(subject, with: "").filter { !$0.isNumber }
    default: return nil
    }
  }
}
