import Actions
import Collectors
import Configuration
import Core
import Glibc
import TUI

/// The live screen: owns the terminal, the loop and the session, and puts them together.
final class LiveCommand {
  private let screen: TerminalScreen
  private let bell: Bell
  private let loop: EventLoop
  /// These change together, where the system has to be inferred first, and again where it turns out to have more.
  private var settings: Settings
  private var watch: Monitor
  private var gate: ActionExecutor
  private var audit: AuditRefresh
  private var finder: InferenceWorker?
  /// `nil` where the system is described.
  private var refinement: ReInference?
  private var strangers: UnknownTypeCounter?
  /// Found anew, while somebody is in the midst of something.
  private var waiting: InferredSystem?
  private let glyphs: Glyphs
  private let themes: ThemeChoice
  private var session: Session

  /// Takes the terminal over. Throws before anything was written when it cannot be.
  init(_ settings: Settings) throws {
    self.settings = settings
    themes = try ThemeChoice(settings.theme)
    let bell = try Bell()
    self.bell = bell
    // The watch starts threads, and they must inherit the loop's signal mask.
    loop = try EventLoop(bell: bell, now: SystemClock.now)
    watch = try Monitor(settings) { bell.ring() }
    finder = watch.sampler.map { InferenceWorker($0, name: settings.system.name) { bell.ring() } }
    gate = ActionWiring.gate(settings, store: watch.store)
    audit = AuditRefresh(gate)
    screen = try TerminalScreen(
      theme: themes.current,
      options: .init(hasColor: settings.hasColor, hasMouse: settings.hasMouse, log: settings.log))
    let isASCII = settings.isASCII ?? !TerminalScreen.isUTF8
    glyphs = isASCII ? .ascii : .unicode
    session = Session(header: watch.store.header(now: SystemClock.now()), size: screen.size, control: gate)
  }

  /// Shows the first frame, then connects, then follows until someone ends it.
  func run() -> Int32 {
    draw()
    watch.start()
    finder?.start()
    audit.begin(now: SystemClock.now())
    let end = loop.run { [self] message in handle(message) }
    screen.close()
    finder?.stop()
    refinement?.stop()
    gate.close()
    watch.stop()
    switch end {
    case .finished: return ExitCode.fine
    case .signal(let number): return ExitCode.signal(number)
    case .hangup: return ExitCode.signal(SIGHUP)
    }
  }

  private func handle(_ message: EventLoop.Message) {
    switch message {
    case .input:
      for key in screen.takeKeys() { press(key) }
      loop.mustDraw()
    case .resized: loop.mustDraw()
    case .suspend: screen.suspend()
    case .draw: draw()
    case .work: break
    }
  }

  private func press(_ key: Key) {
    if key == .control("c") { return loop.finish(.signal(SIGINT)) }
    let now = SystemClock.now()
    switch session.handle(key, now: now) {
    case .quit: loop.finish()
    case .suspend: screen.suspend()
    case .redraw: screen.redraw()
    case .copy(let text): screen.copy(text)
    case .toggleMouse:
      screen.toggleMouse()
      session.say(screen.hasMouse ? "mouse on: select text with Shift" : "mouse off", now: now)
    case .nextTheme:
      screen.theme = themes.next()
      session.say("theme \(screen.theme.name)", now: now)
    case .replay: session.say("only a recording has other times: sagatop replay FILE", isError: true, now: now)
    case .plan, .runActions, .cancelActions, nil: break  // The session has seen to them.
    }
    // The next key acts on what this one has changed.
    session.refresh(from: watch.store, now: now)
  }

  /// Watches anew with the system that was inferred. Where that cannot be, all stays as it is, and the screen says why.
  private func follow(_ found: InferredSystem) {
    let unknown = settings
    let known = settings.inferred(found)
    finder?.stop()
    finder = nil
    let symbols = SymbolTable()
    let new: Monitor
    var strangers: UnknownTypeCounter?
    do throws(ConfigurationError) {
      new = try Monitor(
        known, symbols: symbols,
        recorder: { store in
          let counting = UnknownTypeCounter(found, symbols: symbols, next: store)
          strangers = counting
          return counting
        }
      ) { [bell] in bell.ring() }
    } catch { return session.say("\(error)", isError: true, now: SystemClock.now()) }
    let isAgain = refinement != nil
    gate.close()
    watch.stop()
    (settings, watch, self.strangers) = (known, new, strangers)
    gate = ActionWiring.gate(settings, store: watch.store)
    audit = AuditRefresh(gate)
    let now = SystemClock.now()
    let view = session.state.view
    session = Session(header: watch.store.header(now: now), size: screen.size, control: gate)
    session.show(view)
    session.say("\(isAgain ? "new event types: " : "")\(SystemInference.summary(found))", now: now)
    if refinement == nil {
      refinement = ReInference(unknown, now: now, strangers: { [weak self] in self?.strangers }) { [bell] in bell.ring()
      }
    }
    watch.start()
    audit.begin(now: now)
  }

  /// Takes what was found anew, as soon as that takes nothing out of somebody's hands.
  private func refine() {
    if let found = refinement?.step(now: SystemClock.now()), settings.differs(from: found) { waiting = found }
    guard let found = waiting, session.isAtRest else { return }
    waiting = nil
    follow(found)
  }

  private func draw() {
    if screen.resize() { session.resize(to: screen.size) }
    if let found = finder?.found { follow(found) }
    refine()
    let now = SystemClock.now()
    if [.actions, .compensations].contains(session.state.view) { audit.begin(now: now) }
    session.refresh(from: watch.store, now: now)
    loop.drew(changedCells: screen.show(session.frame(glyphs: glyphs, localOffset: LocalTime.offset(at: now))))
    session.drawn()
  }
}
