import Core

/// The cursor, the window, the folds and the search of a page.
package struct Document: Sendable, Equatable {
  package private(set) var cursor: LineID?
  /// The cursor's place among the lines that it can stand on, for when its line is gone.
  private var place = 0
  /// The line at the top of the window.
  package private(set) var top = 0
  /// Lines that are folded or unfolded otherwise than they are at first.
  package var toggled: Set<LineID> = []
  package var search = ""
  /// The cursor's line was unfolded just now: what it holds is to be seen.
  package var isRevealing = false
  /// Its thing was read.
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

  /// Takes over the lines of a page: `lines` has the id of each, `nil` where the cursor cannot stand. Keeps the cursor's line
  /// in a window of `height` lines; on its first line the page is shown from the top.
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

/// One line of a page.
package struct PageLine {
  package enum Fold {
    case folded
    case unfolded
  }

  /// `nil` where the cursor does not stop.
  package let id: LineID?
  /// Whether something is hidden behind it, or shown below it; `nil` for lines that hold nothing.
  let fold: Fold?
  /// The line that encloses it, where that is not the page as a whole.
  let parent: LineID?
  /// What Enter opens.
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

  /// For pages of thousands of lines: the text is made only where it is looked at.
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
  /// As lines of a page, at most `maxLines` of them; the first has the id.
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

/// Names a line of a page, so that the cursor finds it again while the page grows.
package enum LineID: Hashable, Sendable {
  /// A line of text, by its place.
  case note(Int)
  /// Stands for all that is said of the thing as a whole.
  case title
  case step(Int)
  case compensation(Int)
  case event(EventID)
  /// A line of an event's expanded message: its place in the whole message, folded lines counted, and which part it is of a line
  /// that is too long for the screen.
  case message(EventID, Int, part: Int)
  case member(Int)
  /// One acquisition of a lock.
  case holding(Int)
  case partition(topic: String, Int32)
  /// An instance of a service, by its place.
  case instance(Int)
  /// A line of what is told of an instance, by its place among them.
  case detail(instance: Int, Int)
  /// A cause of a saga's state, by its rank; leads to what it speaks of.
  case cause(Int)
  /// One stage of an action, by its place.
  case stage(Int)
  /// Leads to an action that was done to a saga.
  case action(ActionRecord.ID)
  /// A span of a trace, by its place in the tree.
  case span(String, Int)
  case pod(Pod.ID)
  /// Leads to the spans of the saga's traces.
  case trace
  /// Leads to the saga of an event, a lock or an action.
  case saga
  /// Leads to the saga that this one is a part of, or to one of its own parts.
  case relative(SagaHandle)
  /// Leads to the service that does the step that a saga waits for.
  case service(String)
  /// Leads to the consumer group that a saga waits for.
  case group(String)
}
