import Core
import Testing

@testable import TUI

@Suite("Delayed replies to actions")
struct BackgroundReplyTests {
  private static let size = Size(columns: 120, rows: 40)

  private func app(_ control: FixtureControl) -> App {
    var app = App(header: Fixture().head, size: Self.size, control: control)
    app.refresh(from: Fixture(), now: Fixture.now)
    return app
  }

  private func show(_ app: inout App) {
    app.refresh(from: Fixture(), now: Fixture.now)
    app.didDraw()
  }

  private func press(_ keys: String, _ app: inout App) {
    for key in keys {
      _ = app.handle(key == "\u{1b}" ? .escape : .character(key), now: Fixture.now)
      show(&app)
    }
  }

  @Test("while a plan is computed the screen stays responsive, and input does not confirm it")
  func planning() {
    let control = FixtureControl(isSlow: true)
    var app = app(control)
    press("jRyy", &app)
    #expect(app.dialog?.phase == .planning)
    #expect(app.frame(glyphs: .ascii).text.contains("making the plan"))
    control.answer()
    app.refresh(from: Fixture(), now: Fixture.now)
    // The dialog is not drawn yet.
    _ = app.handle(.character("y"), now: Fixture.now)
    #expect(control.calls.withLock { $0.runs }.isEmpty)
    show(&app)
    press("y", &app)
    #expect(control.calls.withLock { $0.runs } == [.yes])
  }

  @Test("repeated y sends one confirmation, and q warns before its reply")
  func starting() {
    let control = FixtureControl(isSlow: true)
    var app = app(control)
    press("jR", &app)
    control.answer()
    show(&app)
    press("yyy", &app)
    #expect(control.calls.withLock { $0.runs } == [.yes])
    #expect(app.dialog?.runningIntent == nil && app.pending.count == 1)
    press("\u{1b}q", &app)
    #expect(app.notice?.text == "1 not sent yet: q again quits and cancels them")
    control.answer()
    show(&app)
    #expect(app.dialog == nil)
  }

  @Test("the plan of a closed question opens no other question")
  func closed() {
    let control = FixtureControl(isSlow: true)
    var app = app(control)
    press("jR\u{1b}", &app)
    #expect(app.dialog == nil)
    control.answer()
    show(&app)
    #expect(app.dialog == nil)
  }

  @Test("the refusal of a confirmation with a closed dialog is shown, and nothing is pending")
  func refusedLate() {
    let control = FixtureControl(isSlow: true, runRefusal: ActionRefusal(.audit, "the audit log is locked"))
    var app = app(control)
    press("jR", &app)
    control.answer()
    show(&app)
    press("y\u{1b}", &app)
    control.answer()
    show(&app)
    #expect(app.notice?.text == "retry: nothing was sent: the audit log is locked")
    #expect(app.pending.count == 0)
  }
}
