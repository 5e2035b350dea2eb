import Core

/// How a replay's clock runs against the world's. Pure.
struct ReplayPace: Sendable, Equatable {
  static let speeds: ClosedRange<Double> = 0.1...1000
  /// What the keys go through.
  private static let steps: [Double] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

  private(set) var speed: Double
  private(set) var isPaused = false
  /// The replay's time at an instant of the world's.
  private var anchor: (replay: Timestamp, world: Timestamp)

  init(at replay: Timestamp, speed: Double, world: Timestamp) {
    self.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
    anchor = (replay, world)
  }

  func time(world: Timestamp) -> Timestamp {
    if isPaused { return anchor.replay }
    let passed = max(0, (world - anchor.world).seconds) * speed
    return anchor.replay + .nanoseconds(Int64(min(passed, 1e9) * 1e9))
  }

  /// The clock is put to another time, as when the replay could not keep up.
  mutating func set(_ replay: Timestamp, world: Timestamp) { anchor = (replay, world) }

  mutating func pause(_ isPaused: Bool, world: Timestamp) {
    set(time(world: world), world: world)
    self.isPaused = isPaused
  }

  mutating func change(to speed: Double, world: Timestamp) {
    set(time(world: world), world: world)
    self.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
  }

  mutating func faster(world: Timestamp) { change(to: Self.steps.first { $0 > speed } ?? speed, world: world) }
  mutating func slower(world: Timestamp) { change(to: Self.steps.last { $0 < speed } ?? speed, world: world) }

  static func == (left: ReplayPace, right: ReplayPace) -> Bool {
    left.speed == right.speed && left.isPaused == right.isPaused && left.anchor == right.anchor
  }
}
