import Clients
import Core

/// A message from the broker, or one found in a document or command output. Its bytes are borrowed and valid only during the call that
/// receives it.
package struct ConsumedMessage {
  package struct Header {
    package var name: UnsafeRawBufferPointer
    package var value: UnsafeRawBufferPointer

    package init(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
      self.name = name
      self.value = value
    }
  }

  package var origin: Origin
  /// `nil` if the broker stores none.
  package var brokerTime: Timestamp?
  /// When sagatop received it.
  package var receivedAt: Timestamp
  package var key: UnsafeRawBufferPointer
  /// `nil` for a tombstone.
  package var body: UnsafeRawBufferPointer?
  package var headers: [Header]
  /// The event type, if it is known without parsing the body.
  package var type: String?

  package init(
    origin: Origin, brokerTime: Timestamp?, receivedAt: Timestamp, key: UnsafeRawBufferPointer,
    body: UnsafeRawBufferPointer?, headers: [Header] = []
  ) {
    self.origin = origin
    self.brokerTime = brokerTime
    self.receivedAt = receivedAt
    self.key = key
    self.body = body
    self.headers = headers
  }
}

extension OriginalMessage {
  init(_ message: ConsumedMessage) {
    self.init(
      origin: message.origin, brokerTime: message.brokerTime, receivedAt: message.receivedAt, key: Array(message.key),
      headers: message.headers.map { Header(name: Array($0.name), value: Array($0.value)) },
      body: message.body.map { Array($0.prefix(Self.longestBody)) }, fullBodyLength: message.body?.count,
      type: message.type)
  }
}

extension Received {
  /// Fills `headers` and reuses its storage.
  func readHeaders(into headers: inout [ConsumedMessage.Header]) {
    headers.removeAll(keepingCapacity: true)
    forEachHeader { headers.append(.init(name: $0, value: $1)) }
  }
}
