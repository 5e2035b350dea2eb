/// What happens to the cursor of a list, whatever its rows are.
enum ListMovement {
  case by(Int)
  case to(Int)
  case toEnd
  /// To the first row, following nothing.
  case release
  case scroll(Int, height: Int)
  /// Nothing was pressed, but the window was read anew.
  case settle

  func apply<ID>(to cursor: inout ListCursor<ID>, ids: [ID], offset: Int, count: Int) {
    switch self {
    case .by(let distance): cursor.move(by: distance, ids: ids, offset: offset, count: count)
    case .to(let row): cursor.place(at: row, ids: ids, offset: offset, count: count)
    case .toEnd: cursor.place(at: count - 1, ids: ids, offset: offset, count: count)
    case .release: cursor.release()
    case .scroll(let distance, let height):
      cursor.scroll(by: distance, height: height, ids: ids, offset: offset, count: count)
    case .settle: cursor.settle(ids: ids, offset: offset, count: count)
    }
  }
}
