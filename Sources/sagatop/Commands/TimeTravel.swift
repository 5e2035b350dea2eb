import Clients
import Collectors
import Core
import Synchronization
import TUI
import Text

/// Stores pictures of a store's last hour, and creates a store from one of them on request. The methods must be called on the main thread;
/// a background thread takes the pictures and creates the stores.
final class TimeTravel: Sendable {
  struct Moment: Sendable {
    let store: Store
    let mark: PastMark
  }

  /// Why a step is not possible, as a sentence.
  struct Refusal: Error, Equatable {
    var message: String
  }

  private struct State: Sendable {
    var history = PictureHistory()
    /// The last picture was too large to be stored.
    var isTooLarge = false
    /// Time of the picture that is shown or being prepared; `nil` for the present.
    var target: Timestamp?
    var wanted: StorePicture?
    var made: Moment?
    var shown: Moment?
  }

  private let store: Store
  private let onMade: @Sendable () -> Void
  private let interval: Duration
  private let state = Mutex(State())
  private let bell = WakeUp()
  private let thread = WorkerThread()
  private let isStopping = Atomic(false)

  /// `onMade` is called on the background thread when a requested store is ready. If the thread cannot start, no pictures are taken.
  init(_ store: Store, interval: Duration = PictureHistory.interval, onMade: @escaping @Sendable () -> Void) {
    self.store = store
    self.interval = interval
    self.onMade = onMade
  }

  func start() {
    guard let bell else { return }
    _ = thread.start { [self] in run(bell) }
  }

  func stop() {
    isStopping.store(true, ordering: .relaxed)
    bell?.ring()
    thread.join(patience: .seconds(1))
  }

  var hasMade: Bool { state.withLock { $0.made != nil } }

  /// The past instant that is shown; `nil` for the present.
  var shown: Moment? { state.withLock { $0.shown } }

  /// Returns the requested moment once when it is ready; otherwise `nil`.
  func take() -> Moment? {
    state.withLock { state in
      guard let made = state.made else { return nil }
      (state.made, state.shown) = (nil, made)
      return made
    }
  }

  /// The number of stored pictures, and the time of the oldest. `nil` if there is none.
  var kept: (count: Int, oldest: Timestamp)? {
    state.withLock { state in state.history.pictures.first.map { (state.history.pictures.count, $0.time) } }
  }

  /// Requests a step in time. Returns the text for the operator, and whether the present is shown, which needs no preparation.
  /// `localOffset` is the offset of the operator's local time from UTC.
  func go(
    _ step: PastCommand, now: Timestamp, localOffset: Duration
  ) throws(Refusal) -> (text: String, isLive: Bool) {
    let clock = Clock(now: now, offset: localOffset)
    let (picture, isOldest) = try state.withLock { (state) throws(Refusal) -> (StorePicture?, Bool) in
      let (picture, isOldest) = try Self.picture(step, state, clock)
      (state.wanted, state.target) = (picture, picture?.time)
      if picture == nil { (state.made, state.shown) = (nil, nil) }
      return (picture, isOldest)
    }
    bell?.ring()
    guard let picture else { return ("live", true) }
    return isOldest
      ? ("the oldest picture is of \(clock.text(picture.time)): reading it", false)
      : ("reading the picture of \(clock.text(picture.time))", false)
  }

  private struct Clock {
    var now: Timestamp
    var offset: Duration

    /// `14:03:20, 2m10s ago`.
    func text(_ time: Timestamp) -> String {
      "\(Quantity.clock(time, offset: offset)), \(Quantity.age(max(.zero, now - time))) ago"
    }
  }

  /// For a time before all pictures, the oldest one.
  private static func picture(
    _ step: PastCommand, _ state: State, _ clock: Clock
  ) throws(Refusal) -> (StorePicture?, isOldest: Bool) {
    switch step {
    case .live: return (nil, false)
    case .forward:
      guard let target = state.target else { throw Refusal(message: "this is live: there is no later picture") }
      return (state.history.first(after: target), false)
    case .back:
      let first = try first(state)
      if let picture = state.history.last(before: state.target ?? clock.now) { return (picture, false) }
      throw Refusal(message: "nothing changed: the oldest picture is of \(clock.text(first.time))")
    case .to(let text):
      guard let time = time(text, now: clock.now) else {
        throw Refusal(message: "past: expected a time such as 14:03, or how long ago, such as 10m; found `\(text)`")
      }
      let first = try first(state)
      if let picture = state.history.last(before: time + .nanoseconds(1)) { return (picture, false) }
      return (first, true)
    }
  }

  private static func first(_ state: State) throws(Refusal) -> StorePicture {
    if let picture = state.history.pictures.first { return picture }
    throw Refusal(
      message: state.isTooLarge
        ? "no pictures of the past: a picture of this cluster is too large"
        : "no picture of the past yet: one is taken every \(Quantity.age(PictureHistory.interval))")
  }

  /// A time of day means its latest occurrence before now.
  private static func time(_ text: String, now: Timestamp) -> Timestamp? {
    if let ago = DurationText.parse(text) { return now - ago }
    return ReplayTime.parse(text, start: now - .seconds(86_400))
  }

  // MARK: Background thread

  private func run(_ bell: WakeUp) {
    var next = ContinuousClock.now + interval
    while !isStopping.load(ordering: .relaxed) {
      if let picture = state.withLock({ state in state.wanted.take() }) { make(picture) }
      if .now >= next {
        takePicture()
        next = .now + interval
      }
      if state.withLock({ $0.wanted == nil }) { bell.wait(until: next) }
    }
  }

  private func takePicture() {
    let picture = store.picture(now: SystemClock.now())
    state.withLock { state in
      state.isTooLarge = picture.map { $0.bytes > PictureHistory.mostBytes } ?? true
      if let picture { state.history.add(picture) }
    }
  }

  private func make(_ picture: StorePicture) {
    let past = store.past(picture) { [self] in
      isStopping.load(ordering: .relaxed) || state.withLock { $0.target != picture.time }
    }
    guard let past else { return }
    let moment = Moment(store: past, mark: PastMark(picture.time, missing: past.missingSagas))
    state.withLock { state in if state.target == picture.time { state.made = moment } }
    onMade()
  }
}
