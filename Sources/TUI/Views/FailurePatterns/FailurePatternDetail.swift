import Core
import Text

/// What is known of one failure pattern, in short sentences.
struct FailurePatternDetail {
  let row: FailurePatternRow
  let now: Timestamp

  /// "payment inventory"; a name that is not known is `-`.
  static func names(_ counts: [NamedCount]) -> String {
    counts.map { $0.name ?? Quantity.unknown }.joined(separator: " ")
  }

  private static func counted(_ counts: [NamedCount]) -> String {
    counts.map { "\($0.name ?? Quantity.unknown) \(Quantity.count($0.count))" }.joined(separator: ", ")
  }

  var lines: DetailLines {
    var headline = StyledLine("such as ", .dim)
    headline.add(row.example ?? row.pattern, .error)
    return DetailLines(headline: headline, facts: [places, samples])
  }

  /// "at inventory 110, payment 4 on node-1 60, node-2 54; first 4m12s ago".
  private var places: StyledLine {
    var line = StyledLine("at ", .dim)
    line.add(Self.counted(row.steps))
    line.add(" on ", .dim)
    line.add(Self.counted(row.nodes))
    line.add("; first \(Quantity.age(now - row.firstAt)) ago, last \(Quantity.age(now - row.lastAt)) ago", .dim)
    return line
  }

  private var samples: StyledLine {
    var line = StyledLine("in \(LagText.counted(row.sagas, "saga")), such as ", .dim)
    line.add(row.samples.map(\.id).joined(separator: " "))
    return line
  }
}
