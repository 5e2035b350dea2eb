import Clients
import Collectors
import Configuration
import Core
import Glibc
import Synchronization
import TUI
import Text

/// `sagatop replay FILE`: the live screen for a recording. Opens no connections.
final class ReplayCommand {
  /// Time limit of one playback step, during which keys are not processed.
  private static let budget = Duration.milliseconds(30)
  private static let noticeTime = Duration.seconds(5)

  private let playback: ReplayPlayback
  private let screen: TerminalScreen
  private let loop: EventLoop
  private let wakeup: WakeUp
  private let glyphs: Glyphs
  private let themes: ThemeChoice
  private let files: BackgroundFiles
  private let complaints: () -> [String]
  private var app: App
  /// Whether a key was handled since the last frame.
  private var isChanged = false
  /// Shown until `until`, in wall-clock time.
  private var notice: (message: ReplayPlayback.Message, until: Timestamp)?

  /// Takes control of the terminal. Throws before any output if this fails or the recording cannot be opened.
  init(invocation: Invocation, settings: Settings) throws {
    let replay = try ReplayStore(invocation.words, settings: settings)
    playback = ReplayPlayback(replay, speed: invocation.recording.speed, world: SystemClock.now())
    complaints = { replay.player.complaints }
    themes = try ThemeChoice(settings.themeSetting)
    let keys = try KeyChoice(settings.keys, base: .replay).keys
    let wakeup = try WakeUp.make()
    self.wakeup = wakeup
    files = BackgroundFiles { wakeup.ring() }
    loop = try EventLoop(wakeup: wakeup.descriptor, now: SystemClock.now)
    let start = playback.now
    if let text = invocation.recording.at {
      guard let time = ReplayTime.parse(text, start: start) else {
        throw CommandFailure(ReplayTime.expected(text), code: ExitCode.usage)
      }
      try playback.seek(.time(time))
    } else if !invocation.recording.isFromStart {
      try playback.seek(.firstReading)
    }
    screen = try TerminalScreen(
      theme: themes.current,
      options: .init(hasColor: settings.hasColor, hasMouse: settings.hasMouse, log: settings.log))
    glyphs = settings.isASCII ?? !TerminalScreen.isUTF8 ? .ascii : .unicode
    app = App(
      header: playback.store.header(now: start), size: screen.size, control: RecordingControl(),
      keys: keys)
    (app.themes, app.theme) = (themes.names, themes.current.name)
  }

  func run() -> Int32 {
    draw()
    let end = loop.run { [self] message in handle(message) }
    end.close(screen)
    files.close(patience: .seconds(2))
    for complaint in complaints() { Output.complain(complaint) }
    return end.exitCode
  }

  private func handle(_ message: EventLoop.Message) {
    switch message {
    case .input:
      for key in screen.takeKeys() { press(key) }
      loop.mustDraw()
    case .resized: loop.mustDraw()
    case .suspend: screen.suspend()
    case .reload: loop.finish(.signal(SIGHUP))
    case .draw: draw()
    case .work: work()
    }
  }

  private func press(_ key: Key) {
    if key == .control("c") { return loop.finish(.interrupted) }
    notice = nil
    // The previous key may have changed the view: its data is read before the next key is handled. `draw` does this for the last key.
    if isChanged { app.refresh(from: playback.store, now: playback.now) }
    isChanged = true
    switch app.handle(key, now: playback.now) {
    case .quit: loop.finish()
    case .suspend: screen.suspend()
    case .redraw: screen.redraw()
    case .copy(let text): screen.copy(text)
    case .toggleMouse:
      screen.toggleMouse()
      say(.init(text: screen.hasMouse ? "mouse on: select text with Shift" : "mouse off"))
    case .theme(let name): screen.theme = themes.theme(named: name)
    case .context: say(.init(text: "a recording has one context", isError: true))
    case .stopHistory: say(.init(text: "a recording is read from its start", isError: true))
    case .savePicture:
      let (frame, now) = (app.frame(glyphs: glyphs, localOffset: LocalTime.offset(at: playback.now)), playback.now)
      files.begin { [view = app.view.name, theme = screen.theme] in
        StateFolder.save(frame, of: view, theme: theme, now: now)
      }
    case .remember: break
    case .past: say(.init(text: "a recording has all times: :seek 14:03, :seek -5m", isError: true))
    case .replay(let command): run(command)
    case .act, .cancelActions, .resumeActions, .nothing, nil: break
    }
  }

  private func run(_ command: PlaybackCommand) {
    let world = SystemClock.now()
    switch command {
    case .pause: playback.pause(!playback.pace.isPaused, world: world)
    case .step: playback.step(world: world)
    case .faster: playback.faster(world: world)
    case .slower: playback.slower(world: world)
    case .speed(let text):
      guard let speed = Double(text), ReplayPace.speeds.contains(speed) else {
        return say(.init(text: "speed: expected a number from 0.1 to 1000", isError: true))
      }
      playback.change(to: speed, world: world)
    case .seek(let text): seek(text)
    }
  }

  private func seek(_ text: String) {
    guard !text.isEmpty else {
      return say(.init(text: "seek: expected 14:03:22, +90s, -5m or the id of a saga", isError: true))
    }
    do throws(CommandFailure) { try playback.seek(target(text)) } catch {
      say(.init(text: error.message, isError: true))
    }
  }

  private func target(_ text: String) -> ReplayPlayback.Target {
    let sign = text.first
    if sign == "+" || sign == "-", let step = DurationText.parse(String(text.dropFirst())) {
      return .time(sign == "+" ? playback.now + step : playback.now - step)
    }
    return ReplayTime.parse(text, start: playback.begin).map { .time($0) } ?? .saga(text)
  }

  private func say(_ message: ReplayPlayback.Message) {
    notice = (message, SystemClock.now() + Self.noticeTime)
  }

  private func draw() {
    if screen.resize() { app.resize(to: screen.size) }
    work()
    app.replay = badge
    for result in files.takeResults() { say(.init(text: result.text, isError: result.isError)) }
    if let notice, notice.until > SystemClock.now() {
      app.say(notice.message.text, isError: notice.message.isError, now: playback.now)
    }
    app.refresh(from: playback.store, now: playback.now)
    isChanged = false
    let frame = app.frame(glyphs: glyphs, localOffset: LocalTime.offset(at: playback.now))
    loop.drew(changedCells: screen.show(frame))
    app.didDraw()
    if playback.isMoving { wakeup.ring() }
  }

  private func work() {
    let clock = ContinuousClock()
    let end = clock.now + Self.budget
    if let message = playback.work(world: SystemClock.now(), unless: { clock.now >= end }) {
      say(message)
      loop.mustDraw()
    }
    if playback.isBehind(world: SystemClock.now()) { loop.mustWork() }
  }

  private var badge: ReplayBadge {
    if playback.target != nil { return ReplayBadge(.seeking(playback.progress)) }
    if playback.isAtEnd { return ReplayBadge(.ended) }
    return ReplayBadge(playback.pace.isPaused ? .paused : .playing(playback.pace.speed))
  }
}

/// Refuses all actions in a replay.
final class RecordingControl: ActionControl {
  private static let reason = "a recording: what it shows is over"

  private let replies = Mutex<[ActionReply]>([])

  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability { .impossible(Self.reason) }

  func begin(_ task: ActionTask) {
    let refusal = ActionRefusal(.readOnly, Self.reason)
    let reply: ActionReply =
      switch task {
      case .plan(let request): .planned(request, .failure(refusal))
      case .run(let plan, _): .started(plan, refusal)
      }
    replies.withLock { $0.append(reply) }
  }

  func takeReplies() -> [ActionReply] { replies.withLock { exchange(&$0) } }

  private func exchange(_ replies: inout [ActionReply]) -> [ActionReply] {
    defer { replies = [] }
    return replies
  }

  func cancel(intent: String) {}
  func resume(intent: String) {}
  func runState(of intent: String) -> ActionRunState? { nil }
}
