import Core

/// The section `checks` as a table.
enum ChecksTable {
  static let shape = ReportTable.Shape(
    "checks", of: .checks,
    [
      .init("CHECK"), .init("STATE"), .init("VALUE", .number), .init("UNIT"), .init("WARNING", .number),
      .init("CRITICAL", .number), .init("DETAIL"),
    ])

  static func table(_ results: [CheckResult]) -> ReportTable {
    ReportTable(
      shape,
      results.map { result in
        [
          .text(result.check.name), .text(result.state.name),
          number(result.measured.value, result.measured.number.quality),
          .text(result.check.measure.unit.rawValue), number(result.check.warning), number(result.check.critical),
          .text(result.measured.detail),
        ]
      })
  }

  /// Most are counts.
  private static func number(_ value: Double?, _ quality: Quality = .exact) -> Cell {
    guard let value, let whole = Int64(exactly: value) else { return .number(value, mark: quality.mark) }
    return .integer(whole, mark: quality.mark)
  }
}
