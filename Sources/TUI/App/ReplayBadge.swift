/// What the header says of the recording that is shown in place of a live system.
package struct ReplayBadge: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    /// So many times as fast as it was.
    case playing(Double)
    case paused
    /// On the way to another time: the share that is done, 0 to 1; `nil` when not known.
    case seeking(Double?)
    case ended
  }

  package var phase: Phase

  package init(_ phase: Phase) {
    self.phase = phase
  }

  /// `replay 14:03:22 ×10`.
  func text(clock: String, glyphs: Glyphs) -> String {
    switch phase {
    case .playing(let speed): "replay \(clock) \(glyphs == .ascii ? "x" : "×")\(Self.number(speed))"
    case .paused: "replay \(clock) paused"
    case .seeking(let share): "replay \(clock) seeking" + (share.map { " \(Int(max(0, min(1, $0)) * 100)) %" } ?? "")
    case .ended: "replay \(clock) end"
    }
  }

  private static func number(_ speed: Double) -> String {
    speed == speed.rounded() ? String(Int(max(0, min(speed, 1e6)))) : "\(speed)"
  }
}
