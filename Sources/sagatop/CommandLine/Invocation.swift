import Configuration
import Core
import Reports
import TUI

/// A parsed command line.
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
    /// Lists and controls runs of plans.
    case runs
    case record
    case replay
    /// Checks or prints the configuration.
    case config
    case aggregate
    case completion
    case help
    case version

    /// The commands that can be used on a command line.
    static let words = allCases.filter { $0 != .live && $0 != .version }

    var takesWords: Bool {
      [.completion, .config, .why, .report, .retry, .compensate, .act, .runs, .record, .replay].contains(self)
    }

    /// Values of `--output`. The first one is the default.
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

  /// Options of `retry`, `compensate` and `act`.
  struct ActionOptions: Sendable {
    var reason = ""
    var isDryRun = false
    /// The operator confirmed with `--yes`.
    var isConfirmed = false
    /// The text for plans that require typing a confirmation.
    var typed: String?
    /// The plan that the operator reviewed. A plan with other sagas or another count is not run.
    var planID: String?
    var expectedCount: Int?
    var isAgain = false
    var isNewKey = false
    var rate: Int?
    var concurrency: Int?
    var isVerbose = false
    /// The intent of the run to resume.
    var resumes: String?
  }

  /// Selects the part of the audit log that `actions` prints.
  struct ActionSelection: Sendable {
    var intent: String?
    var subject: String?
    var `operator`: String?
  }

  var command = Command.live
  var overrides = Overrides()
  /// `nil` if not given.
  var wantedFormat: Format?
  /// The format as typed, which is checked when the command is known.
  var formatText: String?
  /// `nil` for all sections.
  var sections: Set<SnapshotSection>?
  /// As typed: the sagas for an action, or the rows of a snapshot.
  var filter: String?
  var tables = TableSelection()
  /// Labels for every metric.
  var labels: [MetricLabel] = []
  /// Sources that must be readable for a snapshot. Empty for all.
  var required: Set<SourceKind> = []
  /// As typed: the name of a configured check, or a check.
  var checks: [String] = []
  /// The interval between snapshots. `nil` for a single snapshot.
  var interval: Duration?
  /// After the first document, print only the differences to the previous one.
  var hasChanges = false
  /// Conditions to wait for before exiting.
  var conditions: [Condition] = []
  var view = ViewID.overview
  var saga: String?
  var size = Size(columns: 120, rows: 40)
  var hasScreenColor = false
  var timeout = Duration.seconds(10)
  /// Whether `--timeout` was given.
  var hasTimeout = false
  /// Timeout for replaying a recording. `nil` unless the operator set one, because the length of a recording is not limited.
  var recordingTimeout: Duration? { hasTimeout ? timeout : nil }
  /// How long `init` reads; `nil` until something is found. How long `record` runs; `nil` until it is interrupted.
  var duration: Duration?
  var output: String?
  /// Options of `retry`, `compensate` and `act`.
  var action = ActionOptions()
  var actions = ActionSelection()
  /// For `config show`: print the origin of each value.
  var showsOrigins = false
  /// For `doctor`: explain the latest message of this topic.
  var explainedTopic: String?
  var recording = RecordingOptions()
  var aggregation = AggregationOptions()
  /// Arguments that are neither command nor option: the shell for `completion`, the sagas for other commands.
  var words: [String] = []
  /// For `help`: the command to describe.
  var topic = Command.live

  /// JSON lines for repeated snapshots, else a table.
  var format: Format { wantedFormat ?? (interval == nil ? .table : .json) }
}
