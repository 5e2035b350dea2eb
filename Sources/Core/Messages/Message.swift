/// The text of one Kafka message as received, truncated to the limit.
package struct Message: Sendable, Equatable {
  package var key: [UInt8]
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  /// The length of the received body; more than `body.count` if it was truncated.
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

  /// The message at this slice of a batch's arena; `nil` if the slice is out of bounds.
  init?(_ slice: MessageSlice, of arena: [UInt8]) {
    guard slice.start >= 0, slice.start + slice.length <= arena.count else { return nil }
    let body = slice.start + slice.keyLength + slice.headersLength
    self.init(
      key: Array(arena[slice.start..<slice.start + slice.keyLength]),
      headers: Self.headers(arena[slice.start + slice.keyLength..<body]),
      body: Array(arena[body..<body + slice.bodyLength]), fullBodyLength: slice.fullBodyLength)
  }

  /// Parses headers in the format of `MessageSlice`.
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

/// Identifies a stored message text of one `Store`. Texts are stored in limited space and dropped oldest first.
package struct MessageRef: Hashable, Sendable {
  package var position: UInt64

  package init(position: UInt64) {
    self.position = position
  }

  package static let none = MessageRef(position: .max)
}

/// The position of a message's bytes in the arena of its `EventBatch`: key, headers and body, one after another.
package struct MessageSlice: Sendable {
  package var start: Int
  // 32 bits each: every event contains a slice, and copies it.
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
  /// Length of the headers: `name: value` lines, each ended by a line feed.
  package var headersLength: Int { Int(lengths.headers) }
  /// Length of the stored part of the body.
  package var bodyLength: Int { Int(lengths.body) }
  /// The length of the received body.
  package var fullBodyLength: Int { Int(lengths.fullBody) }

  package var length: Int { keyLength + headersLength + bodyLength }
}

/// A message as read, before any rule is applied. Recordings store it so that other rules can be applied later.
package struct OriginalMessage: Sendable, Equatable {
  package struct Header: Sendable, Equatable {
    package var name: [UInt8]
    package var value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  /// Maximum stored bytes of a body; by default brokers do not accept larger messages.
  package static let longestBody = 1 << 20

  package var origin: Origin
  /// `nil` if the broker stores none.
  package var brokerTime: Timestamp?
  package var receivedAt: Timestamp
  package var key: [UInt8]
  package var headers: [Header]
  /// `nil` for a tombstone; at most `longestBody` bytes.
  package var body: [UInt8]?
  /// The length of the received body.
  package var fullBodyLength: Int
  /// The event type if it is known without reading the message.
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

/// How to find messages in a source that is not a message stream: a document, or the lines that a command prints.
package struct MessageRule: Sendable, Equatable {
  /// Names of nested JSON objects, outermost first, `*` for each element of a list: the objects there are the messages. Empty selects the
  /// document itself. Each message inherits the scalar members of the enclosing objects, unless it has a member of that name.
  package var each: [String]
  /// A regular expression for lines that are not JSON; its named groups are the message's members. `nil` for JSON.
  package var pattern: String?
  /// The event's type; `nil` uses the system's fields. An object without the members it needs is not a message.
  package var type: FieldSource?
  /// A line that matches this rule starts a run; `nil` if it does not.
  package var begins: Run?

  /// Distinguishes the lines of different runs if the lines themselves do not.
  package struct Run: Sendable, Equatable {
    /// The member that is set to the run's name, in this line and all following ones. The name is the value of `per` or the name of the
    /// source, followed by the run's number from the second run on.
    package var member: String
    /// Runs are counted separately for each value of this member, for example for programs with interleaved lines; `nil` counts all lines
    /// together.
    package var per: String?

    package init(member: String, per: String? = nil) {
      self.member = member
      self.per = per
    }
  }

  package init(each: [String] = [], pattern: String? = nil, type: FieldSource? = nil, begins: Run? = nil) {
    self.each = each
    self.pattern = pattern
    self.type = type
    self.begins = begins
  }
}
