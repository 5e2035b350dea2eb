import Core

/// What an operator looks at: the views, what was opened over them, prompt, dialog and notice. A value, owned by the thread that draws.
///
/// The loop calls `refresh` before each frame and after each key that it gave to `handle`, and draws `frame`. Nothing here waits.
package struct App: Sendable {
  static let mostLayers = 20
  private static let notInPast = ActionAvailability.impossible("the past is shown; L returns to live")

  /// The list at the bottom of each tab.
  var views: [ViewID: any ListScreen]
  /// Which of the views that share a tab was shown there last.
  var shown: [String: ViewID] = [:]
  package internal(set) var current: ViewID
  /// What was opened over the current view, the last on top.
  var opened: [Layer] = []
  package internal(set) var prompt: Prompt?
  /// The question before an action; has all keys.
  package internal(set) var dialog: ActionDialog?
  /// What became so far of the intent that the dialog is about.
  var progress: [ActionRecord] = []
  /// Accepted lines per kind of prompt, newest last.
  var history: [Prompt.Kind: [String]] = [:]
  package internal(set) var themeChooser: ThemeChooser?
  /// Names of the themes that there are, and of the one that is shown when nothing is chosen.
  package var themes: [String] = []
  package var theme = ""
  package internal(set) var isHelpOpen = false
  var helpTop = 0
  /// The instant that the screen is frozen at; `nil` while it is live.
  package internal(set) var frozenAt: Timestamp?
  var mustReadWide = false
  /// The moment that is shown; `nil` while it is live.
  package private(set) var past: PastMark?
  package internal(set) var notice: Notice?
  /// `nil` where no recording is shown.
  package var replay: ReplayBadge?
  package internal(set) var status: SystemStatus
  /// Which actions there are for what is in front, and whether they are possible; empty where nobody can act.
  package internal(set) var availability: [ActionName: ActionAvailability] = [:]
  package internal(set) var size: Size
  var keyMap: KeyMap?
  /// How the operator wants to see each view.
  package internal(set) var preferences = ViewPreferences()
  /// Filters that the configuration has a name for.
  package var savedFilters: [String: String] = [:]
  /// What a command asked of the source, until the next reading.
  var question: Question?
  /// Through which actions go; `nil` where nobody can act.
  let control: (any ActionControl)?
  var pending = PendingActions()
  /// Of the run that the dialog shows, while it is under way.
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

  /// What lies on top.
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

  /// The topmost list: that in front, or that below the pages.
  var frontList: any ListScreen {
    for case .list(let list) in opened.reversed() { return list }
    return bottom
  }

  /// The view that is in front, or below the pages in front.
  package var view: ViewID { frontList.id }
  var viewType: any ListScreen.Type { Views.type(of: view) }
  var isFrontList: Bool { frontPage == nil }
  var frontPage: (any Page)? { if case .page(let page) = front { page } else { nil } }

  /// What the audit log has must be taken in.
  package var showsAudit: Bool { viewType.showsAudit }

  /// Nothing is open, marked or under way that would be lost with the store.
  package var isIdle: Bool {
    opened.isEmpty && prompt == nil && dialog == nil && themeChooser == nil && frozenAt == nil && past == nil
      && pending.count == 0
      && !views.values.contains { $0.hasMarks }
  }

  package mutating func resize(to size: Size) {
    self.size = size
    // The question has moved, or has no room any more.
    dialog?.isSeen = false
  }

  /// The frame is on the screen: a question in it can be answered from now on. A screen that is too small shows none.
  package mutating func didDraw() {
    dialog?.isSeen = ScreenLayout.fits(size)
  }

  /// From now on `refresh` is given a source that shows this moment; `nil`: what is now.
  package mutating func show(past: PastMark?) {
    self.past = past
    frozenAt = nil
  }

  package mutating func say(_ text: String, isError: Bool = false, now: Timestamp) {
    notice = Notice(text, isError: isError, now: now)
  }

  /// Shows a view, with nothing open over it.
  package mutating func show(_ id: ViewID) {
    guard views[id] != nil else { return }
    current = id
    shown[Views.type(of: id).tab] = id
    opened = []
    isHelpOpen = false
  }

  /// Opens the page of a saga over what is in front.
  package mutating func openSaga(_ handle: SagaHandle, id: String) { push(.page(SagaPage(handle, id: id))) }

  mutating func push(_ layer: Layer) {
    guard opened.count < Self.mostLayers else { return }
    guard case .list(var list) = layer else { return opened.append(layer) }
    list.apply(preferences)
    opened.append(.list(list))
  }

  /// Shows all views as they were shown before.
  package mutating func apply(_ preferences: ViewPreferences) {
    self.preferences = preferences
    for id in views.keys { views[id]?.apply(preferences) }
  }

  // MARK: Reading and drawing

  /// Reads what the screen shows, and puts the cursors in place.
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
      availability = Dictionary(uniqueKeysWithValues: ActionName.allCases.map { ($0, Self.notInPast) })
    } else if let control, frozenAt == nil {
      availability = availability(control)
    }
  }

  private mutating func read(_ source: some ContentSource, now: Timestamp) {
    let height = layout.listHeight
    status = SystemStatus(source, now: now)
    read(ReadRequest(source: source, now: now, height: height))
  }

  /// Once more than is seen, of every list; after that only what was not there yet.
  private mutating func freeze(_ source: some ContentSource, at instant: Timestamp) {
    if mustReadWide {
      mustReadWide = false
      status = SystemStatus(source, now: instant)
      let request = ReadRequest(source: source, now: instant, height: layout.listHeight, isWide: true)
      for id in views.keys { views[id]?.read(request) }
      for place in opened.indices {
        guard case .list(var list) = opened[place] else { continue }
        list.read(request)
        opened[place] = .list(list)
      }
    }
    read(ReadRequest(source: source, now: instant, height: layout.listHeight, isFrozen: true))
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
    /// The page of the saga of that id.
    case saga(String)
    /// Whether it is safe to deploy.
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
      let finding = FlowHealth(source, limit: .max, now: now).readiness
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

  /// Where text does not matter the glyphs do not either.
  func context(_ glyphs: Glyphs, localOffset: Duration = .zero) -> DrawContext {
    DrawContext(
      status: status, columns: size.columns, glyphs: glyphs, localOffset: localOffset, availability: availability)
  }

  /// What is in front but for the help, which speaks of it.
  var scopeBelowHelp: KeyMap.Scope { frontPage == nil ? .list(view) : .page }
  package var scope: KeyMap.Scope { isHelpOpen ? .help : scopeBelowHelp }
  var help: HelpScreen { HelpScreen(scope: scopeBelowHelp, availability: availability, keys: keys) }

  /// `localOffset` is what local time is ahead of UTC; zero shows UTC.
  package func frame(glyphs: Glyphs, localOffset: Duration = .zero) -> Frame {
    Screen(app: self, context: context(glyphs, localOffset: localOffset)).frame
  }
}

/// What a program needs to know before it puts another app in the place of this one.
extension App {
  /// An action is asked about or under way: its sagas would go with the store.
  package var hasUnsent: Bool { dialog != nil || pending.count > 0 }
}
