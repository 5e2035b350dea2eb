import Core

/// Copies the part of a message that is kept for display into the arena of a batch, with size limits.
struct MessageCopier {
  private static let keyLimit = 256
  private static let headersLimit = 1024

  let bodyLimit: Int

  func keep(_ message: ConsumedMessage, in arena: inout [UInt8]) -> MessageSlice {
    let start = arena.count
    let key = Bytes.prefix(message.key, Self.keyLimit)
    arena.append(contentsOf: key)
    let headersStart = arena.count
    for header in message.headers where arena.count - headersStart < Self.headersLimit { append(header, to: &arena) }
    let headersLength = arena.count - headersStart
    let body = message.body ?? Bytes.empty
    let kept = body.count > bodyLimit ? Bytes.prefix(body, bodyLimit) : body
    arena.append(contentsOf: kept)
    return MessageSlice(
      start: start, keyLength: key.count, headersLength: headersLength, bodyLength: kept.count,
      fullBodyLength: body.count)
  }

  /// Appends the header as one line. A line feed becomes a space; the name ends at its first colon.
  private func append(_ header: ConsumedMessage.Header, to arena: inout [UInt8]) {
    let room = Self.headersLimit
    func append(_ bytes: UnsafeRawBufferPointer) {
      let start = arena.count
      let kept = Bytes.prefix(bytes, room)
      arena.append(contentsOf: kept)
      guard kept.contains(UInt8(ascii: "\n")) else { return }
      for place in start..<arena.count where arena[place] == UInt8(ascii: "\n") { arena[place] = UInt8(ascii: " ") }
    }
    append(header.name)
    arena.append(UInt8(ascii: ":"))
    arena.append(UInt8(ascii: " "))
    append(header.value)
    arena.append(UInt8(ascii: "\n"))
  }
}
