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
    case retry
    case compensate
    case actions
    case record
    case replay
    case completion
    case help
    case version

    /// Those that a command line may name.
    static let words = allCases.filter { $0 != .live && $0 != .version }

    var takesWords: Bool { [.completion, .why, .report, .retry, .compensate, .record, .replay].contains(self) }

    /// What `--output` may be; the first is the one that nobody has to ask for.
    var formats: [Format] {
      switch self {
      case .snapshot: [.table, .json, .screen, .svg]
      case .why: [.text, .json]
      case .report: [.markdown, .svg]
      case .retry, .compensate, .actions: [.table, .json]
      default: []
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
  var recording = RecordingOptions()
  /// Words that are neither command nor option: the shell for `completion`, the sagas for the commands about some.
  var words: [String] = []
  /// For `help`: the command that it is about.
  var topic = Command.live
}
