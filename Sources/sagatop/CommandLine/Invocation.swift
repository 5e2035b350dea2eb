import Configuration
import Reports
import TUI

/// What a command line asks for.
struct Invocation: Sendable {
  enum Command: String, CaseIterable, Sendable {
    case live
    case snapshot
    case completion
    case help
    case version
  }

  enum Format: String, CaseIterable, Sendable {
    case json
    case table
    case screen
    case svg

    /// Shows one view of the screen; the others tell everything.
    var isPicture: Bool { self == .screen || self == .svg }
  }

  var command = Command.live
  var overrides = Overrides()
  var format = Format.table
  var sections = Set(SnapshotSection.allCases)
  var view = "overview"
  var saga: String?
  var size = Size(columns: 120, rows: 40)
  var hasScreenColor = false
  var timeout = Duration.seconds(10)
  var output: String?
  /// Words that are neither command nor option: the shell for `completion`.
  var words: [String] = []
  /// For `help`: the command that it is about.
  var topic = Command.live
}
