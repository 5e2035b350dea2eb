/// The cursor of a list whose rows move: it stays on the thing that it was put on, not on the place.
///
/// On the first row it follows nothing and stays there, whatever row that is.
package struct ListCursor<ID: Hashable & Sendable>: Sendable, Equatable {
  /// The row among all that match, counted from 0.
  package private(set) var position = 0
  /// The row at the top of the window.
  package private(set) var top = 0
  /// What it stands on; `nil` while it follows nothing or until the row that it was moved to has been read.
  package private(set) var id: ID?
  package private(set) var isPlaced = false

  package init() {}

  /// The rows that a window of `height` rows shows: what is to be read next.
  package func window(height: Int) -> (offset: Int, limit: Int) {
    let height = max(1, height)
    return (max(position - height + 1, min(top, position)), height)
  }

  /// Moves by rows; `ids` are those of the window that was read last, which starts at row `offset` of `count`.
  package mutating func move(by distance: Int, ids: [ID], offset: Int, count: Int) {
    place(at: position + distance, ids: ids, offset: offset, count: count)
  }

  package mutating func place(at row: Int, ids: [ID], offset: Int, count: Int) {
    let row = min(row, count - 1)
    guard row > 0 else { return release() }
    position = row
    isPlaced = true
    let index = position - offset
    id = ids.indices.contains(index) ? ids[index] : nil
  }

  /// Back to the first row, following nothing.
  package mutating func release() {
    self = ListCursor()
  }

  /// The rows have moved down by so many. A cursor that follows nothing stays at the first.
  package mutating func shift(by rows: Int) {
    guard isPlaced else { return }
    position += rows
    top += rows
  }

  /// Keeps the window as high as it is while the cursor stays in it.
  package mutating func scroll(by distance: Int, height: Int, ids: [ID], offset: Int, count: Int) {
    let last = max(0, count - height)
    let newTop = min(max(0, top + distance), last)
    let row = min(max(position, newTop), newTop + max(0, height - 1))
    place(at: row, ids: ids, offset: offset, count: count)
    top = newTop
  }

  /// Takes over a window that was read: finds its thing again, or the row nearest to where that was.
  package mutating func settle(ids: [ID], offset: Int, count: Int) {
    top = offset
    guard isPlaced, count > 0, !ids.isEmpty else {
      if !isPlaced { position = 0 } else if count == 0 { release() }
      return
    }
    if let id, let index = ids.firstIndex(of: id) {
      position = offset + index
      return
    }
    let index = min(max(0, position - offset), ids.count - 1)
    position = offset + index
    id = ids[index]
  }
}
