import Core

/// What an operator looks at: state and content together, kept in step. Owned by the thread that draws.
///
/// The loop calls `refresh` before each frame and after each key that it gave to `handle`, and draws `frame`.
package struct Session: Sendable {
  package private(set) var state = UIState()
  package private(set) var content: Content
  package private(set) var size: Size
  /// `nil` while the picture is live.
  private var frozen: FrozenPicture?

  /// Intents that were confirmed here and of which something may not be sent yet, with how many things each is done to.
  private var started: [String: Int] = [:]
  private var unsent = 0
  private var hasWarned = false
  /// Through which actions go; `nil` where nobody can act.
  private let control: (any ActionControl)?

  package init(header: HeaderView, size: Size, control: (any ActionControl)? = nil) {
    content = Content(header: header)
    self.size = size
    self.control = control
  }

  /// Nothing is open, marked or under way that would be lost with the store.
  package var isAtRest: Bool {
    state.pages.isEmpty && state.prompt == nil && state.dialog == nil && state.marks.isEmpty && state.frozenAt == nil
      && unsent == 0
  }

  package mutating func show(_ view: ViewID) { state.view = view }

  package mutating func resize(to size: Size) {
    self.size = size
    // The question has moved, or has no room any more.
    state.dialog?.isSeen = false
  }

  package mutating func handle(_ key: Key, now: Timestamp, keys: KeyTable? = nil) -> Intent? {
    let intent = state.update(key, now: now, content: content, size: size, keys: keys ?? state.keys)
    let isWarned = hasWarned
    hasWarned = false
    switch intent {
    case .quit where unsent > 0 && !isWarned:
      hasWarned = true
      say("\(unsent) not sent yet: q again quits and leaves them", isError: true, now: now)
    case .plan(let wish):
      if let control { state.dialog?.planned(control.plan(wish)) }
    case .runActions(let plan, let answer):
      if let control { run(plan, answer, control) }
    case .cancelActions(let id):
      control?.cancel(intent: id)
    default: return intent
    }
    return nil
  }

  private mutating func run(
    _ plan: ActionPlan, _ answer: ActionConfirmation.Answer, _ control: some ActionControl
  ) {
    let refusal = control.run(plan, answer: answer)
    state.dialog?.started(plan, refusal: refusal)
    guard refusal == nil else { return }
    state.marks = []
    started[plan.intent] = plan.items.count
    unsent = plan.items.count
  }

  /// The frame is on the screen: a question in it can be answered from now on. A screen that is too small shows none.
  package mutating func drawn() {
    state.dialog?.isSeen = ScreenLayout.fits(size)
  }

  /// What the header says of the recording that is shown.
  package mutating func show(_ badge: ReplayBadge) { state.replay = badge }

  package mutating func say(_ text: String, isError: Bool = false, now: Timestamp) {
    state.say(text, isError: isError, now: now)
  }

  /// Reads what the screen needs and puts the cursors in place.
  package mutating func refresh(from source: some ContentSource, now: Timestamp) {
    let request = state.request(size: size, previous: content)
    if let instant = state.frozenAt {
      var picture = frozen ?? FrozenPicture(state, at: instant, from: source)
      content = picture.content(for: request, view: state.view, at: instant, from: source)
      frozen = picture
    } else {
      frozen = nil
      content = Content(request, from: source, now: now)
    }
    state.settle(content, size: size, now: now)
    countUnsent(in: source)
    if let control, state.frozenAt == nil { content.availability = state.availability(in: content, control) }
  }

  /// What has no answer yet; an intent is forgotten here once all of it has.
  private mutating func countUnsent(in source: some ContentSource) {
    var open: [String: Int] = [:]
    for (intent, count) in started {
      open[intent] = count - source.actions(of: intent).count { $0.outcome != .intended && $0.outcome != .sent }
    }
    started = started.filter { open[$0.key, default: 0] > 0 }
    unsent = started.keys.reduce(0) { $0 + open[$1, default: 0] }
  }

  package func frame(glyphs: Glyphs, localOffset: Duration = .zero) -> Frame {
    Screen.render(content, state, size: size, glyphs: glyphs, localOffset: localOffset)
  }
}
