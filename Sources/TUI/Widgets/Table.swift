/// The columns of a table and the distribution of the width. In a narrow area only the most important columns are shown.
package struct Table: Sendable {
  package struct Column: Sendable, Equatable {
    package var title: String
    package var width: Int
    /// Maximum width if there is room; `Int.max` uses all remaining room.
    package var idealWidth: Int
    package var align: Frame.Alignment
    /// Columns with the lowest numbers are removed last.
    package var priority: Int

    package init(_ title: String, width: Int, idealWidth: Int? = nil, align: Frame.Alignment = .left, priority: Int) {
      self.title = title
      self.width = width
      self.idealWidth = max(width, idealWidth ?? width)
      self.align = align
      self.priority = priority
    }
  }

  /// A visible column: its index, and its position and width on the screen.
  package struct Placed: Sendable, Equatable {
    package var index: Int
    package var x: Int
    package var width: Int
  }

  package static let gap = 2

  /// Chooses columns by priority and places them from `x` in at most `width` screen columns. The result does not depend on the rows, so
  /// that columns do not move when rows change.
  package static func place(_ columns: [Column], x: Int, width: Int) -> [Placed] {
    var chosen: [Int] = []
    var used = -gap
    for index in columns.indices.sorted(by: { (columns[$0].priority, $0) < (columns[$1].priority, $1) }) {
      guard used + gap + columns[index].width <= width else { continue }
      chosen.append(index)
      used += gap + columns[index].width
    }
    let widths = widen(columns, chosen: chosen, by: width - used)
    var next = x
    return chosen.sorted().map { index in
      defer { next += (widths[index] ?? 0) + gap }
      return Placed(index: index, x: next, width: widths[index] ?? 0)
    }
  }

  private static func widen(_ columns: [Column], chosen: [Int], by spare: Int) -> [Int: Int] {
    var widths = Dictionary(uniqueKeysWithValues: chosen.map { ($0, columns[$0].width) })
    var spare = max(0, spare)
    for index in chosen {
      let grown = min(spare, columns[index].idealWidth - columns[index].width)
      widths[index, default: 0] += grown
      spare -= grown
    }
    return widths
  }
}
