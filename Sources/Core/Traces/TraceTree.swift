/// The spans of a trace in the order of a tree: each below its parent, children by their start. Whatever the spans say of their parents, every
/// span stands in it exactly once.
package struct TraceTree: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// With its start moved where the clock of its machine runs ahead or behind.
    package var span: TraceSpan
    package var depth: Int
    /// The row of its parent.
    package var parent: Int?
    /// Behind the last row of what is below it.
    package var end: Int
    /// It names a parent that the store does not have, or that is below itself.
    package var isOrphan: Bool
    /// What was added to the start that its machine told.
    package var shift = Duration.zero
  }

  package static let deepest = 64

  package private(set) var rows: [Row] = []

  package init(_ spans: [TraceSpan]) {
    let spans = Self.unique(spans)
    let parents = Self.parents(of: spans)
    var children: [[Int]] = Array(repeating: [], count: spans.count)
    var roots: [Int] = []
    for index in spans.indices {
      if let parent = parents[index] { children[parent].append(index) } else { roots.append(index) }
    }
    for index in children.indices where children[index].count > 1 {
      children[index].sort { Self.isBefore(spans[$0], spans[$1]) }
    }
    var isPlaced = Array(repeating: false, count: spans.count)
    for root in roots.sorted(by: { Self.isBefore(spans[$0], spans[$1]) }) { place(root, spans, children, &isPlaced) }
    // What is left are loops: each is opened at its first span.
    for index in spans.indices.sorted(by: { Self.isBefore(spans[$0], spans[$1]) }) where !isPlaced[index] {
      place(index, spans, children, &isPlaced)
    }
  }

  private static func isBefore(_ left: TraceSpan, _ right: TraceSpan) -> Bool {
    (left.start, left.id) < (right.start, right.id)
  }

  /// The same span may have been reported twice, once without its end.
  private static func unique(_ spans: [TraceSpan]) -> [TraceSpan] {
    struct Key: Hashable {
      var id: String
      var kind: TraceSpan.Kind?
      var service: String?
    }
    var places: [Key: Int] = [:]
    var result: [TraceSpan] = []
    for span in spans {
      let key = Key(id: span.id, kind: span.kind, service: span.service)
      if let place = places[key] {
        if result[place].duration == nil, span.duration != nil { result[place] = span }
      } else {
        places[key] = result.count
        result.append(span)
      }
    }
    return result
  }

  /// B3 lets a server share the id of the client's span: then it is below the client's, and what it calls is below its own.
  private static func parents(of spans: [TraceSpan]) -> [Int?] {
    var places: [String: [Int]] = [:]
    for (index, span) in spans.enumerated() { places[span.id, default: []].append(index) }
    return spans.indices.map { index in
      let span = spans[index]
      if span.kind == .server, let client = places[span.id]?.first(where: { spans[$0].kind == .client }) {
        return client
      }
      let candidates = (span.parent.flatMap { places[$0] } ?? []).filter { $0 != index }
      return candidates.first { spans[$0].service == span.service && spans[$0].kind != .client }
        ?? candidates.first { spans[$0].service == span.service } ?? candidates.last
    }
  }

  /// Without recursion: a trace may be as deep as it has spans.
  private mutating func place(_ root: Int, _ spans: [TraceSpan], _ children: [[Int]], _ isPlaced: inout [Bool]) {
    var open: [(index: Int, parent: Int?)] = [(root, nil)]
    while let (index, parent) = open.popLast() {
      guard !isPlaced[index] else { continue }
      isPlaced[index] = true
      var row = Row(
        span: spans[index], depth: min(Self.deepest, parent.map { rows[$0].depth + 1 } ?? 0), parent: parent,
        end: rows.count + 1, isOrphan: parent == nil && spans[index].parent != nil)
      if let parent { row.shift = shift(of: row.span, below: rows[parent]) }
      row.span.start = row.span.start + row.shift
      let own = rows.count
      rows.append(row)
      open += children[index].reversed().map { ($0, own) }
    }
    closeRows()
  }

  /// Children stand behind their parents, so that going backwards meets each end before it is needed.
  private mutating func closeRows() {
    for index in rows.indices.reversed() {
      if let parent = rows[index].parent { rows[parent].end = max(rows[parent].end, rows[index].end) }
    }
  }

  /// Of another machine whose span cannot have been when it says: it is put into the middle of the one that waited for it. What is below it
  /// on the same machine moves with it.
  private func shift(of span: TraceSpan, below parent: Row) -> Duration {
    if span.service == parent.span.service { return parent.shift }
    guard parent.span.kind == .client, span.kind == .server, let outer = parent.span.duration,
      let inner = span.duration,
      inner <= outer
    else { return .zero }
    let isInside = span.start >= parent.span.start && span.start + inner <= parent.span.start + outer
    return isInside ? .zero : parent.span.start - span.start + (outer - inner) / 2
  }
}
