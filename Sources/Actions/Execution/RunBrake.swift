import Core

/// Decides when a run may send its next item. In a large run the first item is sent alone. The run pauses for the operator if the first
/// item fails, or after the same failure occurs several times in a row. Pure.
struct RunBrake {
  /// In a run of more items the first one is sent alone.
  static let mostAtOnce = 10

  enum Leave: Equatable {
    /// The item at this index.
    case take(Int)
    /// All remaining items: they are not sent.
    case cancel(Range<Int>)
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
  /// The last failure, and how often it occurred in a row.
  private var trouble: (words: String, times: Int)?
  /// Why the run waits for the operator. `nil` if it is not paused.
  private(set) var pause: String?
  private(set) var isCancelled = false

  init(count: Int, stopAfter: Int) {
    self.count = count
    self.stopAfter = stopAfter
    first = count > Self.mostAtOnce ? .waiting : .over
  }

  var hasBegun: Bool { next > 0 }

  mutating func leave() -> Leave {
    guard next < count else { return .done }
    if isCancelled {
      defer { next = count }
      return .cancel(next..<count)
    }
    if pause != nil || first == .underWay { return .wait }
    if first == .waiting { first = .underWay }
    next += 1
    return .take(next - 1)
  }

  /// Whether the current item is sent alone and the run waits for its outcome.
  var isFirstUnderWay: Bool { first == .underWay }

  mutating func cancel() { (isCancelled, pause) = (true, nil) }

  mutating func pause(_ why: String) { if !isCancelled, next < count { pause = pause ?? why } }

  mutating func resume() { (pause, trouble) = (nil, nil) }

  /// Records the response for an item.
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

  /// Records the outcome of the item sent alone. If it was not sent, another item is sent alone instead.
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

  /// `nil` for success. Texts that differ only in the subject's id and in numbers count as equal.
  private static func trouble(_ outcome: ActionOutcome, _ subject: String) -> String? {
    switch outcome {
    case .refused, .unknown:
      return (outcome.name + (outcome.detail ?? "")).replacing(subject, with: "").filter { !$0.isNumber }
    default: return nil
    }
  }
}
