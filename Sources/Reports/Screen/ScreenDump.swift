import Core
import TUI

/// Any view of the live screen as a picture of one instant.
package struct ScreenDump: Sendable {
  /// What is shown: one of the screen's views, or one saga.
  package enum Subject: Sendable {
    case view(ViewID)
    case saga(SagaHandle, id: String)
  }

  package var subject: Subject
  package var size: Size
  package var glyphs: Glyphs
  /// What local time is ahead of UTC.
  package var localOffset: Duration

  package init(subject: Subject, size: Size, glyphs: Glyphs, localOffset: Duration) {
    self.subject = subject
    self.size = size
    self.glyphs = glyphs
    self.localOffset = localOffset
  }

  package func frame(of source: some ContentSource, now: Timestamp) -> Frame {
    var state = UIState()
    switch subject {
    case .view(let view): state.view = view
    case .saga(let handle, let id): state.pages = [Page(.saga(handle, id: id))]
    }
    var content = Content(header: source.header(now: now))
    // What is drawn around a list depends on the sums, so the second reading is the one that fits.
    for _ in 0..<2 {
      content = Content(state.request(size: size, previous: content), from: source, now: now)
      state.settle(content, size: size, now: now)
    }
    return Screen.render(content, state, size: size, glyphs: glyphs, localOffset: localOffset)
  }
}
