import Core
import Text

/// The facts about one lock, in short lines.
struct LockDetail {
  let row: LockRow
  let glyphs: Glyphs

  var lines: DetailLines {
    var headline = StyledLine(Truncation.middle(row.id.key, columns: 40, ellipsis: glyphs.ellipsis), .heading, .strong)
    headline.add(": ")
    headline.add(row.reason, LockStyle(glyphs: glyphs).sentenceRole(row.verdict))
    return DetailLines(headline: headline, facts: [holding, belonging], needed: 0)
  }

  /// "held by 7c9e…:31 x2, renewed 3 times, lease 3.0s".
  private var holding: StyledLine {
    var line = StyledLine(row.age == nil ? "was held by " : "held by ", .dim)
    line.add(LockStyle.holders(row.holders), row.holders.isEmpty ? .dim : .text)
    if row.renewals > 0 { line.add(", renewed \(LagText.counted(row.renewals, "time"))") }
    line.add(", lease \(lease)", .dim)
    return line
  }

  var lease: String {
    guard let lease = row.lease else { return Quantity.unknown }
    return (row.isLeaseConfigured ? "" : String(glyphs.atLeast)) + Quantity.age(lease)
  }

  /// "saga 7f3a running, redis, inventory:lock:{productId}".
  private var belonging: StyledLine {
    var line = StyledLine()
    if let saga = row.saga {
      line.add("saga ", .dim)
      line.add("\(saga.id) ", .accent)
      line.add("\(saga.status.name), ")
    }
    line.add("\(row.id.source), \(row.pattern)", .dim)
    return line
  }

  static func kind(_ kind: LockObservation.Kind?) -> String {
    switch kind {
    case .string: "string"
    case .redisson: "Redisson"
    case .fairQueue: "Redisson, fair"
    case .fenced: "Redisson, fenced"
    case .readWrite: "Redisson, readers and writer"
    case .multi: "Redisson, several values"
    case .jobs: "Sidekiq, unique jobs"
    case .other: "unknown kind"
    case nil: Quantity.unknown
    }
  }
}
