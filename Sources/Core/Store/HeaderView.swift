/// What the top line of every screen shows.
package struct HeaderView: Sendable, Equatable {
  package struct Services: Sendable, Equatable {
    package var up: Int
    package var total: Int

    package var degraded = 0
    package var down = 0

    package init(up: Int, total: Int, degraded: Int = 0, down: Int = 0) {
      (self.up, self.total, self.degraded, self.down) = (up, total, degraded, down)
    }

    package var health: Health { degraded + down > 0 ? .trouble : up == total ? .well : .unknown }

    /// "4 degraded 1 down" where something is wrong, "1 unknown" where something is not known, else "8/8": how many are up.
    package var phrase: String {
      let unknown = total - up - degraded - down
      let bad = [(degraded, "degraded"), (down, "down"), (unknown, "unknown")].filter { $0.0 > 0 }.map {
        "\($0.0) \($0.1)"
      }
      return bad.isEmpty ? "\(up)/\(total)" : bad.joined(separator: " ")
    }
  }

  package var context: String
  package var isProtected: Bool
  package var isReadOnly: Bool
  /// What the sagas are was inferred from messages.
  package var isInferred: Bool
  /// The parts of what was inferred that are not sure: "ids", "types", "steps", "ends".
  package var doubts: [String]
  /// Events that belong to no saga.
  package var unmatched: Int
  package var sources: [SourceStatus]
  /// `nil` when no service is watched.
  package var services: Services?
  /// The instant that the view was made for; every age on the screen counts to it.
  package var now: Timestamp

  package init(
    context: String, isProtected: Bool = false, isReadOnly: Bool = false, isInferred: Bool = false,
    doubts: [String] = [], unmatched: Int = 0, sources: [SourceStatus] = [], services: Services? = nil, now: Timestamp
  ) {
    self.context = context
    self.isProtected = isProtected
    self.isReadOnly = isReadOnly
    self.isInferred = isInferred
    self.doubts = doubts
    self.unmatched = unmatched
    self.sources = sources
    self.services = services
    self.now = now
  }
}
