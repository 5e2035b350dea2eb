import Synchronization

/// The measured values of a run and their budgets from the design, printed as a table at the end. Safe on any thread.
final class Budgets: Sendable {
  enum Limit {
    case atMost(Double)
    case atLeast(Double)

    func isMet(by value: Double) -> Bool {
      switch self {
      case .atMost(let limit): value <= limit
      case .atLeast(let limit): value >= limit
      }
    }

    func text(_ unit: String) -> String {
      switch self {
      case .atMost(let limit): "≤ \(Budgets.text(limit))\(unit)"
      case .atLeast(let limit): "≥ \(Budgets.text(limit))\(unit)"
      }
    }
  }

  private let rows = Mutex<[[String]]>([])

  /// `unit` is appended unchanged to figure and limit. `ratio` describes the value that the figure is compared with in this run.
  func add(_ what: String, _ value: Double, _ limit: Limit, unit: String = "", ratio: String = "-", by name: String) {
    let verdict = limit.isMet(by: value) ? "met" : "not met"
    rows.withLock { $0.append([what, Self.text(value) + unit, ratio, limit.text(unit), verdict, name]) }
  }

  func missing(_ name: String, _ reason: String) {
    rows.withLock { $0.append([name, "-", "-", "-", "not measured: \(reason)", name]) }
  }

  /// Three significant digits, or all digits before the decimal point.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if value >= 100 { return "\(Int(value.rounded()))" }
    let scale = value >= 10 ? 10.0 : 100
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  func show() {
    let rows = rows.withLock { $0 }
    guard !rows.isEmpty else { return }
    let table = [["budget", "figure", "ratio", "limit", "verdict", "benchmark"]] + rows
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    print("")
    for row in table {
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      print(cells.joined(separator: "  "))
    }
    print("\(rows.count { $0[4] == "met" }) of \(rows.count) budgets are met")
  }
}
