import Core

/// One line of the audit log, as a JSON object.
struct AuditLine: Equatable {
  static let schema = "sagatop.audit/v1"
  /// The `previous` of the first line.
  static let noPrevious = String(repeating: "0", count: 64)

  /// What the line tells.
  enum Kind: String {
    /// A plan is about to be run; `count` subjects.
    case planned
    case intended
    case outcome
  }

  var kind: Kind
  var time: Timestamp
  var record: ActionRecord
  var count = 0

  /// Without a line feed. `previous` is the hash of the line before.
  func json(previous: String) -> String {
    var members = [
      Self.member("schema", Self.schema), Self.member("record", kind.rawValue), Self.member("time", time.iso8601),
      Self.member("intent", record.intent), Self.member("operator", record.operator.name),
    ]
    if let user = record.operator.sudoUser { members.append(Self.member("sudoUser", user)) }
    if let connection = record.operator.sshConnection { members.append(Self.member("sshConnection", connection)) }
    members += [Self.member("context", record.context), Self.member("action", record.action.rawValue)]
    members += kind == .planned ? ["\"count\":\(count)"] : ofSubject
    members.append(Self.member("reason", record.reason))
    if kind == .outcome { members += ofOutcome }
    members.append(Self.member("previous", previous))
    return "{\(members.joined(separator: ","))}"
  }

  private var ofSubject: [String] {
    [
      Self.member("type", record.type), Self.member("subject", record.subject), "\"attempt\":\(record.attempt)",
      Self.member("idempotencyKey", record.idempotencyKey), Self.member("request", record.request),
      Self.member("digest", record.digest),
    ]
  }

  private var ofOutcome: [String] {
    var members = [Self.member("outcome", record.outcome.name)]
    switch record.outcome {
    case .refused(let status, let message):
      if let status { members.append("\"status\":\(status)") }
      members.append(Self.member("message", message))
    case .accepted(let message): if let message { members.append(Self.member("message", message)) }
    case .unknown(let reason), .skipped(let reason): members.append(Self.member("message", reason))
    case .observed(let time), .notObserved(let time): members.append("\"afterMs\":\(Self.milliseconds(time))")
    case .intended, .sent, .cancelled: break
    }
    if case .accepted = record.outcome, let end = record.watchedUntil {
      members.append(Self.member("watchedUntil", end.iso8601))
    }
    if let latency = record.latency { members.append("\"latencyMs\":\(Self.milliseconds(latency))") }
    return members
  }

  private static func milliseconds(_ duration: Duration) -> Int64 { duration.nanosecondsClamped / 1_000_000 }

  private static func member(_ name: String, _ value: String) -> String {
    "\"\(name)\":\"\(JSONString.escapedForEyes(value))\""
  }
}
