/// A part of rows that were read.
enum RowWindow {
  /// Rows of which the first stands at `base` among all: from `offset`, or moved as little as needed to hold the row `isFollowed`.
  static func part<Row>(
    of rows: [Row], base: Int, offset wanted: Int, limit: Int, isFollowed: (Row) -> Bool
  ) -> (rows: [Row], offset: Int) {
    var start = wanted
    if let place = rows.firstIndex(where: isFollowed).map({ base + $0 }) {
      start = place < start ? place : max(start, place - limit + 1)
    }
    start = max(base, min(start, base + rows.count - limit))
    return (Array(rows.dropFirst(start - base).prefix(limit)), start)
  }
}
