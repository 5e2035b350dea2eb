import Core
import TUI

/// Time to render a frame of 200 x 60 cells with 100,000 sagas in the store, and to find the changed cells.
struct RenderBench {
  private static let size = Size(columns: 200, rows: 60)
  private static let pictures = 200

  func run(_ budgets: Budgets) {
    let store = SagasBench.store(sagas: 100_000, steps: 3, symbols: SymbolTable())
    var app = App(header: store.header(now: Shop.now), size: Self.size)
    var shown: Frame?
    var cells = 0
    var painter = TerminalPainter(theme: .mono, language: TerminalLanguage(colors: 0) { _, _, _ in nil }, isUTF8: true)
    let times = (0..<Self.pictures).map { number in
      let now = Shop.now + .seconds(number)
      return Timing.ofThread {
        app.refresh(from: store, now: now)
        let frame = app.frame(glyphs: .unicode)
        cells += painter.paint(frame, over: shown).cells
        shown = frame
      }
    }
    let timing = Timing(times)
    print(
      "picture of 200 x 60 over 100,000 sagas: \(Timing.fine(timing.median)), at most "
        + Timing.fine(timing.runs[timing.runs.count - 1]))
    print("  \(cells / Self.pictures) cells change from one to the next")
    budgets.add(
      "render and diff, 200 x 60, 100,000 sagas", timing.median / .milliseconds(1), .atMost(4), unit: " ms",
      by: "render")
  }
}
