import Core

/// One message as the broker gave it. Its bytes are borrowed: valid only for the call that it is handed to.
struct RawMessage {
  struct Header {
    var name: UnsafeRawBufferPointer
    var value: UnsafeRawBufferPointer
  }

  var origin: Origin
  /// `nil` where the broker keeps none.
  var brokerTime: Timestamp?
  /// When sagatop received it.
  var receivedAt: Timestamp
  var key: UnsafeRawBufferPointer
  /// `nil` for a tombstone.
  var body: UnsafeRawBufferPointer?
  var headers: [Header]
}
