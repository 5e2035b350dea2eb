/// A type of event: what its name means, and in which ways that is written.
struct EventType: Equatable {
  let name: EventName
  /// By the alphabet; never empty.
  var written: [String]

  static func precedes(_ left: Self, _ right: Self) -> Bool { left.written.lexicographicallyPrecedes(right.written) }
}
