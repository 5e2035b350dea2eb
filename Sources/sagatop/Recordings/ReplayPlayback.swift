import Core

/// Position and target of a replay. Used by one thread, which calls `work` before each frame, and also between frames while the replay
/// lags.
final class ReplayPlayback {
  enum Target: Equatable {
    case time(Timestamp)
    /// The first appearance of the saga with this id.
    case saga(String)
    /// The time at which every source was read once.
    case firstReading
  }

  /// A message for the operator.
  struct Message: Equatable {
    var text: String
    var isError = false
  }

  private let replay: ReplayStore
  private(set) var pace: ReplayPace
  private(set) var target: Target?
  let begin: Timestamp
  /// The position before a search, which may find nothing.
  private var origin: Timestamp?
  private(set) var now: Timestamp

  init(_ replay: ReplayStore, speed: Double, world: Timestamp) {
    self.replay = replay
    begin = replay.player.next ?? replay.player.last
    now = begin
    pace = ReplayPace(at: begin, speed: speed, world: world)
  }

  var store: Store { replay.store }
  var isAtEnd: Bool { target == nil && replay.player.next == nil }
  /// Whether the next frame differs without a key press.
  var isMoving: Bool { target != nil || (!pace.isPaused && !isAtEnd) }

  /// Whether more observations are due.
  func isBehind(world: Timestamp) -> Bool {
    if target != nil { return true }
    guard !pace.isPaused, let next = replay.player.next else { return false }
    return next <= pace.time(world: world)
  }

  /// Progress towards the target, from 0 to 1. `nil` if it is not known.
  var progress: Double? {
    guard case .time(let time)? = target, time > begin else { return nil }
    return (replay.player.last - begin).seconds / (time - begin).seconds
  }

  func seek(_ target: Target) throws(CommandFailure) {
    if case .time(let time) = target {
      self.target = .time(max(begin, time))
      if time >= now { return }
    } else {
      self.target = target
    }
    origin = now
    try replay.rewind()
  }

  func pause(_ isPaused: Bool, world: Timestamp) { pace.pause(isPaused, world: world) }
  func faster(world: Timestamp) { pace.faster(world: world) }
  func slower(world: Timestamp) { pace.slower(world: world) }
  func change(to speed: Double, world: Timestamp) { pace.change(to: speed, world: world) }

  /// Plays one observation and pauses.
  func step(world: Timestamp) {
    guard target == nil else { return }
    replay.player.step()
    arrive(at: replay.player.last, world: world)
    pace.pause(true, world: world)
  }

  /// Plays what is due, until `isLate` returns true.
  func work(world: Timestamp, unless isLate: () -> Bool) -> Message? {
    guard let target else {
      follow(world: world, unless: isLate)
      return nil
    }
    while !isReached(target), replay.player.next != nil, !isLate() { replay.player.step() }
    now = max(begin, replay.player.last)
    if isReached(target) {
      if case .time(let time) = target { arrive(at: time, world: world) } else { arrive(at: now, world: world) }
      return nil
    }
    return replay.player.next == nil ? missed(target, world: world) : nil
  }

  private func follow(world: Timestamp, unless isLate: () -> Bool) {
    let due = pace.time(world: world)
    replay.player.play(until: due, unless: isLate)
    if replay.player.next == nil {
      // Ages stop at the end of the recording.
      now = max(replay.player.last, min(now, due))
      pace.set(now, world: world)
    } else if let next = replay.player.next, next <= due {
      now = replay.player.last
      pace.set(now, world: world)
    } else {
      now = due
    }
  }

  private func isReached(_ target: Target) -> Bool {
    switch target {
    case .time(let time): replay.player.next.map { $0 > time } ?? false
    case .saga(let id): !store.sagas(named: id).isEmpty
    case .firstReading: store.isComplete
    }
  }

  private func arrive(at time: Timestamp, world: Timestamp) {
    target = nil
    now = time
    pace.set(time, world: world)
  }

  private func missed(_ target: Target, world: Timestamp) -> Message? {
    switch target {
    case .time:
      arrive(at: replay.player.last, world: world)
      return Message(text: "the recording ends here")
    case .firstReading:
      arrive(at: replay.player.last, world: world)
      return Message(text: "not every source was read in this recording", isError: true)
    case .saga(let id):
      let message = Message(text: "no saga has the id \(id) in this recording", isError: true)
      do throws(CommandFailure) { try seek(.time(min(origin ?? begin, now - .nanoseconds(1)))) } catch {
        arrive(at: replay.player.last, world: world)
        return Message(text: error.message, isError: true)
      }
      return message
    }
  }
}
