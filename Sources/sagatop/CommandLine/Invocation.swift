import Configuration
import Core
import Reports
import TUI

/// What a command line asks for.
struct Invocation: Sendable {
  enum Command: String, CaseIterable, Sendable {
    case live
    case snapshot
    case why
    case report
    case ready
    case initialize = "init"
    case doctor
    case retry
    case compensate
    /// Any action, by its name.
    case act
    case actions
    /// The plans that were run.
    case runs
    case record
    case replay
    /// Looks at the configuration itself.
    case config
    case aggregate
    case completion
    case help
    case version

    /// Those that a command line may name.
    static let words = allCases.filter { $0 != .live && $0 != .version }

    var takesWords: Bool {
      [.completion, .config, .why, .report, .retry, .compensate, .act, .runs, .record, .replay].contains(self)
    }

    /// Values of `--output`; the first is the default.
    var formats: [Format] {
      switch self {
      case .why, .ready: [.text, .json]
      case .report: [.markdown, .svg]
      case .snapshot: [.table, .wide, .csv, .markdown, .json, .prometheus, .nagios, .screen, .svg]
      case .actions: [.table, .csv, .markdown, .json]
      case .retry, .compensate, .act, .runs, .doctor: [.table, .json]
      case .live, .initialize, .record, .replay, .aggregate, .config, .completion, .help, .version: []
      }
    }
  }

  enum Format: String, CaseIterable, Sendable {
    case json
    case table
    case wide
    case csv
    case markdown
    case prometheus
    case nagios
    case screen
    case svg
    case text

    /// Shows one view of the screen; the others tell everything.
    var isPicture: Bool { self == .screen || self == .svg }

    /// One line, or a document that can be written as one: what goes to standard output again and again.
    var isLine: Bool { self == .json || self == .nagios }

    /// `nil` where it is not made of tables.
    var tableStyle: SnapshotTable.Style? {
      switch self {
      case .table: .table
      case .wide: .wide
      case .csv: .csv
      case .markdown: .markdown
      case .json, .prometheus, .nagios, .screen, .svg, .text: nil
      }
    }
  }

  /// What is asked of the system with `retry`, `compensate` and `act`.
  struct ActionOptions: Sendable {
    var reason = ""
    var isDryRun = false
    /// The operator's yes was given on the command line.
    var isConfirmed = false
    /// What a plan wants to be typed.
    var typed: String?
    /// What was looked at: a plan of other sagas, or of another number, is not run.
    var planID: String?
    var expectedCount: Int?
    var isAgain = false
    var isNewKey = false
    var rate: Int?
    var concurrency: Int?
    var isVerbose = false
    /// The intent whose rest it is.
    var resumes: String?
  }

  /// What `actions` prints of the log.
  struct ActionSelection: Sendable {
    var intent: String?
    var subject: String?
    var `operator`: String?
  }

  var command = Command.live
  var overrides = Overrides()
  /// `nil` where none was asked for.
  var wantedFormat: Format?
  /// `nil` is all of them.
  var sections: Set<SnapshotSection>?
  /// As it was typed: which sagas an action is for, or which rows a snapshot shows.
  var filter: String?
  var tables = TableSelection()
  /// Of every series of metrics.
  var labels: [MetricLabel] = []
  /// The sources without which a snapshot is of no use; none named means all.
  var required: Set<SourceKind> = []
  /// As they were written: a name in the configuration, or a check.
  var checks: [String] = []
  /// How often a snapshot is taken; `nil` is once.
  var interval: Duration?
  /// After the first document only what differs from the one before.
  var hasChanges = false
  /// What must hold before it ends.
  var conditions: [Condition] = []
  var view = ViewID.overview
  var saga: String?
  var size = Size(columns: 120, rows: 40)
  var hasScreenColor = false
  var timeout = Duration.seconds(10)
  /// The operator has chosen it.
  var hasTimeout = false
  /// A recording is as long as it is: its playing is cut short only by a time-out that was chosen.
  var recordingTimeout: Duration? { hasTimeout ? timeout : nil }
  /// How long `init` looks; `nil` is until something was found. How long `record` goes on; `nil` is until it is interrupted.
  var duration: Duration?
  var output: String?
  /// Of `retry`, `compensate` and `act`.
  var action = ActionOptions()
  var actions = ActionSelection()
  /// For `config show`: where each value comes from.
  var showsOrigins = false
  /// For `doctor`: the topic whose latest message is explained.
  var explainedTopic: String?
  var recording = RecordingOptions()
  var aggregation = AggregationOptions()
  /// Words that are neither command nor option: the shell for `completion`, the sagas for the commands about some.
  var words: [String] = []
  /// For `help`: the command that it is about.
  var topic = Command.live

  /// Lines where a snapshot is taken again and again, else a table.
  var format: Format { wantedFormat ?? (interval == nil ? .table : .json) }
}
