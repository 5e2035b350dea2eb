/// Splits a byte stream into JSON objects, with any bytes between them: kubectl writes an object on one line or several. Objects above the
/// limit are dropped and counted.
struct DocumentSplitter {
  private let limit: Int
  private var document: [UInt8] = []
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var isTooLong = false
  private(set) var dropped = 0

  init(limit: Int = 4 << 20) {
    self.limit = limit
  }

  mutating func add(_ bytes: some Sequence<UInt8>, _ take: ([UInt8]) -> Void) {
    for byte in bytes {
      guard depth > 0 || byte == UInt8(ascii: "{") else { continue }
      keep(byte)
      if isInString { inString(byte) } else { outside(byte, take) }
    }
  }

  private mutating func keep(_ byte: UInt8) {
    if document.count < limit { document.append(byte) } else { isTooLong = true }
  }

  private mutating func inString(_ byte: UInt8) {
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
    }
  }

  private mutating func outside(_ byte: UInt8, _ take: ([UInt8]) -> Void) {
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "}"):
      depth -= 1
      if depth == 0 { end(take) }
    default: break
    }
  }

  private mutating func end(_ take: ([UInt8]) -> Void) {
    if isTooLong { dropped += 1 } else { take(document) }
    isTooLong = false
    document.removeAll(keepingCapacity: true)
  }
}
