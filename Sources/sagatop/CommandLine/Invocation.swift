import Configuration
import Reports
import TUI

/// What a command line asks for.
struct Invocation: Sendable {
  enum Command: String, CaseIterable, Sendable {
    case live
    case snapshot
    case retry
    case compensate
    case actions
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

  /// What is asked of the system with `retry` and `compensate`.
  struct ActionOptions: Sendable {
    var filter: String?
    var reason = ""
    var isDryRun = false
    /// The operator's yes was given on the command line.
    var isConfirmed = false
    /// What a plan wants to be typed.
    var typed: String?
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
  /// Of `retry` and `compensate`.
  var action = ActionOptions()
  /// Words that are neither command nor option: the shell for `completion`, sagas for `retry`.
  var words: [String] = []
  /// For `help`: the command that it is about.
  var topic = Command.live
}
