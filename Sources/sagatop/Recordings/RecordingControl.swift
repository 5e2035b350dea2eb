import Core
import Synchronization

/// In a recording nothing can be done: what it shows is over.
final class RecordingControl: ActionControl {
  private static let reason = "a recording: what it shows is over"

  private let replies = Mutex<[ActionReply]>([])

  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability { .impossible(Self.reason) }

  func begin(_ task: ActionTask) {
    let refusal = ActionRefusal(.readOnly, Self.reason)
    let reply: ActionReply =
      switch task {
      case .plan(let request): .planned(request, .failure(refusal))
      case .run(let plan, _): .started(plan, refusal)
      }
    replies.withLock { $0.append(reply) }
  }

  func takeReplies() -> [ActionReply] { replies.withLock { exchange(&$0) } }

  private func exchange(_ replies: inout [ActionReply]) -> [ActionReply] {
    defer { replies = [] }
    return replies
  }

  func cancel(intent: String) {}
  func resume(intent: String) {}
  func runState(of intent: String) -> ActionRunState? { nil }
}
