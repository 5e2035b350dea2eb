/// How the screen has actions planned and run. Safe on any thread; no call waits for a disk, a lock of a file or the network.
package protocol ActionControl: Sendable {
  /// Whether the action can be planned for the subject as it is now. Looks at what is in memory only: quick enough for each frame.
  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability

  /// Does the task on another thread. `takeReplies` has its reply when it is done, and whoever made the control is woken.
  func begin(_ task: ActionTask)

  /// The replies that came since the last call, in the order of their tasks.
  func takeReplies() -> [ActionReply]

  /// Requests of that intent that are still pending are not sent.
  func cancel(intent: String)

  /// A run that waits for the operator goes on.
  func resume(intent: String)

  /// `nil` for a run that is not of this process, or is over.
  func runState(of intent: String) -> ActionRunState?
}

package enum ActionTask: Sendable, Equatable {
  /// Find out what would be done. Freezes ids and versions; sends nothing.
  case plan(ActionRequest)
  /// Run a plan that this control made, once, when the answer meets its confirmation.
  case run(ActionPlan, ActionConfirmation.Answer)
}

package enum ActionReply: Sendable, Equatable {
  case planned(ActionRequest, Result<ActionPlan, ActionRefusal>)
  /// Without a refusal the intent is on disk. What comes of it reaches the store as records.
  case started(ActionPlan, ActionRefusal?)
}

/// What an operator asks for.
package struct ActionRequest: Sendable, Equatable {
  package enum Selection: Sendable, Equatable {
    case subjects([ActionSubject])
    /// All sagas that match at the moment of the plan.
    case filter(Filter)
  }

  package var action: ActionName
  package var selection: Selection
  package var reason: String
  /// Sagas for which an accepted action is still watched are taken too.
  package var again = false
  /// What is unknown is left behind: another attempt with a key of its own.
  package var newKey = false
  /// How many at once, and how many in a second; no more than the configuration allows.
  package var concurrency: Int?
  package var rate: Int?
  /// What the list in front shows, where the operator has marked single ones; `nil` for everything.
  package var shown: Filter?
  /// The filter as it was typed.
  package var filterText = ""
  /// The intent whose rest it is.
  package var resumes: String?

  package init(_ action: ActionName, _ selection: Selection, reason: String = "") {
    self.action = action
    self.selection = selection
    self.reason = reason
  }
}

package enum ActionAvailability: Sendable, Equatable {
  case possible
  /// Why not, for the greyed word: "read-only", "the saga has completed: retry is for failed, stuck".
  case impossible(String)

  package var isPossible: Bool { self == .possible }
}

/// Nothing was sent, and why.
package struct ActionRefusal: Error, Sendable, Equatable {
  package enum Kind: Sendable {
    /// Read-only.
    case readOnly
    /// No such action is defined, or what it needs is not configured.
    case undefined
    /// None of the subjects can take it, or a field of the request is missing.
    case nothingToDo
    /// More than `maxBatch`.
    case tooMany
    /// The confirmation does not fit the plan, or the plan was run before or is not of this control.
    case notConfirmed
    /// The audit log cannot be written.
    case audit
  }

  package var kind: Kind
  /// What failed, where, and what to do.
  package var message: String
  /// Of `nothingToDo`: each subject with its reason.
  package var exclusions: [ActionPlan.Exclusion]

  package static let readOnly = ActionRefusal(
    .readOnly, "read-only: nothing that changes the system is possible")

  package init(_ kind: Kind, _ message: String, exclusions: [ActionPlan.Exclusion] = []) {
    self.kind = kind
    self.message = message
    self.exclusions = exclusions
  }
}
