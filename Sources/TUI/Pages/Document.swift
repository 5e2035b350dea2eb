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
