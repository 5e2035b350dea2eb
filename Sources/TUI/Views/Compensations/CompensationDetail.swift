import Core
import Text

/// The facts about one compensation, in short sentences.
struct CompensationDetail {
  let row: CompensationView
  let now: Timestamp
  let glyphs: Glyphs

  static func trigger(_ trigger: CompensationTrigger) -> String {
    switch trigger {
    case .automatic: "automatic"
    case .operator(let name): name
    case .external: "external"
    }
  }

  var lines: DetailLines { DetailLines(headline: headline, facts: [progress] + failures + [circumstances]) }

  /// "7f3a…91c2 compensation failed: payment failed on node-2: card declined".
  private var headline: StyledLine {
    var line = StyledLine(
      Truncation.middle(row.sagaID, columns: 13, ellipsis: glyphs.ellipsis), .heading, .strong)
    line.add(" \(state)", role)
    line.add(": \(cause)")
    if let error = row.error {
      line.add(": ")
      line.add(error, .error)
    }
    return line
  }

  private var state: String {
    switch row.outcome {
    case .failed: row.owed.isEmpty ? "failed, needs manual work" : "compensation failed, needs manual work"
    case .compensated: "was compensated in \(Quantity.latency(row.duration(now: now)))"
    default: row.isStuck ? "is compensating, and makes no progress" : "is compensating"
    }
  }

  private var role: StyleRole {
    row.isStuck ? .stuck : SagaStyle(glyphs: glyphs).role(row.outcome)
  }

  private var cause: String {
    guard let step = row.failedStep else { return "no step failed" }
    return "\(step) failed" + (row.node.map { " on \($0)" } ?? "")
  }

  /// "compensated inventory after 0.4s on node-1, order after 0.9s; left payment".
  private var progress: StyledLine {
    let done = row.undone.map { step in
      step.step + (step.time.map { " after \(Quantity.latency(max(.zero, $0 - row.startedAt)))" } ?? "")
        + (step.node.map { " on \($0)" } ?? "")
    }
    var line = StyledLine("compensated ", .dim)
    line.add(done.isEmpty ? "nothing" : done.joined(separator: ", "), done.isEmpty ? .dim : .compensated)
    let waiting = row.owed.filter { !$0.hasFailed }.map(\.step)
    if !waiting.isEmpty {
      line.add("; left ", .dim)
      line.add(waiting.joined(separator: ", "), .compensating)
    }
    return line
  }

  private var failures: [StyledLine] {
    row.owed.filter(\.hasFailed).map { step in
      var line = StyledLine("compensation of \(step.step) failed", .failed)
      if let time = step.time { line.add(", tried \(Quantity.age(now - time)) ago", .dim) }
      if let error = step.error {
        line.add(": ")
        line.add(error, .error)
      }
      return line
    }
  }

  private var circumstances: StyledLine {
    let attempts = row.attempts > 1 ? ", tried \(row.attempts) times" : ""
    let trigger =
      switch row.trigger {
      case .automatic: "triggered by the failure"
      case .operator(let name): "requested by \(name)"
      case .external: "requested by another system"
      }
    let product = row.product.map { ", product \($0)" } ?? ""
    return StyledLine(
      "\(row.type)\(product), \(trigger)\(attempts), started \(Quantity.age(now - row.startedAt)) ago", .dim)
  }
}
