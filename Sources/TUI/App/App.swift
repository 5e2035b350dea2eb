import Core

/// State of the screen: views, layers opened over them, prompt, dialog and notice. A value that is owned by the drawing thread.
/// The loop calls `refresh` before each frame and after each key passed to `handle`, and then draws `frame`. Nothing here blocks.
package struct App: Sendable {
  static let mostLayers = 20
  /// The bottom list of each view.
  var views: [ViewID: any ListScreen]
  /// By tab: the view of that tab that was shown last.
  var shown: [String: ViewID] = [:]
  package internal(set) var current: ViewID
  /// Layers opened over the current view; the topmost is last.
  var opened: [Layer] = []
  package internal(set) var prompt: Prompt?
  /// The confirmation of an action; it receives all keys while it is open.
  package internal(set) var dialog: ActionDialog?
  /// Records so far of the intent that the dialog shows.
  var progress: [ActionRecord] = []
  /// Accepted lines per kind of prompt, newest last.
  var history: [Prompt.Kind: [String]] = [:]
  package internal(set) var themeChooser: ThemeChooser?
  /// Names of all themes, and of the theme that is shown if none is chosen.
  package var themes: [String] = []
  package var theme = ""
  package internal(set) var isHelpOpen = false
  var helpTop = 0
  /// Time at which the screen was frozen; `nil` while it is live.
  package internal(set) var frozenAt: Timestamp?
  var mustReadWide = false
  /// The past time that is shown; `nil` while it is live.
  package private(set) var past: PastMark?
  package internal(set) var notice: Notice?
  /// `nil` if no recording is shown.
  package var replay: ReplayBadge?
  package internal(set) var status: SystemStatus
  /// The actions that apply to the front layer, and whether each is possible; empty if actions are disabled.
  package internal(set) var availability: [ActionName: ActionAvailability] = [:]
  /// The subjects for which `availability` was determined, and the time.
  var availableFor: (scope: KeyMap.Scope, subjects: [[ActionSubject]], at: Timestamp)?
  package internal(set) var size: Size
  package var keyMap: KeyMap?
  /// How the operator has configured each view.
  package internal(set) var preferences = ViewPreferences()
  /// Named filters of the configuration: filter text by name.
  package var savedFilters: [String: String] = [:]
  /// A query from a command; it is answered by the next `refresh`.
  var question: Question?
  /// Plans and runs actions; `nil` if actions are disabled.
  let control: (any ActionControl)?
  var pending = PendingActions()
  /// State of the run that the dialog shows; `nil` if none is in progress.
  var run: ActionRunState?

  package init(header: HeaderView, size: Size, control: (any ActionControl)? = nil, keys: KeyMap? = nil) {
    status = SystemStatus(header: header)
    self.size = size
    self.control = control
    keyMap = keys
    current = Views.all[0].id
    views = Dictionary(uniqueKeysWithValues: Views.all.map { ($0.id, $0.init()) })
  }

  package var keys: KeyMap { keyMap ?? (replay == nil ? .standard : .replay) }

  /// The topmost layer.
  var front: Layer {
    get { opened.last ?? .list(bottom) }
    set {
      if !opened.isEmpty {
        opened[opened.count - 1] = newValue
      } else if case .list(let list) = newValue {
        views[current] = list
      }
    }
  }

  private var bottom: any ListScreen { views[current] ?? Views.type(of: current).init() }

  /// The topmost list: the front, or the list below the open pages.
  var frontList: any ListScreen {
    for case .list(let list) in opened.reversed() { return list }
    return bottom
  }

  /// The view of the topmost list.
  package var view: ViewID { frontList.id }
  var viewType: any ListScreen.Type { Views.type(of: view) }
  var isFrontList: Bool { frontPage == nil }
  var frontPage: (any Page)? { if case .page(let page) = front { page } else { nil } }

  /// Whether the view needs the audit log to be read.
  package var showsAudit: Bool { viewType.showsAudit }

  /// Whether nothing is open, marked or in progress that would be lost if the store were replaced.
  package var isIdle: Bool {
    opened.isEmpty && prompt == nil && dialog == nil && themeChooser == nil && frozenAt == nil && past == nil
      && pending.count == 0
      && !views.values.contains { $0.hasMarks }
  }

  package mutating func resize(to size: Size) {
    self.size = size
    // The dialog has moved, or has no space any more.
    dialog?.isSeen = false
  }

  /// Call after the frame is on the screen: its dialog can be answered from then on. A screen that is too small shows no dialog.
  package mutating func didDraw() {
    dialog?.isSeen = ScreenLayout.fits(size)
  }

  /// From now on the caller passes `refresh` a source of this past time; `nil` returns to live.
  package mutating func show(past: PastMark?) {
    self.past = past
    frozenAt = nil
  }

  package mutating func say(_ text: String, isError: Bool = false, now: Timestamp) {
    notice = Notice(text, isError: isError, now: now)
  }

  /// Shows a view and closes all layers over it.
  package mutating func show(_ id: ViewID) {
    guard views[id] != nil else { return }
    current = id
    shown[Views.type(of: id).tab] = id
    opened = []
    isHelpOpen = false
  }

  /// Opens a saga's page over the front layer.
  package mutating func openSaga(_ handle: SagaHandle, id: String) { push(.page(SagaPage(handle, id: id))) }

  mutating func push(_ layer: Layer) {
    guard opened.count < Self.mostLayers else { return }
    guard case .list(var list) = layer else { return opened.append(layer) }
    list.apply(preferences)
    opened.append(.list(list))
  }

  /// Applies stored preferences to all views.
  package mutating func apply(_ preferences: ViewPreferences) {
    self.preferences = preferences
    for id in views.keys { views[id]?.apply(preferences) }
  }

  // MARK: Reading and drawing

  /// Reads the contents of the screen and moves the cursors to valid positions.
  package mutating func refresh(from source: some ContentSource, now: Timestamp) {
    takeReplies(now: now)
    answerQuestion(from: source, now: now)
    if let frozenAt { freeze(source, at: frozenAt) } else { read(source, now: past?.time ?? now) }
    status.past = past.map { PastMark($0.time, missing: $0.missing, age: now - $0.time) }
    if let intent = dialog?.runningIntent {
      progress = source.actions(of: intent)
      run = control?.runState(of: intent)
    }
    expire(now: now)
    settlePage()
    pending.count(in: source)
    pending.notePauses(control)
    if control != nil, past != nil {
      let notInPast = ActionAvailability.impossible("the past is shown; \(key(.past(.live))) returns to live")
      availability = Dictionary(uniqueKeysWithValues: ActionName.allCases.map { ($0, notInPast) })
    } else if let control, frozenAt == nil {
      readAvailability(control, now: now)
    }
  }

  private mutating func read(_ source: some ContentSource, now: Timestamp) {
    let height = layout.listHeight
    status = SystemStatus(source, now: now)
    read(ReadRequest(source: source, now: now, status: status, height: height))
  }

  /// Right after freezing, all lists read more rows than are visible. Later only data that was never read is read.
  private mutating func freeze(_ source: some ContentSource, at instant: Timestamp) {
    if mustReadWide {
      mustReadWide = false
      status = SystemStatus(source, now: instant)
      let request = ReadRequest(
        source: source, now: instant, status: status, height: layout.listHeight, isWide: true)
      for id in views.keys { views[id]?.read(request) }
      for place in opened.indices {
        guard case .list(var list) = opened[place] else { continue }
        list.read(request)
        opened[place] = .list(list)
      }
    }
    read(ReadRequest(source: source, now: instant, status: status, height: layout.listHeight, isFrozen: true))
  }

  private mutating func read(_ request: ReadRequest) {
    switch front {
    case .list(var list):
      if request.isFrozen { list.show(height: request.height) } else { list.read(request) }
      list.readDetails(request)
      list.measure(context(.ascii))
      front = .list(list)
    case .page(var page):
      if !request.isFrozen || !page.document.isRead { page.read(request) }
      page.document.isRead = true
      page.readMessages(request.source)
      front = .page(page)
    }
  }

  enum Question: Equatable, Sendable {
    /// Open the page of the saga with this id.
    case saga(String)
    /// Report whether it is safe to deploy.
    case readiness
  }

  private mutating func answerQuestion(from source: some ContentSource, now: Timestamp) {
    defer { question = nil }
    switch question {
    case .saga(let id):
      guard let handle = source.find(id: id, type: nil).first else {
        return say("no saga has the id `\(id)`", isError: true, now: now)
      }
      openSaga(handle, id: id)
    case .readiness:
      let finding = FlowHealth(CheckInputs(source, SystemStatus(source, now: now), limit: .max)).readiness
      say(finding.sentence, isError: finding.state != .ok, now: now)
    case nil: break
    }
  }

  private mutating func expire(now: Timestamp) {
    if let notice, notice.until <= now { self.notice = nil }
  }

  private mutating func settlePage() {
    if isHelpOpen { helpTop = min(helpTop, help.maxTop(layout)) }
    guard var page = frontPage else { return }
    let layout = layout
    page.document.settle(lines: page.lines(context(.ascii)).map(\.id), height: layout.body.height)
    front = .page(page)
  }

  var layout: ScreenLayout { ScreenLayout(size: size, front: front, context: context(.ascii)) }

  /// ASCII glyphs are used where only the layout matters.
  func context(_ glyphs: Glyphs, localOffset: Duration = .zero) -> DrawContext {
    DrawContext(
      status: status, columns: size.columns, glyphs: glyphs, localOffset: localOffset, availability: availability,
      keys: keys, scope: scopeBelowHelp)
  }

  /// The front layer below the help; the help describes its keys.
  var scopeBelowHelp: KeyMap.Scope { frontPage == nil ? .list(view) : .page }
  package var scope: KeyMap.Scope { isHelpOpen ? .help : scopeBelowHelp }
  var help: HelpScreen { HelpScreen(scope: scopeBelowHelp, availability: availability, keys: keys) }

  /// The name of a command in messages: its key on the front layer, otherwise its typed form.
  func key(_ command: Command) -> String { keys.name(of: command, in: scopeBelowHelp) ?? "its key" }

  /// `localOffset`: local time minus UTC; zero shows UTC.
  package func frame(glyphs: Glyphs, localOffset: Duration = .zero) -> Frame {
    Screen(app: self, context: context(glyphs, localOffset: localOffset)).frame
  }
}

/// Checked before this app is replaced by another one.
extension App {
  /// An action is in the dialog or not fully sent: its sagas would be lost with the store.
  package var hasUnsent: Bool { dialog != nil || pending.count > 0 }
}
