import Core

/// One event in a line: when, what, where and what it did. Its columns depend on the width only.
struct EventText {
  let event: EventRow
  let glyphs: Glyphs

  private enum Part {
    case time, type, saga, node, place, meaning
  }

  private static func parts(columns: Int, hasSaga: Bool) -> [(part: Part, column: Table.Column)] {
    let isWide = columns >= 140
    var parts: [(Part, Table.Column)] = [
      (.time, .init("TIME", width: hasSaga ? 8 : 10, align: .right, priority: 0)),
      (.type, .init("EVENT", width: isWide ? 30 : 20, priority: 1)),
    ]
    if hasSaga { parts.append((.saga, .init("SAGA", width: isWide ? 20 : 13, priority: 2))) }
    parts += [
      (.node, .init("NODE", width: 8, priority: 4)),
      (.place, .init("PLACE", width: isWide ? 36 : 26, priority: 5)),
      (.meaning, .init("MEANING", width: 16, idealWidth: .max, priority: 3)),
    ]
    return parts
  }

  /// In `columns` columns; `time` is written as it is given.
  func line(time: String, columns: Int, sagaID: String? = nil, hasSaga: Bool = false) -> StyledLine {
    let parts = Self.parts(columns: columns, hasSaga: hasSaga)
    var line = StyledLine()
    for place in Table.place(parts.map(\.column), x: 0, width: columns) {
      let (text, role) = self.text(parts[place.index].part, time, columns: place.width)
      line.add(text, columns: place.width, align: parts[place.index].column.align, ellipsis: glyphs.ellipsis, role)
      line.add(" ")
    }
    return line
  }

  static func titles(columns: Int, ellipsis: Unicode.Scalar) -> StyledLine {
    let parts = parts(columns: columns, hasSaga: true)
    var line = StyledLine()
    for place in Table.place(parts.map(\.column), x: 0, width: columns) {
      let column = parts[place.index].column
      line.add(column.title, columns: place.width, align: column.align, ellipsis: ellipsis, .heading)
      line.add(" ")
    }
    return line
  }

  private func text(_ part: Part, _ time: String, columns: Int) -> (String, StyleRole) {
    switch part {
    case .time: (time, .dim)
    case .type: event.undecoded == nil ? (event.type, .text) : ("not an event", .warning)
    case .saga:
      (
        event.sagaID.map { Truncation.middle($0, columns: columns, ellipsis: glyphs.ellipsis) } ?? Quantity.unknown,
        .text
      )
    case .node: (event.node ?? Quantity.unknown, event.node == nil ? .dim : .text)
    case .place: ("\(event.topic)/\(event.partition)@\(event.offset)", .dim)
    case .meaning: meaning
    }
  }

  private var meaning: (String, StyleRole) {
    if let reason = event.undecoded { return (reason, .error) }
    if let error = event.error { return (event.meaning.isEmpty ? error : "\(event.meaning): \(error)", .error) }
    return (event.meaning, .dim)
  }
}
