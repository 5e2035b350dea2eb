import Core

/// One line of the page of an opened thing.
struct PageLine {
  enum Fold {
    case folded
    case unfolded
  }

  /// `nil` where the cursor does not stop.
  var id: LineID?
  var line: StyledLine
  /// Whether something is hidden behind it, or shown below it; `nil` for lines that hold nothing.
  var fold: Fold?
  /// Of an event's line: where its text is.
  var message: MessageRef?

  init(_ line: StyledLine = StyledLine(), id: LineID? = nil, fold: Fold? = nil, message: MessageRef? = nil) {
    self.line = line
    self.id = id
    self.fold = fold
    self.message = message
  }
}
