/// A message that could not be read as an event.
package struct UndecodedMessage: Sendable {
  package var origin: Origin
  /// The broker's timestamp.
  package var time: Timestamp
  /// Why, in one sentence: "not JSON: unexpected byte 0x80 at 0".
  package var reason: String
  package var text: MessageSlice

  package init(origin: Origin, time: Timestamp, reason: String, text: MessageSlice) {
    self.origin = origin
    self.time = time
    self.reason = reason
    self.text = text
  }
}
