/// The columns of a table and the distribution of the width. In a narrow area only the most important columns are shown.
package struct Table: Sendable {
  package struct Column: Sendable, Equatable {
    package var title: String
    package var width: Int
    /// The width that the column gets first, in the order of priority.
    package var idealWidth: Int
    /// Maximum width, if there is room after all columns have their ideal width; `Int.max` uses all remaining room.
    package var mostWidth: Int
    /// The content adapts to any width: the column grows over its ideal width after all others.
    package var fills: Bool
    package var align: Frame.Alignment
    /// Columns with the lowest numbers are removed last.
    package var priority: Int

    package init(
      _ title: String, width: Int, idealWidth: Int? = nil, mostWidth: Int = 0, fills: Bool = false,
      align: Frame.Alignment = .left, priority: Int
    ) {
      self.title = title
      self.width = width
      self.idealWidth = max(width, idealWidth ?? width)
      self.mostWidth = max(self.idealWidth, mostWidth)
      self.fills = fills
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
    func grow(_ index: Int, to limit: Int) {
      let grown = min(spare, limit - widths[index, default: 0])
      widths[index, default: 0] += grown
      spare -= grown
    }
    for index in chosen { grow(index, to: columns[index].idealWidth) }
    for index in chosen.filter({ !columns[$0].fills }) + chosen.filter({ columns[$0].fills }) {
      grow(index, to: columns[index].mostWidth)
    }
    return widths
  }
}
