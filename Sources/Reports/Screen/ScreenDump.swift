import Core
import TUI

/// Any view of the live screen as a picture of one instant.
package struct ScreenDump: Sendable {
  /// The view does not know the filter, the order or a column.
  package struct UnknownWord: Error {
    package var message: String
  }

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

  /// As they are typed on the screen; empty for the usual ones.
  package var filter = ""
  package var order = ""
  package var isReversed = false
  package var columns: [String] = []

  package func frame(of source: some ContentSource, now: Timestamp) throws(UnknownWord) -> Frame {
    var app = App(header: source.header(now: now), size: size)
    switch subject {
    case .view(let view): app.show(view)
    case .saga(let handle, let id): app.openSaga(handle, id: id)
    }
    if let message = app.arrange(filter: filter, order: order, isReversed: isReversed, columns: columns) {
      throw UnknownWord(message: message)
    }
    // What is drawn around a list depends on the sums, so the second read is the one that fits.
    for _ in 0..<2 { app.refresh(from: source, now: now) }
    return app.frame(glyphs: glyphs, localOffset: localOffset)
  }
}
