import Core
import Glibc
import Text

/// One line of the audit log: a JSON object.
struct AuditLine: Equatable {
  static let schema = "sagatop.audit/v1"
  /// The `previous` value of the first line.
  static let noPrevious = String(repeating: "0", count: 64)

  enum Kind: Equatable {
    /// A plan for `count` subjects is about to run.
    case planned
    case intended
    case outcome
    /// A control request to the process that runs the intent.
    case control(RunControl)

    init?(name: String) {
      switch name {
      case "planned": self = .planned
      case "intended": self = .intended
      case "outcome": self = .outcome
      default:
        guard let control = RunControl(rawValue: name) else { return nil }
        self = .control(control)
      }
    }

    var name: String {
      switch self {
      case .planned: "planned"
      case .intended: "intended"
      case .outcome: "outcome"
      case .control(let control): control.rawValue
      }
    }
  }

  var kind: Kind
  var time: Timestamp
  var record: ActionRecord
  var count = 0
  /// The intent of the run that this plan resumes. `nil` if there is none.
  var resumes: String?

  /// The JSON text without a line feed. `previous` is the hash of the line before.
  func json(previous: String) -> String {
    var members: [(String, JSONValue)] = [
      ("schema", .string(Self.schema)), ("record", .string(kind.name)), ("time", .string(time.iso8601)),
      ("intent", .string(record.intent)), ("operator", .string(record.operator.name)),
    ]
    if let user = record.operator.sudoUser { members.append(("sudoUser", .string(user))) }
    if let connection = record.operator.sshConnection { members.append(("sshConnection", .string(connection))) }
    members += [("context", .string(record.context)), ("action", .string(record.action.rawValue))]
    switch kind {
    case .planned:
      members.append(("count", .int(Int64(count))))
      if let resumes { members.append(("resumes", .string(resumes))) }
    case .control: break
    case .intended, .outcome: members += ofSubject
    }
    members.append(("reason", .string(record.reason)))
    if let insisted = record.insisted { members.append(("insisted", .string(insisted))) }
    if kind == .outcome { members += ofOutcome }
    members.append(("previous", .string(previous)))
    return JSONWriter.write(.object(members), isPretty: false)
  }

  private var ofSubject: [(String, JSONValue)] {
    [
      ("type", .string(record.type)), ("subject", .string(record.subject)), ("attempt", .int(Int64(record.attempt))),
      ("idempotencyKey", .string(record.idempotencyKey)), ("request", .string(record.request)),
      ("digest", .string(record.digest)),
    ]
  }

  private var ofOutcome: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("outcome", .string(record.outcome.name))]
    switch record.outcome {
    case .refused(let status, let message):
      if let status { members.append(("status", .int(Int64(status)))) }
      members.append(("message", .string(message)))
    case .accepted(let message): if let message { members.append(("message", .string(message))) }
    case .unknown(let reason), .skipped(let reason), .failedAgain(let reason):
      members.append(("message", .string(reason)))
    case .observed(let time), .notObserved(let time): members.append(("afterMs", Self.milliseconds(time)))
    case .intended, .sent, .cancelled: break
    }
    if case .accepted = record.outcome, let end = record.watchedUntil {
      members.append(("watchedUntil", .string(end.iso8601)))
    }
    if let latency = record.latency { members.append(("latencyMs", Self.milliseconds(latency))) }
    return members
  }

  /// Rounded down to 0.1 ms: a local server responds in less than a millisecond.
  private static func milliseconds(_ duration: Duration) -> JSONValue {
    .double(Double(duration.nanosecondsClamped / 100_000) / 10)
  }
}

extension AuditLine {
  /// `nil` if the bytes are not a line of an audit log. `previous` is the hash that the line contains.
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
      record.latency = duration(node["latencyMs"])
    }
    return (
      AuditLine(
        kind: kind, time: time, record: record, count: max(0, number(node["count"]) ?? 0),
        resumes: node["resumes"]?.text),
      previous
    )
  }

  private static func outcome(_ node: JSONNode) -> ActionOutcome? {
    let message = node["message"]?.text
    let after = duration(node["afterMs"]) ?? .zero
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

  /// `nil` if it is not a number of milliseconds below 100 days.
  private static func duration(_ node: JSONNode?) -> Duration? {
    guard case .number(let text)? = node, let number = Double(text), number >= 0, number < 8.64e9 else { return nil }
    return .nanoseconds(Int64(number * 1_000_000))
  }

  private static func number(_ node: JSONNode?) -> Int? {
    if case .number(let text)? = node { Int(text) } else { nil }
  }
}

/// Identifies the operator at the terminal, from the information that the system provides.
package enum OperatorIdentity {
  /// The process's user name and the host name, and how the user logged in (`SUDO_USER`, `SSH_CONNECTION`).
  package static func current(environment: [String: String]) -> ActionRecord.Operator {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return ActionRecord.Operator(
      name: "\(user)@\(host)", sudoUser: filled(environment["SUDO_USER"]),
      sshConnection: filled(environment["SSH_CONNECTION"]))
  }

  private static var user: String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var space = [CChar](repeating: 0, count: 16_384)
    guard getpwuid_r(getuid(), &entry, &space, space.count, &found) == 0, let found, let name = found.pointee.pw_name
    else {
      return "uid \(getuid())"
    }
    return String(cString: name)
  }

  private static func filled(_ text: String?) -> String? {
    text.flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
  }
}
