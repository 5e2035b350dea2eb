import Text

/// The last messages that could not be read as events; a ring that drops the oldest.
struct UnreadableMessages {
  private static let kept = 256
  private static let longestKey = 96

  struct Entry {
    var origin: Origin
    var time: Timestamp
    var reason: String
    var key: String
  }

  private(set) var entries: [Entry] = []
  private var next = 0

  mutating func add(_ message: UndecodedMessage, arena: [UInt8]) {
    let slice = message.text
    let isWithin = slice.start >= 0 && slice.keyLength >= 0 && slice.start <= arena.count - slice.keyLength
    let key = isWithin ? ByteText.text(arena[slice.start..<slice.start + min(slice.keyLength, Self.longestKey)]) : ""
    let entry = Entry(origin: message.origin, time: message.time, reason: message.reason, key: key)
    if entries.count < Self.kept { entries.append(entry) } else { entries[next] = entry }
    next = (next + 1) % Self.kept
  }
}
