import Core
import Text

extension AuditLine {
  /// `nil` for what is no line of an audit log. `previous` is what it says of the line before.
  static func read(_ bytes: [UInt8]) -> (line: AuditLine, previous: String)? {
    guard let node = JSONNode(bytes), node["schema"]?.text == schema,
      let kind = node["record"]?.text.flatMap(Kind.init(name:)),
      let time = node["time"]?.text.flatMap({ TimestampParser.parse($0) }),
      let action = node["action"]?.text.flatMap(ActionName.init(rawValue:)), let intent = node["intent"]?.text,
      let previous = node["previous"]?.text
    else { return nil }
    func text(_ name: String) -> String { node[name]?.text ?? "" }
    var record = ActionRecord(
      intent: intent, action: action, context: text("context"), subject: text("subject"), type: text("type"),
      operator: .init(
        name: text("operator"), sudoUser: node["sudoUser"]?.text, sshConnection: node["sshConnection"]?.text),
      reason: text("reason"), attempt: number(node["attempt"]) ?? 1, idempotencyKey: text("idempotencyKey"),
      request: text("request"), digest: text("digest"), intendedAt: time)
    record.insisted = node["insisted"]?.text
    if kind == .outcome {
      guard let outcome = outcome(node) else { return nil }
      record.stages.append(.init(time: time, outcome: outcome))
      record.watchedUntil = node["watchedUntil"]?.text.flatMap { TimestampParser.parse($0) }
      record.latency = number(node["latencyMs"]).map { .milliseconds($0) }
    }
    return (
      AuditLine(
        kind: kind, time: time, record: record, count: number(node["count"]) ?? 0, resumes: node["resumes"]?.text),
      previous
    )
  }

  private static func outcome(_ node: JSONNode) -> ActionOutcome? {
    let message = node["message"]?.text
    let after = Duration.milliseconds(number(node["afterMs"]) ?? 0)
    switch node["outcome"]?.text {
    case "accepted": return .accepted(message)
    case "refused": return .refused(status: number(node["status"]), message: message ?? "")
    case "unknown": return .unknown(message ?? "")
    case "observed": return .observed(after: after)
    case "not observed": return .notObserved(after: after)
    case "failed again": return .failedAgain(message ?? "")
    case "skipped": return .skipped(message ?? "")
    case "cancelled": return .cancelled
    default: return nil
    }
  }

  private static func number(_ node: JSONNode?) -> Int? {
    if case .number(let text)? = node { Int(text) } else { nil }
  }
}
