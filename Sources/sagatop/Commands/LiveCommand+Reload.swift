import Actions
import Clients
import Collectors
import Configuration
import Core
import TUI
import Text

/// Applies another configuration while the screen runs: a changed file, or another context. On an error nothing changes.
extension LiveCommand {
  /// Must be called before each frame.
  func takeConfiguration() {
    if let outcome = reloader.take() { consider(outcome) }
    guard let (outcome, new) = awaiting, app.isIdle else { return }
    awaiting = nil
    adopt(outcome, new)
  }

  /// `text` is the text after `:ctx`.
  func switchContext(_ text: String, now: Timestamp) {
    let words = text.split(separator: " ").map(String.init)
    guard let name = words.first else {
      let known = settings.contexts.isEmpty ? "none" : settings.contexts.joined(separator: ", ")
      return app.say("contexts: \(known); this is \(settings.context)", now: now)
    }
    let known = (awaiting?.1 ?? settings).contexts
    guard known.contains(name) else {
      let names = NearestWord.sorted(known, by: name).joined(separator: ", ")
      let there = known.isEmpty ? "no configuration with contexts is in use" : "the contexts are \(names)"
      return app.say("no context `\(name)`: \(there)", isError: true, now: now)
    }
    guard !app.hasUnsent else {
      return app.say("an action is in progress: the context cannot be switched", isError: true, now: now)
    }
    reloader.ask(.context(name, isConfirmed: words.dropFirst() == ["yes"]))
  }

  private func consider(_ outcome: ConfigurationReloader.Outcome) {
    let now = SystemClock.now()
    switch (outcome.result, outcome.reason) {
    case (.failure(let error), _):
      let more = error.problems.count - 1
      let rest = more > 0 ? " (and \(more) more: sagatop config check)" : ""
      app.say("configuration not applied: \(short(error))\(rest)", isError: true, now: now)
    case (.success(let new), .changed) where new.sourceDigest == settings.sourceDigest:
      awaiting = nil
      adoptScreen(outcome, new)
    case (.success(let new), .changed):
      awaiting = (outcome, new)
      if !app.isIdle {
        app.say("the configuration has changed: it is applied when nothing is open or marked", now: now)
      }
    case (.success(let new), .context(let name, let isConfirmed)) where new.isProtected && !isConfirmed:
      app.say("\(name) is marked as protected: `:ctx \(name) yes` switches to it", isError: true, now: now)
    case (.success(let new), .context):
      awaiting = nil
      adopt(outcome, new)
    }
  }

  /// The first problem, without the folder of its file, because a notice has only one line.
  private func short(_ error: ConfigurationError) -> String { short(error.problems.first ?? "") }

  /// Without the folder of the configuration's file.
  func short(_ problem: String) -> String {
    guard let file = settings.files.first(where: { problem.hasPrefix("\($0):") }) else { return problem }
    return String(problem.dropFirst(file.count - (file.split(separator: "/").last?.count ?? 0)))
  }

  /// Applies keys, theme, filters, checks and notifications. The sources, the store and the pictures of the past stay.
  private func adoptScreen(_ outcome: ConfigurationReloader.Outcome, _ new: Settings) {
    let themes: ThemeChoice
    let keys: KeyChoice
    do throws(ConfigurationError) {
      themes = try ThemeChoice(new.themeSetting)
      keys = try KeyChoice(new.keys)
    } catch {
      return app.say("configuration not applied: \(short(error))", isError: true, now: SystemClock.now())
    }
    let files = settings.files
    (self.themes, self.keys, app.keyMap) = (themes, keys.keys, keys.keys)
    // A theme that was chosen with a key stays, unless the configured one has changed.
    if new.theme != settings.theme || files.contains(new.theme) { screen.theme = themes.current }
    settings.takeScreen(of: new)
    app.savedFilters = settings.filters
    showThemes()
    let warning = (new.warnings + keys.warnings).first.map(short)
    let text = "context \(settings.context): configuration reloaded; the sources did not change"
    app.say(warning ?? text, isError: warning != nil, now: SystemClock.now())
    reloader.adopted(outcome, new)
    startNotifying()
  }

  /// Restarts everything with the new settings. On an error nothing changes, and the screen shows the reason.
  private func adopt(_ outcome: ConfigurationReloader.Outcome, _ new: Settings) {
    let themes: ThemeChoice
    let keys: KeyChoice
    let monitor: Monitor
    do throws(ConfigurationError) {
      themes = try ThemeChoice(new.themeSetting)
      keys = try KeyChoice(new.keys)
      monitor = try Monitor(new) { [bell] in bell.ring() }
    } catch { return app.say("configuration not applied: \(short(error))", isError: true, now: SystemClock.now()) }
    stopSources()
    (settings, watch, self.themes, self.keys) = (new, monitor, themes, keys.keys)
    finder = watch.sampler.map { [wakeup] in InferenceWorker($0, name: new.system.name) { wakeup.ring() } }
    gate = ActionWiring.gate(settings, store: watch.store)
    control = BackgroundActions(gate) { [wakeup] in wakeup.ring() }
    audit = AuditRefresh(gate)
    let now = SystemClock.now()
    let view = app.view
    app = Self.app(settings, watch, size: screen.size, control, self.keys)
    app.show(view)
    screen.theme = themes.current
    showThemes()
    let warning = (new.warnings + keys.warnings).first.map(short)
    let text = "reloaded: all sources are read again\(droppedPictures(now: now))"
    app.say(warning ?? text, isError: warning != nil, now: now)
    reloader.adopted(outcome, new)
    watch.start()
    finder?.start()
    audit.begin(now: now)
    travelAnew()
    startNotifying()
  }

  private func stopSources() {
    stopNotifying()
    finder?.stop()
    refinement?.stop()
    (refinement, strangers, waiting) = (nil, nil, nil)
    gate.close()
    watch.stop()
  }

  // MARK: Notifications

  /// Uses the current store. Sends no notifications while the system is being inferred.
  func startNotifying() {
    stopNotifying()
    guard watch.sampler == nil,
      let notifier = Notifier(settings, following: reported[settings.context], onNews: { [wakeup] in wakeup.ring() })
    else { return }
    (self.notifier, notifiedContext) = (notifier, settings.context)
    ticker = CheckTicker(settings, store: watch.store, notifier: notifier)
  }

  func stopNotifying() {
    ticker?.stop()
    notifier?.stop()
    if let notifier { reported[notifiedContext] = notifier.transitions }
    (ticker, notifier) = (nil, nil)
  }

  func takeNotifications() {
    for sequence in notifier?.takeSequences() ?? [] { screen.notify(sequence) }
    for failure in notifier?.takeFailures() ?? [] { app.say(failure, isError: true, now: SystemClock.now()) }
  }
}
