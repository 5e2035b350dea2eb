/// A row that is known by its name.
package protocol NamedRow: Sendable, Equatable {
  var rowName: String { get }
}

/// The rows of a list that are on the screen.
package struct ListPart<Row: NamedRow>: Sendable, Equatable {
  package var rows: [Row] = []
  /// The place of the first of them among all that match.
  package var offset = 0
  package var matching = 0

  var ids: [String] { rows.map(\.rowName) }
}

extension ListPart {
  /// The window of `all` at `offset`, moved as little as needed to hold the row `following`.
  init(_ all: [Row], following: String?, offset: Int, limit: Int) {
    var start = offset
    if let place = all.firstIndex(where: { $0.rowName == following }) {
      start = place < start ? place : max(start, place - limit + 1)
    }
    start = max(0, min(start, all.count - limit))
    self.init(rows: Array(all.dropFirst(start).prefix(limit)), offset: start, matching: all.count)
  }
}
