import TestRandom

@testable import TUI

/// Random frames, made with all drawing functions.
enum RandomFrame {
  static func frame(_ random: inout SeededRandom) -> Frame {
    var frame = Frame(
      size: Size(columns: Int.random(in: 0...30, using: &random), rows: Int.random(in: 0...6, using: &random)))
    for _ in 0..<Int.random(in: 0...25, using: &random) { change(&frame, &random) }
    return frame
  }

  /// Draws one more random element.
  static func change(_ frame: inout Frame, _ random: inout SeededRandom) {
    let rect = Rect(
      x: Int.random(in: -4...frame.size.columns + 2, using: &random),
      y: Int.random(in: -1...frame.size.rows, using: &random), width: Int.random(in: 0...12, using: &random),
      height: Int.random(in: 0...3, using: &random))
    let role = StyleRole.allCases[Int.random(in: 0..<StyleRole.allCases.count, using: &random)]
    switch Int.random(in: 0..<8, using: &random) {
    case 0: frame.fill(rect, with: Bool.random(using: &random) ? " " : "·", role: role)
    case 1: frame.emphasize(rect, .selected)
    case 2: frame.recolor(rect, to: role)
    default:
      frame.put(
        RandomText.mixed(&random), x: rect.x, y: rect.y, width: Bool.random(using: &random) ? rect.width : nil,
        role: role, emphasis: Emphasis(rawValue: UInt8.random(in: 0..<8, using: &random)),
        align: Bool.random(using: &random) ? .left : .right, ellipsis: Bool.random(using: &random) ? "…" : nil)
    }
  }
}
