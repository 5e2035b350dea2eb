import Core

/// Names a line of a page, so that the cursor finds it again while the page grows.
package enum LineID: Hashable, Sendable {
  /// A line of text, by its place.
  case note(Int)
  /// Stands for all that is said of the thing as a whole.
  case title
  case step(Int)
  case compensation(Int)
  case event(EventID)
  /// A line of an event's expanded message: its place in the whole message, folded lines counted, and which part it is of a line
  /// that is too long for the screen.
  case message(EventID, Int, part: Int)
  case member(Int)
  /// One acquisition of a lock.
  case holding(Int)
  case partition(topic: String, Int32)
  /// An instance of a service, by its place.
  case instance(Int)
  /// A line of what is told of an instance, by its place among them.
  case detail(instance: Int, Int)
  /// A cause of a saga's state, by its rank; leads to what it speaks of.
  case cause(Int)
  /// One stage of an action, by its place.
  case stage(Int)
  /// Leads to an action that was done to a saga.
  case action(ActionRecord.ID)
  /// A span of a trace, by its place in the tree.
  case span(String, Int)
  /// Leads to the spans of the saga's traces.
  case trace
  /// Leads to the saga of an event, a lock or an action.
  case saga
  /// Leads to the saga that this one is a part of, or to one of its own parts.
  case relative(SagaHandle)
  /// Leads to the service that does the step that a saga waits for.
  case service(String)
  /// Leads to the consumer group that a saga waits for.
  case group(String)
}
