import Core

/// In a recording nothing can be done: what it shows is over.
struct RecordingControl: ActionControl {
  private static let reason = "a recording: what it shows is over"

  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability { .impossible(Self.reason) }

  func plan(_ wish: ActionRequest) -> Result<ActionPlan, ActionRefusal> {
    .failure(ActionRefusal(.readOnly, Self.reason))
  }

  func run(_ plan: ActionPlan, answer: ActionConfirmation.Answer) -> ActionRefusal? {
    ActionRefusal(.readOnly, Self.reason)
  }

  func cancel(intent: String) {}
}
