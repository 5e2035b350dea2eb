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

  /// Through which actions go; `nil` where nobody can act.
  private let control: (any ActionControl)?

  package init(header: HeaderView, size: Size, control: (any ActionControl)? = nil) {
    content = Content(header: header)
    self.size = size
    self.control = control
  }

  package mutating func resize(to size: Size) {
    self.size = size
  }

  package mutating func handle(_ key: Key, now: Timestamp, keys: KeyTable = .standard) -> Intent? {
    let intent = state.update(key, now: now, content: content, size: size, keys: keys)
    switch intent {
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
    if refusal == nil { state.marks = [] }
  }

  /// The frame is on the screen: a question in it can be answered from now on.
  package mutating func drawn() {
    state.dialog?.isSeen = true
  }

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
    if let control, state.frozenAt == nil { content.availability = state.availability(in: content, control) }
  }

  package func frame(glyphs: Glyphs, localOffset: Duration = .zero) -> Frame {
    Screen.render(content, state, size: size, glyphs: glyphs, localOffset: localOffset)
  }
}
