import Core

/// One line of a page.
package struct PageLine {
  package enum Fold {
    case folded
    case unfolded
  }

  /// `nil` where the cursor does not stop.
  package let id: LineID?
  /// Whether something is hidden behind it, or shown below it; `nil` for lines that hold nothing.
  let fold: Fold?
  /// The line that encloses it, where that is not the page as a whole.
  let parent: LineID?
  /// What Enter opens.
  let opens: (any Page)?
  private let make: () -> StyledLine

  init(
    _ line: StyledLine = StyledLine(), id: LineID? = nil, fold: Fold? = nil, parent: LineID? = nil,
    opens: (any Page)? = nil
  ) {
    self.id = id
    self.fold = fold
    self.parent = parent
    self.opens = opens
    make = { line }
  }

  /// For pages of thousands of lines: the text is made only where it is looked at.
  init(id: LineID?, fold: Fold? = nil, make: @escaping () -> StyledLine) {
    self.id = id
    self.fold = fold
    parent = nil
    opens = nil
    self.make = make
  }

  package var line: StyledLine { make() }
}

extension StyledLine {
  /// As lines of a page, at most `maxLines` of them; the first has the id.
  func pageLines(columns: Int, indent: Int, maxLines: Int, id: LineID? = nil, parent: LineID? = nil) -> [PageLine] {
    wrapped(columns: columns, indent: indent, maxLines: maxLines).enumerated().map {
      PageLine($1, id: $0 == 0 ? id : nil, parent: parent)
    }
  }

  func indented(by columns: Int) -> StyledLine {
    var line = StyledLine(String(repeating: " ", count: columns))
    line.add(self)
    return line
  }
}
