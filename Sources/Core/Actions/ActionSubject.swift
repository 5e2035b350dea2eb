/// The one thing that an action is done to.
package enum ActionSubject: Hashable, Sendable {
  case saga(SagaHandle)
  case lock(LockKey)
  case deadLetter(topic: String, partition: Int32, offset: Int64)
  case system
}
