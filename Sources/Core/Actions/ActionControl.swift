/// Interface through which the screen plans and runs actions. Safe on any thread; no call blocks on disk, a file lock or the network.
package protocol ActionControl: Sendable {
  /// Whether the action can be planned for the subject in its present state. Reads memory only; fast enough to call in each frame.
  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability

  /// Runs the task on another thread. Its reply is available from `takeReplies` when it is done; then the owner of the control is woken.
  func begin(_ task: ActionTask)

  /// The replies since the last call, in the order of their tasks.
  func takeReplies() -> [ActionReply]

  /// Cancels the pending requests of this intent: they are not sent.
  func cancel(intent: String)

  /// Continues a run that is paused until the operator decides.
  func resume(intent: String)

  /// `nil` for a run of another process or a run that is over.
  func runState(of intent: String) -> ActionRunState?
}

package enum ActionTask: Sendable, Equatable {
  /// Determines what would be done. Freezes ids and versions; sends nothing.
  case plan(ActionRequest)
  /// Runs a plan made by this control, once, if the answer satisfies its confirmation.
  case run(ActionPlan, ActionConfirmation.Answer)
}

package enum ActionReply: Sendable, Equatable {
  case planned(ActionRequest, Result<ActionPlan, ActionRefusal>)
  /// Without a refusal, the intent is on disk. The outcome reaches the store as records.
  case started(ActionPlan, ActionRefusal?)
}

/// A request of the operator.
package struct ActionRequest: Sendable, Equatable {
  package enum Selection: Sendable, Equatable {
    case subjects([ActionSubject])
    /// All sagas that match when the plan is made.
    case filter(Filter)
  }

  package var action: ActionName
  package var selection: Selection
  package var reason: String
  /// Also includes sagas with an accepted action that is still being watched.
  package var again = false
  /// Abandons the key of an attempt with unknown outcome and starts another attempt with a new key.
  package var newKey = false
  /// Requests in flight and requests per second; limited by the configuration.
  package var concurrency: Int?
  package var rate: Int?
  /// The filter of the visible list if the operator has marked single rows; `nil` for everything.
  package var shown: Filter?
  /// The filter as typed.
  package var filterText = ""
  /// The intent that this request resumes.
  package var resumes: String?

  package init(_ action: ActionName, _ selection: Selection, reason: String = "") {
    self.action = action
    self.selection = selection
    self.reason = reason
  }
}

package enum ActionAvailability: Sendable, Equatable {
  case possible
  /// The reason, shown next to the disabled action: "read-only", "the saga has completed: retry is for failed, stuck".
  case impossible(String)

  package var isPossible: Bool { self == .possible }
}

/// The reason why nothing was sent.
package struct ActionRefusal: Error, Sendable, Equatable {
  package enum Kind: Sendable {
    case readOnly
    /// The action is not defined, or something it needs is not configured.
    case undefined
    /// No subject is eligible, or a field of the request is missing.
    case nothingToDo
    /// More items than `maxBatch`.
    case tooMany
    /// The confirmation does not match the plan, or the plan was run before or was made by another control.
    case notConfirmed
    /// The audit log is not writable.
    case audit
  }

  package var kind: Kind
  /// What failed, where, and how to fix it.
  package var message: String
  /// For `nothingToDo`: each subject with its reason.
  package var exclusions: [ActionPlan.Exclusion]

  package static let readOnly = ActionRefusal(
    .readOnly, "read-only: nothing that changes the system is possible")

  package init(_ kind: Kind, _ message: String, exclusions: [ActionPlan.Exclusion] = []) {
    self.kind = kind
    self.message = message
    self.exclusions = exclusions
  }
}
