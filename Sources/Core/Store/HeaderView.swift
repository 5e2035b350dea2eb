/// The content of the top line of every screen.
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

    /// "4 degraded 1 down" for trouble, "1 unknown" for unknown services, else the number that are up: "8/8".
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
  /// The saga definitions were inferred from messages.
  package var isInferred: Bool
  /// The uncertain parts of the inference: "ids", "types", "steps", "ends".
  package var doubts: [String]
  /// Number of events that belong to no saga.
  package var unmatched: Int
  package var sources: [SourceStatus]
  /// `nil` if no service is watched.
  package var services: Services?
  /// The instant of the view; all ages on the screen refer to it.
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
