/// Something that happened to a lock, as the server itself told it.
package struct LockEvent: Sendable, Equatable {
  package enum Kind: Sendable {
    /// It was written: taken, or, when it was held already, taken once more.
    case written
    /// Its time to live was set anew.
    case renewed
    case released
    case expired
  }

  package var key: String
  /// Its place among the definitions.
  package var definition: Int
  package var kind: Kind
  /// When it was heard of.
  package var time: Timestamp

  package init(key: String, definition: Int, kind: Kind, time: Timestamp) {
    self.key = key
    self.definition = definition
    self.kind = kind
    self.time = time
  }
}
