import Core
import Text

/// Converts operator actions to and from lines of a recording.
enum RecordedAction {
  static func node(_ action: ActionRecord) -> JSONNode {
    RecordedObject.make { object in
      object.text("intent", action.intent)
      object.text("action", action.action.rawValue)
      object.text("context", action.context)
      object.text("subject", action.subject)
      object.text("type", action.type)
      object.text("operator", action.operator.name)
      object.text("sudoUser", action.operator.sudoUser)
      object.text("sshConnection", action.operator.sshConnection)
      object.text("reason", action.reason)
      object.whole("attempt", action.attempt)
      object.text("idempotencyKey", action.idempotencyKey)
      object.text("request", action.request)
      object.text("digest", action.digest)
      object.duration("latency", action.latency)
      object.list("stages", action.stages.map(node))
    }
  }

  private static func node(_ stage: ActionRecord.Stage) -> JSONNode {
    RecordedObject.make { object in
      object.time("time", stage.time)
      object.text("outcome", stage.outcome.name)
      switch stage.outcome {
      case .intended, .sent, .cancelled: break
      case .accepted(let message): object.text("message", message)
      case .refused(let status, let message):
        object.whole("status", status)
        object.text("message", message)
      case .unknown(let reason), .skipped(let reason), .failedAgain(let reason): object.text("message", reason)
      case .observed(let after), .notObserved(let after): object.duration("after", after)
      }
    }
  }

  static func record(_ node: JSONNode) throws(DamagedLine) -> ActionRecord {
    var stages: [ActionRecord.Stage] = []
    for stage in node.list("stages") {
      stages.append(.init(time: try DamagedLine.need(stage.time("time")), outcome: try outcome(stage)))
    }
    var record = ActionRecord(
      intent: try DamagedLine.need(node.text("intent")),
      action: try DamagedLine.need(node.text("action").flatMap(ActionName.init)), context: node.text("context") ?? "",
      subject: try DamagedLine.need(node.text("subject")), type: node.text("type") ?? "",
      operator: .init(
        name: node.text("operator") ?? "", sudoUser: node.text("sudoUser"), sshConnection: node.text("sshConnection")),
      reason: node.text("reason") ?? "", attempt: node.whole("attempt") ?? 1,
      idempotencyKey: node.text("idempotencyKey") ?? "", request: node.text("request") ?? "",
      digest: node.text("digest") ?? "", latency: node.duration("latency"),
      intendedAt: try DamagedLine.need(stages.first?.time))
    record.stages = stages
    return record
  }

  private static func outcome(_ node: JSONNode) throws(DamagedLine) -> ActionOutcome {
    let message = node.text("message")
    switch try DamagedLine.need(node.text("outcome")) {
    case "intended": return .intended
    case "sent": return .sent
    case "cancelled": return .cancelled
    case "accepted": return .accepted(message)
    case "refused": return .refused(status: node.whole("status"), message: message ?? "")
    case "unknown": return .unknown(message ?? "")
    case "failed again": return .failedAgain(message ?? "")
    case "skipped": return .skipped(message ?? "")
    case "observed": return .observed(after: try DamagedLine.need(node.duration("after")))
    case "not observed": return .notObserved(after: try DamagedLine.need(node.duration("after")))
    default: throw DamagedLine()
    }
  }
}
