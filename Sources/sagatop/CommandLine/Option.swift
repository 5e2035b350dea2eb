import Core
import Reports
import TUI
import Text

/// One option: its name, its effect, and its commands. Parsing, help and completion are derived from these.
struct Option: Sendable {
  var long: String
  var short: Character?
  /// Name of the value in the help. `nil` for an option without a value.
  var value: String?
  var help: String
  var commands: Set<Invocation.Command>
  var apply: @Sendable (inout Invocation, String) throws(UsageError) -> Void

  init(
    _ long: String, short: Character? = nil, value: String? = nil, _ help: String,
    commands: Set<Invocation.Command> = [.live, .snapshot, .why, .report, .ready],
    apply: @escaping @Sendable (inout Invocation, String) throws(UsageError) -> Void
  ) {
    self.long = long
    self.short = short
    self.value = value
    self.help = help
    self.commands = commands
    self.apply = apply
  }

  /// `-c, --config FILE`.
  var synopsis: String {
    (short.map { "-\($0), " } ?? "    ") + "--\(long)" + (value.map { " \($0)" } ?? "")
  }
}

/// Parses the values of options.
enum OptionValue {
  static func duration(_ text: String, of option: String) throws(UsageError) -> Duration {
    if let duration = DurationText.parse(text) { return duration }
    throw UsageError(message: "\(option): expected a duration such as 30s or 15m, found `\(text)`")
  }

  static func since(_ text: String) throws(UsageError) -> ReadSpan {
    if let since = ReadSpan(parsing: text) { return since }
    throw UsageError(message: "--since: expected a duration such as 30s or 15m, or all, found `\(text)`")
  }

  static func word<Value: RawRepresentable & CaseIterable>(
    _ text: String, of option: String, _: Value.Type
  ) throws(UsageError) -> Value where Value.RawValue == String {
    if let value = Value(rawValue: text) { return value }
    throw unknown(text, of: option, among: Value.allCases.map(\.rawValue))
  }

  /// The nearest known word comes first.
  static func unknown(_ text: String, of option: String, among known: [String]) -> UsageError {
    let hint = NearestWord.hint(text, among: known)
    return UsageError(message: "\(option): unknown `\(text)`\(hint) (known are \(known.joined(separator: ", ")))")
  }

  static func view(_ text: String) throws(UsageError) -> ViewID {
    if let view = Views.view(named: text) { return view }
    throw unknown(text, of: "--view", among: Views.words)
  }

  static func size(_ text: String) throws(UsageError) -> Size {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1], (1...1000).contains(columns),
      (1...1000).contains(rows)
    else { throw UsageError(message: "--size: expected columns and rows such as 120x40, found `\(text)`") }
    return Size(columns: columns, rows: rows)
  }

  static func label(_ text: String, after labels: [MetricLabel]) throws(UsageError) -> MetricLabel {
    guard let label = MetricLabel(text) else {
      throw UsageError(
        message: "--label: expected a name, letters, digits and _, and a value such as env=prod, found `\(text)`")
    }
    if SnapshotMetrics.ownLabels.contains(label.name) {
      throw UsageError(message: "--label: `\(label.name)` is reserved; choose another name")
    }
    if labels.contains(where: { $0.name == label.name }) {
      throw UsageError(message: "--label: `\(label.name)` is given twice")
    }
    return label
  }

  /// Comma-separated words from a fixed set.
  static func words<Value: RawRepresentable & CaseIterable & Hashable>(
    _ text: String, of option: String, _: Value.Type
  ) throws(UsageError) -> Set<Value> where Value.RawValue == String {
    var values: Set<Value> = []
    for name in text.split(separator: ",") { values.insert(try word(String(name), of: option, Value.self)) }
    if values.isEmpty { throw UsageError(message: "\(option): expected at least one of \(joined(Value.allCases))") }
    return values
  }

  /// The same for words that are known only as text, in their order.
  static func list(_ text: String, of option: String, among known: [String]) throws(UsageError) -> [String] {
    let names = try list(text, of: option)
    if let name = names.first(where: { !known.contains($0) }) { throw unknown(name, of: option, among: known) }
    return names
  }

  static func list(_ text: String, of option: String) throws(UsageError) -> [String] {
    let names = text.split(separator: ",").map(String.init)
    if names.isEmpty { throw UsageError(message: "\(option): expected at least one name") }
    return names
  }

  private static func joined<Values: Collection>(_ values: Values) -> String
  where Values.Element: RawRepresentable, Values.Element.RawValue == String {
    values.map(\.rawValue).joined(separator: ", ")
  }
}
