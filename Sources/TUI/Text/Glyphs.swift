/// The symbols of the user interface: one set for UTF-8 terminals, one for others. Each is one column wide.
package struct Glyphs: Sendable, Equatable {
  package var running: Unicode.Scalar
  package var completed: Unicode.Scalar
  package var stuck: Unicode.Scalar
  package var compensating: Unicode.Scalar
  package var compensated: Unicode.Scalar
  package var declined: Unicode.Scalar
  package var ended: Unicode.Scalar
  package var failed: Unicode.Scalar
  package var pending: Unicode.Scalar
  package var skipped: Unicode.Scalar
  package var ellipsis: Unicode.Scalar
  /// Between two completed steps, at the running step, before pending steps.
  package var stepDone: Unicode.Scalar
  package var stepRunning: Unicode.Scalar
  package var stepPending: Unicode.Scalar
  package var horizontal: Unicode.Scalar
  package var vertical: Unicode.Scalar
  package var separator: Unicode.Scalar
  package var tick: Unicode.Scalar
  package var cornerTopLeft: Unicode.Scalar
  package var cornerTopRight: Unicode.Scalar
  package var cornerBottomLeft: Unicode.Scalar
  package var cornerBottomRight: Unicode.Scalar
  /// The cursor that follows its row, and the cursor that stays on the first row.
  package var cursor: Unicode.Scalar
  package var cursorAtTop: Unicode.Scalar
  /// Before a remedy.
  package var cure: Unicode.Scalar
  package var mark: Unicode.Scalar
  package var sortDescending: Unicode.Scalar
  package var sortAscending: Unicode.Scalar
  package var folded: Unicode.Scalar
  package var unfolded: Unicode.Scalar
  /// Before a number that is only a lower bound.
  package var atLeast: Unicode.Scalar
  /// The bars of a sparkline, lowest first.
  package var heights: [Unicode.Scalar]
  /// Bars of the time axis: normal, failed, running, compensated, and the outline of a pending step.
  package var bar: Unicode.Scalar
  package var barFailed: Unicode.Scalar
  package var barRunning: Unicode.Scalar
  package var barUndone: Unicode.Scalar
  package var barOutline: Unicode.Scalar
  /// Before the service of a call, and between cause and effect.
  package var arrow: Unicode.Scalar

  package static let unicode = Glyphs(
    running: "●", completed: "✔", stuck: "▲", compensating: "↺", compensated: "↩", declined: "⊘", ended: "?",
    failed: "✖", pending: "○",
    skipped: "◌", ellipsis: "…", stepDone: "━", stepRunning: "╸", stepPending: "┄", horizontal: "─", vertical: "│",
    separator: "▏", tick: "┴", cornerTopLeft: "┌", cornerTopRight: "┐", cornerBottomLeft: "└", cornerBottomRight: "┘",
    cursor: "▶", cursorAtTop: "▷", cure: "✚", mark: "◆", sortDescending: "▾", sortAscending: "▴", folded: "▸",
    unfolded: "▾", atLeast: "≥",
    heights: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], bar: "━", barFailed: "╳", barRunning: "╍", barUndone: "┅",
    barOutline: "╌", arrow: "→")

  package static let ascii = Glyphs(
    running: "o", completed: "v", stuck: "!", compensating: "<", compensated: "u", declined: "d", ended: "?",
    failed: "x", pending: ".",
    skipped: "_", ellipsis: "~", stepDone: "=", stepRunning: ">", stepPending: "-", horizontal: "-", vertical: "|",
    separator: "|", tick: "+", cornerTopLeft: "+", cornerTopRight: "+", cornerBottomLeft: "+", cornerBottomRight: "+",
    cursor: ">", cursorAtTop: "^", cure: "#", mark: "*", sortDescending: "v", sortAscending: "^", folded: "+",
    unfolded: "-", atLeast: ">",
    heights: ["_", ".", ":", "-", "=", "+", "*", "#"], bar: "=", barFailed: "X", barRunning: ">", barUndone: "<",
    barOutline: ".", arrow: ">")
}
