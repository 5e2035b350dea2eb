import Clients
import Core

/// One message as the broker gave it, or as it was found in what was read in place of a topic. Its bytes are borrowed: valid only for the call that it is handed to.
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
  /// `nil` where the broker keeps none.
  package var brokerTime: Timestamp?
  /// When sagatop received it.
  package var receivedAt: Timestamp
  package var key: UnsafeRawBufferPointer
  /// `nil` for a tombstone.
  package var body: UnsafeRawBufferPointer?
  package var headers: [Header]
  /// What it is an event of, where that is known without reading it.
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
  /// Puts the headers into `headers`, whose storage is used again.
  func readHeaders(into headers: inout [ConsumedMessage.Header]) {
    headers.removeAll(keepingCapacity: true)
    forEachHeader { headers.append(.init(name: $0, value: $1)) }
  }
}
