/// The cursor of a list with moving rows: it follows its row, not the position.
///
/// On the first row it follows nothing and stays at the top, even if the row changes.
package struct ListCursor<ID: Hashable & Sendable>: Sendable, Equatable {
  /// Index of the row among all matching rows.
  package private(set) var position = 0
  /// Index of the first row of the window.
  package private(set) var top = 0
  /// The id of the followed row; `nil` if it follows nothing, or until the target row has been read.
  package private(set) var id: ID?
  package private(set) var isPlaced = false

  package init() {}

  /// The rows to read for a window of `height` rows.
  package func window(height: Int) -> (offset: Int, limit: Int) {
    let height = max(1, height)
    return (max(position - height + 1, min(top, position)), height)
  }

  /// Moves by rows. `ids` are those of the last window read, which starts at row `offset` of `count`.
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

  /// Returns to the first row and follows nothing.
  package mutating func release() {
    self = ListCursor()
  }

  /// Shifts the cursor after rows were inserted above. A cursor that follows nothing stays at the first row.
  package mutating func shift(by rows: Int) {
    guard isPlaced else { return }
    position += rows
    top += rows
  }

  /// Scrolls the window. The cursor keeps its row while this row is visible.
  package mutating func scroll(by distance: Int, height: Int, ids: [ID], offset: Int, count: Int) {
    let last = max(0, count - height)
    let newTop = min(max(0, top + distance), last)
    let row = min(max(position, newTop), newTop + max(0, height - 1))
    place(at: row, ids: ids, offset: offset, count: count)
    top = newTop
  }

  /// Updates the cursor after a window was read: finds its row again, otherwise uses the nearest row.
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
