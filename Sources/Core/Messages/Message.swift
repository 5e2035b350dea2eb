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

/// How messages are found in what is no stream of messages: in a document, or in the lines that a command prints.
package struct MessageRule: Sendable, Equatable {
  /// Names of nested JSON objects from the outside in, `*` for each element of a list: the objects there are the messages. Empty
  /// is the document itself. Each takes the plain members of the objects around it along, where it has none of that name.
  package var each: [String]
  /// A regular expression for lines that are no JSON, and its named groups are the message's members; `nil` for JSON.
  package var pattern: String?
  /// The event's type; without one, the system's fields say it. What lacks a member of it is no message.
  package var type: FieldSource?
  /// A line of this kind begins a run.
  package var begins: Run?

  /// What tells the lines of one run from those of another, where they do not say it themselves.
  package struct Run: Sendable, Equatable {
    /// The member that the run's name becomes, of this line and of all that follow it: the name of what it is counted for, or of the
    /// source, with the run's number from the second on.
    package var member: String
    /// The member for whose values runs are counted apart, as for the programs whose lines are mixed; `nil` for all lines together.
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
