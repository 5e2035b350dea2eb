import Actions
import Clients
import Collectors
import Configuration
import Core
import Glibc
import Synchronization
import TUI
import Text

/// The live screen: owns the terminal, the event loop and the app, and connects them.
final class LiveCommand {
  let screen: TerminalScreen
  let wakeup: WakeUp
  /// Wakes the loop for data of the store.
  let bell: DataBell
  private let loop: EventLoop
  /// Replaced together after an inference and after a configuration change.
  var settings: Settings
  var watch: Monitor
  var gate: ActionExecutor
  var control: BackgroundActions
  var audit: AuditRefresh
  var travel: TimeTravel
  var finder: InferenceWorker?
  /// `nil` if the system is configured.
  var refinement: ReInference?
  var strangers: UnknownTypeCounter?
  /// A new inference result. It is applied when nothing is open that the change would close.
  var waiting: InferredSystem?
  let reloader: ConfigurationReloader
  /// Writes preferences and screen images.
  private let files: BackgroundFiles
  /// A new configuration that is applied when nothing is open that the change would close.
  var awaiting: (ConfigurationReloader.Outcome, Settings)?
  var notifier: Notifier?
  /// The context whose checks `notifier` reports.
  var notifiedContext = ""
  /// The states of checks that were reported, by context.
  var reported: [String: CheckTransitions] = [:]
  var ticker: CheckTicker?
  private let glyphs: Glyphs
  var themes: ThemeChoice
  /// `nil` if no key binding is changed.
  var keys: KeyMap?
  var app: App
  /// The store's revision that the last frame showed.
  private var seen = 0
  /// Whether a key was handled since the last frame.
  private var isChanged = false

  /// Takes control of the terminal. Throws before any output if this fails. `overrides` are those used for the settings.
  init(_ settings: Settings, overrides: Overrides) throws {
    self.settings = settings
    themes = try ThemeChoice(settings.themeSetting)
    let keyChoice = try KeyChoice(settings.keys)
    keys = keyChoice.keys
    for warning in keyChoice.warnings { Output.complain(warning) }
    let wakeup = try WakeUp.make()
    self.wakeup = wakeup
    // The monitor starts threads, which must inherit the event loop's signal mask.
    loop = try EventLoop(wakeup: wakeup.descriptor, now: SystemClock.now)
    let bell = DataBell(wakeup)
    self.bell = bell
    watch = try Monitor(settings) { bell.ring() }
    finder = watch.sampler.map { InferenceWorker($0, name: settings.system.name) { wakeup.ring() } }
    gate = ActionWiring.gate(settings, store: watch.store)
    control = BackgroundActions(gate) { wakeup.ring() }
    audit = AuditRefresh(gate)
    travel = TimeTravel(watch.store) { wakeup.ring() }
    reloader = ConfigurationReloader(settings, overrides: overrides, environment: Environment.all) { wakeup.ring() }
    files = BackgroundFiles { wakeup.ring() }
    screen = try TerminalScreen(
      theme: themes.current,
      options: .init(hasColor: settings.hasColor, hasMouse: settings.hasMouse, log: settings.log))
    let isASCII = settings.isASCII ?? !TerminalScreen.isUTF8
    glyphs = isASCII ? .ascii : .unicode
    app = Self.app(settings, watch, size: screen.size, control, keys)
    showThemes()
  }

  func showThemes() {
    (app.themes, app.theme) = (themes.names, screen.theme.name)
  }

  /// The initial screen state, with the preferences of former sessions and the configured filters.
  static func app(
    _ settings: Settings, _ watch: Monitor, size: Size, _ control: BackgroundActions, _ keys: KeyMap?
  ) -> App {
    var app = App(header: watch.store.header(now: SystemClock.now()), size: size, control: control, keys: keys)
    app.apply(StateFolder.preferences())
    app.savedFilters = settings.filters
    return app
  }

  /// Shows the first frame, starts the sources, and runs until the operator or a signal ends it.
  func run() -> Int32 {
    draw()
    watch.start()
    finder?.start()
    audit.begin(now: SystemClock.now())
    travel.start()
    reloader.start()
    startNotifying()
    if let warning = settings.warnings.first { app.say(short(warning), isError: true, now: SystemClock.now()) }
    loop.news = { [unowned self] in news }
    let end = loop.run { [self] message in handle(message) }
    end.close(screen)
    reloader.stop()
    stopNotifying()
    travel.stop()
    finder?.stop()
    refinement?.stop()
    control.close(patience: .seconds(2))
    gate.close()
    watch.stop()
    files.close(patience: .seconds(2))
    return end.exitCode
  }

  private func handle(_ message: EventLoop.Message) {
    switch message {
    case .input:
      for key in screen.takeKeys() { press(key) }
      loop.mustDraw()
    case .resized: loop.mustDraw()
    case .suspend: screen.suspend()
    case .reload: reloader.ask(.changed)
    case .draw: draw()
    case .work: break
    }
  }

  private func press(_ key: Key) {
    if key == .control("c") { return loop.finish(.interrupted) }
    let now = SystemClock.now()
    // The previous key may have changed the view: its data is read before the next key is handled. `draw` does this for the last key.
    if isChanged { app.refresh(from: shownStore, now: now) }
    isChanged = true
    switch app.handle(key, now: now) {
    case .quit: loop.finish()
    case .suspend: screen.suspend()
    case .redraw: screen.redraw()
    case .copy(let text): screen.copy(text)
    case .toggleMouse:
      screen.toggleMouse()
      app.say(screen.hasMouse ? "mouse on: select text with Shift" : "mouse off", now: now)
    case .theme(let name): screen.theme = themes.theme(named: name)
    case .stopHistory:
      watch.stopHistory()
      app.say("reading of older events stopped", now: now)
    case .context(let text): switchContext(text, now: now)
    case .savePicture:
      let frame = app.frame(glyphs: glyphs, localOffset: LocalTime.offset(at: now))
      files.begin { [view = app.view.name, theme = screen.theme] in
        StateFolder.save(frame, of: view, theme: theme, now: now)
      }
    case .remember(let preferences): files.begin { StateFolder.keep(preferences) }
    case .past(let step): go(step, now: now)
    case .replay: app.say("only a recording can be replayed: sagatop replay FILE", isError: true, now: now)
    case .act, .cancelActions, .resumeActions, .nothing, nil: break  // Handled by the app.
    }
  }

  private var shownStore: Store { travel.shown?.store ?? watch.store }

  private func go(_ step: PastCommand, now: Timestamp) {
    do throws(TimeTravel.Refusal) {
      let (text, isLive) = try travel.go(step, now: now, localOffset: LocalTime.offset(at: now))
      if isLive { app.show(past: nil) }
      app.say(text, now: now)
    } catch { app.say(error.message, isError: true, now: now) }
  }

  /// For a message: what a restart of the sources drops. Empty if no pictures are stored.
  func droppedPictures(now: Timestamp) -> String {
    travel.kept.map { kept in
      "; \(Quantity.counted(kept.count, "picture")) of the last \(Quantity.age(now - kept.oldest)) dropped"
    } ?? ""
  }

  /// Restarts time travel with the current store, because the stored pictures are of the previous system.
  func travelAnew() {
    travel.stop()
    travel = TimeTravel(watch.store) { [wakeup] in wakeup.ring() }
    travel.start()
    // The new store is live: the header must not say otherwise.
    if app.past != nil { app.show(past: nil) }
  }

  /// Restarts the sources with the inferred system. On failure the current ones stay, and the screen shows the reason.
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
    } catch { return app.say("\(error)", isError: true, now: SystemClock.now()) }
    let isAgain = refinement != nil
    gate.close()
    watch.stop()
    (settings, watch, self.strangers) = (known, new, strangers)
    gate = ActionWiring.gate(settings, store: watch.store)
    control = BackgroundActions(gate) { [wakeup] in wakeup.ring() }
    audit = AuditRefresh(gate)
    let now = SystemClock.now()
    let view = app.view
    app = Self.app(settings, watch, size: screen.size, control, keys)
    app.show(view)
    showThemes()
    let text = "\(isAgain ? "new event types: " : "")\(SystemInference.summary(found))"
    app.say(text + droppedPictures(now: now), now: now)
    if refinement == nil {
      refinement = ReInference(unknown, after: found, now: now, strangers: { [weak self] in self?.strangers }) {
        [wakeup] in
        wakeup.ring()
      }
    }
    watch.start()
    audit.begin(now: now)
    travelAnew()
    startNotifying()
  }

  /// Applies a new inference result as soon as nothing is open that the change would close.
  private func refine() {
    if let found = refinement?.step(now: SystemClock.now()), settings.differs(from: found) { waiting = found }
    guard let found = waiting, app.isIdle else { return }
    waiting = nil
    follow(found)
  }

  /// Results of polls (groups, locks, services) do not count as news. They are shown within a second.
  private var news: EventLoop.News {
    bell.rearm()
    if control.hasReplies || files.hasResults || travel.hasMade { return .awaited }
    guard watch.store.revision != seen || finder != nil else { return .none }
    // The next frame shows all data that arrives before it.
    bell.mute()
    return .data
  }

  private func takeResults() {
    for result in files.takeResults() { app.say(result.text, isError: result.isError, now: SystemClock.now()) }
  }

  private func draw() {
    if screen.resize() { app.resize(to: screen.size) }
    if let found = finder?.found { follow(found) }
    refine()
    takeConfiguration()
    takeNotifications()
    takeResults()
    let now = SystemClock.now()
    bell.rearm()
    seen = watch.store.revision
    if app.showsAudit { audit.begin(now: now) }
    if let moment = travel.take() { app.show(past: moment.mark) }
    app.refresh(from: shownStore, now: now)
    isChanged = false
    loop.drew(changedCells: screen.show(app.frame(glyphs: glyphs, localOffset: LocalTime.offset(at: now))))
    app.didDraw()
  }
}

/// Wakes the event loop once per frame for new data, which may arrive hundreds of times per second. Thread-safe.
final class DataBell: Sendable {
  private let wakeup: WakeUp
  private let isMuted = Atomic(false)

  init(_ wakeup: WakeUp) { self.wakeup = wakeup }

  func ring() {
    if !isMuted.exchange(true, ordering: .acquiringAndReleasing) { wakeup.ring() }
  }

  /// Call before the data is read: data that arrives from now on wakes the loop.
  func rearm() { _ = isMuted.exchange(false, ordering: .acquiringAndReleasing) }

  /// The loop knows that data has arrived, and will draw it.
  func mute() { isMuted.store(true, ordering: .relaxed) }
}
