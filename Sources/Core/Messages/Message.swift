/// The text of one Kafka message as it was received, cut to the bound.
package struct Message: Sendable, Equatable {
  package var key: [UInt8]
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  /// The length of the body as it was received; more than `body.count` where it was cut.
  package var fullBodyLength: Int

  package init(key: [UInt8], headers: [(name: String, value: String)], body: [UInt8], fullBodyLength: Int) {
    self.key = key
    self.headers = headers
    self.body = body
    self.fullBodyLength = fullBodyLength
  }

  package static func == (left: Message, right: Message) -> Bool {
    left.key == right.key && left.body == right.body && left.fullBodyLength == right.fullBodyLength
      && left.headers.elementsEqual(right.headers) { $0 == $1 }
  }

  /// The message that lies there in a batch's arena; `nil` where the slice does not fit it.
  init?(_ slice: MessageSlice, of arena: [UInt8]) {
    guard slice.start >= 0, slice.start + slice.length <= arena.count else { return nil }
    let body = slice.start + slice.keyLength + slice.headersLength
    self.init(
      key: Array(arena[slice.start..<slice.start + slice.keyLength]),
      headers: Self.headers(arena[slice.start + slice.keyLength..<body]),
      body: Array(arena[body..<body + slice.bodyLength]), fullBodyLength: slice.fullBodyLength)
  }

  /// As `MessageSlice` says that they are kept.
  static func headers(_ bytes: ArraySlice<UInt8>) -> [(name: String, value: String)] {
    bytes.split(separator: UInt8(ascii: "\n")).map { line in
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        return (String(decoding: line, as: UTF8.self), "")
      }
      let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
      return (String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
  }
}

/// Names a kept message text of one `Store`. Texts are kept in a bounded space and dropped oldest first.
package struct MessageRef: Hashable, Sendable {
  package var position: UInt64

  package init(position: UInt64) {
    self.position = position
  }

  package static let none = MessageRef(position: .max)
}

/// Where the bytes of one message lie in the arena of its `EventBatch`: key, then headers, then body, back to back.
package struct MessageSlice: Sendable {
  package var start: Int
  // Of 32 bits: every event has a slice, and is copied with it.
  private let lengths: (key: UInt32, headers: UInt32, body: UInt32, fullBody: UInt32)

  package init(
    start: Int = 0, keyLength: Int = 0, headersLength: Int = 0, bodyLength: Int = 0, fullBodyLength: Int = 0
  ) {
    self.start = start
    lengths = (
      UInt32(clamping: keyLength), UInt32(clamping: headersLength), UInt32(clamping: bodyLength),
      UInt32(clamping: fullBodyLength)
    )
  }

  package var keyLength: Int { Int(lengths.key) }
  /// Headers as `name: value` lines, each ended by a line feed.
  package var headersLength: Int { Int(lengths.headers) }
  /// The part of the body that was kept.
  package var bodyLength: Int { Int(lengths.body) }
  /// The length of the body as it was received.
  package var fullBodyLength: Int { Int(lengths.fullBody) }

  package var length: Int { keyLength + headersLength + bodyLength }
}
