import Core

/// Maps a time span to columns, with ticks at round distances from its start.
package struct TimeAxis: Sendable, Equatable {
  package struct Tick: Sendable, Equatable {
    package var column: Int
    /// Distance from the start.
    package var offset: Duration
  }

  package let start: Timestamp
  package let end: Timestamp
  package let columns: Int

  /// An empty span is shown as one millisecond.
  package init(start: Timestamp, end: Timestamp, columns: Int) {
    self.start = start
    self.end = max(end, start + .milliseconds(1))
    self.columns = max(1, columns)
  }

  /// The column of a time, from 0 to `columns - 1`. Times outside of the span are placed at its edge.
  package func column(of time: Timestamp) -> Int {
    let place = ((time - start).seconds / (end - start).seconds * Double(columns - 1)).rounded()
    // At the limits of the time range the span may be 0, and the position NaN.
    return place >= 0 ? Int(min(place, Double(columns - 1))) : 0
  }

  /// Ticks at the smallest round distance with at least `spacing` columns between them.
  package func ticks(spacing: Int) -> [Tick] {
    let span = (end - start).milliseconds
    let least = span * Double(max(1, spacing)) / Double(columns)
    guard let step = Self.steps.first(where: { Double($0) >= least }) else { return [Tick(column: 0, offset: .zero)] }
    return stride(from: Int64(0), through: Int64(span), by: Int64.Stride(step)).map {
      Tick(column: column(of: start + .milliseconds($0)), offset: .milliseconds($0))
    }
  }

  /// 1, 2 and 5 of each power of ten milliseconds below one second, then common units of clocks and calendars.
  private static let steps: [Int] =
    [1, 2, 5, 10, 20, 50, 100, 200, 500]
    + [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400].map { $0 * 1000 }
    + [2, 7, 14, 30, 90, 365, 3650, 36_500].map { $0 * 86_400_000 }
}
