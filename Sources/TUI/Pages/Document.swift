import Core

/// The cursor, window, folds and search of a page.
package struct Document: Sendable, Equatable {
  package private(set) var cursor: LineID?
  /// Index of the cursor among the selectable lines, used if its line disappears.
  private var place = 0
  /// Index of the first line of the window.
  package private(set) var top = 0
  /// Lines with a fold state other than the default.
  package var toggled: Set<LineID> = []
  package var search = ""
  /// The cursor's line was just unfolded: its content must be scrolled into view.
  package var isRevealing = false
  /// The page has been read at least once.
  var isRead = false

  package init() {}

  package mutating func move(by distance: Int, ids: [LineID]) {
    select(at: (current(in: ids) ?? 0) + distance, ids: ids)
  }

  package mutating func select(at index: Int, ids: [LineID]) {
    guard !ids.isEmpty else { return }
    place = min(max(0, index), ids.count - 1)
    cursor = ids[place]
  }

  package mutating func select(_ id: LineID) {
    cursor = id
  }

  package func current(in ids: [LineID]) -> Int? {
    guard !ids.isEmpty else { return nil }
    return cursor.flatMap { ids.firstIndex(of: $0) } ?? min(place, ids.count - 1)
  }

  /// Updates the cursor and window for the lines of a page. `lines` has the id of each line, `nil` for lines without a cursor. The
  /// cursor's line stays in a window of `height` lines; at the first selectable line the page is shown from its top.
  package mutating func settle(lines: [LineID?], height: Int) {
    let ids = lines.compactMap { $0 }
    if let index = current(in: ids) { select(at: index, ids: ids) }
    let row = lines.firstIndex { $0 != nil && $0 == cursor } ?? 0
    let height = max(1, height)
    if cursor == ids.first, row < height { top = 0 }
    top = min(top, row)
    top = max(top, row - height + 1)
    if isRevealing { top = max(top, row - height / 3) }
    isRevealing = false
    top = max(0, min(top, lines.count - height))
  }

  package mutating func scroll(by distance: Int, lines: [LineID?], height: Int) {
    top = max(0, min(top + distance, lines.count - height))
    let visible = lines.dropFirst(top).prefix(max(1, height)).compactMap { $0 }
    let ids = lines.compactMap { $0 }
    guard let cursor, !visible.contains(cursor), let edge = distance > 0 ? visible.first : visible.last else { return }
    if let index = ids.firstIndex(of: edge) { select(at: index, ids: ids) }
  }
}

package struct PageLine {
  package enum Fold {
    case folded
    case unfolded
  }

  /// `nil` if the cursor skips the line.
  package let id: LineID?
  /// Whether the line's content is hidden or shown below it; `nil` for lines without content.
  let fold: Fold?
  /// The enclosing line; `nil` if that is the page itself.
  let parent: LineID?
  /// The page that Enter opens.
  let opens: (any Page)?
  private let make: () -> StyledLine

  init(
    _ line: StyledLine = StyledLine(), id: LineID? = nil, fold: Fold? = nil, parent: LineID? = nil,
    opens: (any Page)? = nil
  ) {
    self.id = id
    self.fold = fold
    self.parent = parent
    self.opens = opens
    make = { line }
  }

  /// For pages with thousands of lines: the text is only created when it is needed.
  init(id: LineID?, fold: Fold? = nil, make: @escaping () -> StyledLine) {
    self.id = id
    self.fold = fold
    parent = nil
    opens = nil
    self.make = make
  }

  package var line: StyledLine { make() }
}

extension StyledLine {
  /// Wraps the text into at most `maxLines` page lines; the first one has the id.
  func pageLines(columns: Int, indent: Int, maxLines: Int, id: LineID? = nil, parent: LineID? = nil) -> [PageLine] {
    wrapped(columns: columns, indent: indent, maxLines: maxLines).enumerated().map {
      PageLine($1, id: $0 == 0 ? id : nil, parent: parent)
    }
  }

  func indented(by columns: Int) -> StyledLine {
    var line = StyledLine(String(repeating: " ", count: columns))
    line.add(self)
    return line
  }
}

/// Identifies a line of a page, so that the cursor finds it again when the page changes.
package enum LineID: Hashable, Sendable {
  /// A line of text, by index.
  case note(Int)
  /// The title line, which represents the whole page.
  case title
  case step(Int)
  case compensation(Int)
  case event(EventID)
  /// A line of an event's unfolded message: its index in the whole message, including folded lines, and the part number if the line is
  /// too long for the screen.
  case message(EventID, Int, part: Int)
  case member(Int)
  /// One acquisition of a lock.
  case holding(Int)
  case partition(topic: String, Int32)
  /// An instance of a service, by index.
  case instance(Int)
  /// A detail line of an instance, by index.
  case detail(instance: Int, Int)
  /// A cause of a saga's state, by rank. Opens its subject.
  case cause(Int)
  /// A stage of an action, by index.
  case stage(Int)
  /// Opens an action on a saga.
  case action(ActionRecord.ID)
  /// A span of a trace, by index in the tree.
  case span(String, Int)
  case pod(Pod.ID)
  /// Opens the spans of the saga's traces.
  case trace
  /// Opens the saga of an event, lock or action.
  case saga
  /// Opens the parent or a part of the saga.
  case relative(SagaHandle)
  /// Opens the service that executes the step a saga waits for.
  case service(String)
  /// Opens the consumer group that a saga waits for.
  case group(String)
}
