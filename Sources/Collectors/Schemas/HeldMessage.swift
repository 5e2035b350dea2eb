import Core

/// A message that waits for its schema, with its own copy of the bytes.
struct HeldMessage {
  private let origin: Origin
  private let brokerTime: Timestamp?
  private let receivedAt: Timestamp
  /// The topic's name, the key, alternating header names and values, and the body, concatenated.
  private let bytes: [UInt8]
  /// Lengths of all parts except the body.
  private let lengths: [Int]
  private let hasBody: Bool
  let schema: SchemaID
  /// It was reported as undecoded.
  var isTold = false
  /// Its schema is requested, and a response is expected soon.
  var isAwaited = false
  /// It was reported because the registry does not respond, and still waits for it.
  var isOut = false

  init(_ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, schema: SchemaID) {
    (origin, brokerTime, receivedAt) = (message.origin, message.brokerTime, message.receivedAt)
    let parts = [topicName, message.key] + message.headers.flatMap { [$0.name, $0.value] }
    lengths = parts.map(\.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(lengths.reduce(message.body?.count ?? 0, +))
    for part in parts { bytes += part }
    if let body = message.body { bytes += body }
    self.bytes = bytes
    hasBody = message.body != nil
    self.schema = schema
  }

  var topicName: String { String(decoding: bytes.prefix(lengths.first ?? 0), as: UTF8.self) }

  /// Approximate memory in bytes.
  var size: Int { bytes.count + lengths.count * 8 + 200 }

  func withMessage<Result>(_ body: (ConsumedMessage, _ topicName: UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { bytes in
      var place = 0
      let parts = lengths.map { length in
        defer { place += length }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + length])
      }
      let headers = stride(from: 2, to: parts.count - 1, by: 2).map {
        ConsumedMessage.Header(name: parts[$0], value: parts[$0 + 1])
      }
      let message = ConsumedMessage(
        origin: origin, brokerTime: brokerTime, receivedAt: receivedAt, key: parts[1],
        body: hasBody ? UnsafeRawBufferPointer(rebasing: bytes[place...]) : nil, headers: headers)
      return body(message, parts[0])
    }
  }
}
