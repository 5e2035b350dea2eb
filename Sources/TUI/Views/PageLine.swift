import Core

/// One line of the page of an opened thing.
struct PageLine {
  enum Fold {
    case folded
    case unfolded
  }

  /// `nil` where the cursor does not stop.
  let id: LineID?
  /// Whether something is hidden behind it, or shown below it; `nil` for lines that hold nothing.
  let fold: Fold?
  /// Of an event's line: where its text is.
  let message: MessageRef?
  private let make: () -> StyledLine

  init(_ line: StyledLine = StyledLine(), id: LineID? = nil, fold: Fold? = nil, message: MessageRef? = nil) {
    self.id = id
    self.fold = fold
    self.message = message
    make = { line }
  }

  /// For pages of thousands of lines: the text is made only where it is looked at.
  init(id: LineID?, fold: Fold? = nil, make: @escaping () -> StyledLine) {
    self.id = id
    self.fold = fold
    message = nil
    self.make = make
  }

  var line: StyledLine { make() }
}
