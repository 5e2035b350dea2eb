/// Cuts bytes into lines as they come. What is longer than the limit is cut, and its rest left out.
struct LineSplitter {
  private let limit: Int
  private var line: [UInt8] = []
  /// Lines that were longer than the limit.
  private(set) var cut = 0
  private var isCut = false

  init(limit: Int = 64 << 10) {
    self.limit = limit
  }

  mutating func add(_ bytes: some Sequence<UInt8>, _ take: ([UInt8]) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        end(take)
      } else if line.count < limit {
        line.append(byte)
      } else if !isCut {
        isCut = true
        cut += 1
      }
    }
  }

  /// Gives what has no line feed behind it, too.
  mutating func finish(_ take: ([UInt8]) -> Void) { if !line.isEmpty { end(take) } }

  private mutating func end(_ take: ([UInt8]) -> Void) {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    take(line)
    line.removeAll(keepingCapacity: true)
    isCut = false
  }
}
