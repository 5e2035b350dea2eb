/// The columns of a table and how they share the width: what matters most survives when there is little of it.
package struct Table: Sendable {
  package struct Column: Sendable, Equatable {
    package var title: String
    package var width: Int
    /// Widens up to this when there is room left; `Int.max` takes what there is.
    package var idealWidth: Int
    package var align: Frame.Alignment
    /// The lowest numbers stay longest.
    package var priority: Int

    package init(_ title: String, width: Int, idealWidth: Int? = nil, align: Frame.Alignment = .left, priority: Int) {
      self.title = title
      self.width = width
      self.idealWidth = max(width, idealWidth ?? width)
      self.align = align
      self.priority = priority
    }
  }

  /// A column that is shown: its position among all, and the columns of the screen that it has.
  package struct Placed: Sendable, Equatable {
    package var index: Int
    package var x: Int
    package var width: Int
  }

  package static let gap = 2

  /// Chooses columns by priority and places them from `x` on, in at most `width` screen columns. The result does not depend on the
  /// rows, so that nothing moves while they change.
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
