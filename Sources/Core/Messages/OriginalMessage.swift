/// A message as it was read, before any rule was applied to it: what a recording keeps, so that other rules can be applied later.
package struct OriginalMessage: Sendable, Equatable {
  package struct Header: Sendable, Equatable {
    package var name: [UInt8]
    package var value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  /// Bytes of a body that are kept; a broker takes no longer messages unless it is told to.
  package static let longestBody = 1 << 20

  package var origin: Origin
  /// `nil` where the broker keeps none.
  package var brokerTime: Timestamp?
  package var receivedAt: Timestamp
  package var key: [UInt8]
  package var headers: [Header]
  /// `nil` for a tombstone; at most `longestBody` bytes.
  package var body: [UInt8]?
  /// The length of the body as it was received.
  package var fullBodyLength: Int
  /// What it is an event of, where that was known without reading it.
  package var type: String?

  package init(
    origin: Origin, brokerTime: Timestamp? = nil, receivedAt: Timestamp, key: [UInt8] = [], headers: [Header] = [],
    body: [UInt8]?, fullBodyLength: Int? = nil, type: String? = nil
  ) {
    self.origin = origin
    self.brokerTime = brokerTime
    self.receivedAt = receivedAt
    self.key = key
    self.headers = headers
    self.body = body
    self.fullBodyLength = fullBodyLength ?? body?.count ?? 0
    self.type = type
  }
}
