import Core
import Text

/// The facts about one saga, in short sentences, the most important first.
struct SagaDetail {
  let row: SagaRow
  let now: Timestamp
  let glyphs: Glyphs
  private var style: SagaStyle { SagaStyle(glyphs: glyphs) }

  /// "7f3a…91c2 waits for payment for 4m12s, deadline 30 s".
  var headline: StyledLine {
    var line = StyledLine(Truncation.middle(row.id, columns: 13, ellipsis: glyphs.ellipsis), .heading, .strong)
    line.add(" ")
    line.add(sentence, row.flags.contains(.stuck) ? .stuck : .text)
    if row.status.isActive, let deadline = row.deadline {
      line.add(", deadline \(Quantity.age(deadline))", .dim)
    }
    return line
  }

  private var sentence: String {
    let waiting = Quantity.age(row.progressAt.map { now - $0 })
    let step = row.step ?? "its next event"
    switch row.status {
    case .running:
      return row.step == row.failedStep && row.step != nil
        ? "failed at \(step), \(waiting) ago" : "waits for \(step) for \(waiting)"
    case .compensating:
      let status = row.steps.first { $0.name == row.step }?.status
      if status == .compensating { return "waits for the compensation of \(step) for \(waiting)" }
      if status == .running || status == .pending { return "waits for the result of \(step) for \(waiting)" }
      return "waits for the end of its compensation for \(waiting)"
    case .completed: return "completed\(ended), took \(took)"
    case .compensated: return "was compensated\(ended), took \(took)"
    case .failed:
      let what =
        uncompensated.map { "could not compensate \($0.name)" } ?? "failed\(row.step.map { " at \($0)" } ?? "")"
      return "\(what)\(ended): needs manual work"
    case .declined: return "was declined\(ended), took \(took)"
    case .ended: return "ended\(ended), with an unknown outcome"
    }
  }

  private var ended: String { row.endedAt.map { " \(Quantity.age(now - $0)) ago" } ?? "" }

  private var took: String {
    (row.isAtMost ? "at most " : "") + Quantity.latency(row.endedAt.map { $0 - row.startedAt })
  }

  /// The lines after the headline: errors, retries, compensation, flags.
  var details: [StyledLine] { errorLines + circumstances }

  /// The details that no cause contains.
  var circumstances: [StyledLine] { [attemptsLine, compensationLine].compactMap { $0 } + flagLines }

  private var uncompensated: StepView? { row.steps.first { $0.status == .compensationFailed } }

  /// The errors of the steps; the error of the saga if the steps have none.
  private var errorLines: [StyledLine] {
    var lines: [StyledLine] = []
    if let step = uncompensated, let error = step.compensationError {
      lines.append(line("compensating \(step.name)", error))
    }
    if let step = row.steps.last(where: { $0.attempts.last?.error != nil }), let error = step.attempts.last?.error {
      lines.append(line(step.name, error))
    }
    if lines.isEmpty, let error = row.error { lines.append(line(row.failedStep, error)) }
    return lines
  }

  private func line(_ step: String?, _ error: String) -> StyledLine {
    var line = StyledLine("last error\(step.map { " at \($0)" } ?? ""): ", .dim)
    line.add(error, .error)
    return line
  }

  private var attemptsLine: StyledLine? {
    let retried = row.steps.filter { $0.attempts.count > 1 }
    guard !retried.isEmpty else { return nil }
    let parts = retried.map { step in
      "\(step.name) \(step.attempts.count) attempts, \(step.attempts.filter(\.hasFailed).count) failed"
    }
    return StyledLine("retried: \(parts.joined(separator: "; "))", .text)
  }

  private var compensationLine: StyledLine? {
    let parts: [(String, [StepStatus])] = [
      ("compensated", [.compensated]), ("to compensate", [.compensating]),
      ("compensation failed", [.compensationFailed]),
    ]
    var line = StyledLine()
    for (words, statuses) in parts {
      let names = row.steps.reversed().filter { statuses.contains($0.status) }.map(\.name)
      guard !names.isEmpty else { continue }
      if !line.isEmpty { line.add("; ", .dim) }
      line.add("\(words): ", .dim)
      line.add(names.joined(separator: ", "), style.role(statuses[0]))
    }
    return line.isEmpty ? nil : line
  }

  private var flagLines: [StyledLine] {
    var lines: [StyledLine] = []
    if row.flags.contains(.incomplete) {
      lines.append(
        StyledLine(
          "incomplete: it started before the first message that was read; earlier steps may be missing", .warning))
    }
    if row.flags.contains(.inconsistent) {
      lines.append(StyledLine("inconsistent: its events contradict each other about how it ended", .warning))
    }
    return lines
  }
}
