import Core
import Text

/// The replay clock in relation to the wall clock. Pure.
struct ReplayPace: Sendable, Equatable {
  static let speeds: ClosedRange<Double> = 0.1...1000
  /// The speeds selectable with keys.
  private static let steps: [Double] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

  private(set) var speed: Double
  private(set) var isPaused = false
  /// The replay time at a wall-clock time.
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

  /// Sets the clock, for example if the replay was too slow.
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

/// Parses times in a recording.
enum ReplayTime {
  static func expected(_ text: String) -> String {
    "--at: expected a time such as 14:03:22, 2026-01-27T10:00:00Z or +90s, found `\(text)`"
  }

  /// `2026-01-27T10:00:00.000Z`; `14:03` or `14:03:22.5` in local time, the first such time in the recording; or `+90s` after its start.
  /// `nil` for anything else.
  static func parse(_ text: String, start: Timestamp) -> Timestamp? {
    if text.hasPrefix("+") { return DurationText.parse(String(text.dropFirst())).map { start + $0 } }
    let isDate = text.utf8.count >= 8 && Array(text.utf8)[4] == UInt8(ascii: "-")
    return isDate ? TimestampParser.parse(text) : clock(text, start: start)
  }

  private static func clock(_ text: String, start: Timestamp) -> Timestamp? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let hour = Int64(parts[0]), let minute = Int64(parts[1]),
      (0...23).contains(hour), (0...59).contains(minute), parts[1].count == 2
    else { return nil }
    let seconds = parts.count == 3 ? Double(parts[2]) ?? -1 : 0
    guard seconds >= 0, seconds < 60 else { return nil }
    let offset = LocalTime.offset(at: start).nanosecondsClamped
    let day: Int64 = 86_400_000_000_000
    let local = start.nanoseconds &+ offset
    let within = (hour * 3600 + minute * 60) * 1_000_000_000 + Int64(seconds * 1e9)
    let time = Timestamp(nanoseconds: local - local % day + within - offset)
    // A time given in seconds may be within the second in which the recording starts.
    return time > start - .seconds(parts.count == 3 ? 1 : 60) ? time : time + .nanoseconds(day)
  }
}
