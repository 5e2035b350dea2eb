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

  package init(header: HeaderView, size: Size) {
    content = Content(header: header)
    self.size = size
  }

  package mutating func resize(to size: Size) {
    self.size = size
  }

  package mutating func handle(_ key: Key, now: Timestamp, keys: KeyTable = .standard) -> Intent? {
    state.update(key, now: now, content: content, size: size, keys: keys)
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
  }

  package func frame(glyphs: Glyphs, localOffset: Duration = .zero) -> Frame {
    Screen.render(content, state, size: size, glyphs: glyphs, localOffset: localOffset)
  }
}
