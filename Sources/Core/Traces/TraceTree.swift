/// The spans of a trace in tree order: each below its parent, siblings by start time. Every span occurs exactly once, even if the parents
/// are missing or circular.
package struct TraceTree: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// Its start is corrected for clock differences between machines.
    package var span: TraceSpan
    package var depth: Int
    /// Row of its parent; `nil` for a root.
    package var parent: Int?
    /// The row after its last descendant.
    package var end: Int
    /// Its parent is unknown or is one of its own descendants.
    package var isOrphan: Bool
    /// The correction that was added to the reported start.
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
    // The remaining spans form cycles: each cycle is opened at its first span.
    for index in spans.indices.sorted(by: { Self.isBefore(spans[$0], spans[$1]) }) where !isPlaced[index] {
      place(index, spans, children, &isPlaced)
    }
  }

  private static func isBefore(_ left: TraceSpan, _ right: TraceSpan) -> Bool {
    (left.start, left.id) < (right.start, right.id)
  }

  /// A span may be reported twice, once without its end.
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

  /// In B3, a server may share the id of the client's span: then it is a child of that span, and its calls are its own children.
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

  /// Without recursion, because a trace may be as deep as its number of spans.
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

  /// Children come after their parents, so in reverse order each end is final before it is used.
  private mutating func closeRows() {
    for index in rows.indices.reversed() {
      if let parent = rows[index].parent { rows[parent].end = max(rows[parent].end, rows[index].end) }
    }
  }

  /// Clock correction for a server span on another machine that is not within the client's span: it is centred in that span. Its
  /// descendants on the same machine get the same correction.
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
