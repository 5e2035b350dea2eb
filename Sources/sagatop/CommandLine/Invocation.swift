import Configuration
import Reports
import TUI

/// What a command line asks for.
struct Invocation: Sendable {
  enum Command: String, CaseIterable, Sendable {
    case live
    case snapshot
    case why
    case report
    case completion
    case help
    case version

    var takesWords: Bool { self == .completion || takesSaga }
    var takesSaga: Bool { self == .why || self == .report }

    var formats: [Format] {
      switch self {
      case .why: [.text, .json]
      case .report: [.markdown, .svg]
      default: [.json, .table, .screen, .svg]
      }
    }
  }

  enum Format: String, CaseIterable, Sendable {
    case json
    case table
    case screen
    case svg
    case text
    case markdown

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
  /// Words that are neither command nor option: the shell for `completion`, the saga for `why` and `report`.
  var words: [String] = []
  /// For `help`: the command that it is about.
  var topic = Command.live
}
