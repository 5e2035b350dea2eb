/// Message texts in limited space: whole chunks are dropped, oldest first.
struct MessageStore {
  private static let chunkSize = 1 << 18
  /// Four lengths of four bytes precede each text.
  private static let prefix = 16

  /// A ring; chunk number n is at index n modulo its length.
  private var chunks: [[UInt8]]
  private var current = 0

  init(bytes: Int) {
    chunks = Array(repeating: [], count: max(2, bytes / Self.chunkSize))
  }

  private var currentIndex: Int { current % chunks.count }

  /// Whether one more text would drop no other.
  var hasRoom: Bool { current + 1 < chunks.count }

  /// Stores the text of a message. Returns `.none` if it has none or is larger than a chunk.
  mutating func keep(_ slice: MessageSlice, of arena: [UInt8]) -> MessageRef {
    let needed = slice.length + Self.prefix
    guard slice.length > 0 || slice.fullBodyLength > 0, needed <= Self.chunkSize else { return .none }
    guard slice.start >= 0, slice.start + slice.length <= arena.count else { return .none }
    if chunks[currentIndex].count + needed > Self.chunkSize {
      current += 1
      chunks[currentIndex].removeAll(keepingCapacity: true)
      chunks[currentIndex].reserveCapacity(Self.chunkSize)
    }
    let offset = chunks[currentIndex].count
    append(slice, of: arena)
    return MessageRef(position: UInt64(current) << 32 | UInt64(offset))
  }

  /// The stored text; `nil` if it was dropped.
  func message(_ ref: MessageRef) -> Message? {
    let number = Int(ref.position >> 32)
    guard number <= current, number > current - chunks.count else { return nil }
    let chunk = chunks[number % chunks.count]
    let offset = Int(ref.position & 0xffff_ffff)
    guard offset + Self.prefix <= chunk.count else { return nil }
    let lengths = (0..<4).map { Self.number(in: chunk, at: offset + 4 * $0) }
    var start = offset + Self.prefix
    func take(_ length: Int) -> ArraySlice<UInt8> {
      defer { start += length }
      return chunk[start..<min(start + length, chunk.count)]
    }
    let key = Array(take(lengths[0]))
    let headers = Message.headers(take(lengths[1]))
    return Message(key: key, headers: headers, body: Array(take(lengths[2])), fullBodyLength: lengths[3])
  }

  private mutating func append(_ slice: MessageSlice, of arena: [UInt8]) {
    let lengths = (
      UInt32(clamping: slice.keyLength).littleEndian, UInt32(clamping: slice.headersLength).littleEndian,
      UInt32(clamping: slice.bodyLength).littleEndian, UInt32(clamping: slice.fullBodyLength).littleEndian
    )
    withUnsafeBytes(of: lengths) { chunks[currentIndex].append(contentsOf: $0) }
    arena.withUnsafeBytes { bytes in
      chunks[currentIndex].append(contentsOf: bytes[slice.start..<slice.start + slice.length])
    }
  }

  private static func number(in chunk: [UInt8], at offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(chunk[offset + $1]) << (8 * $1) }
  }
}

/// The latest messages of all topics in order of arrival; a ring that drops the oldest.
struct RecentEvents {
  struct Entry {
    var record: EventRecord
    var details: EventDetails?
    /// The saga it belonged to when it was received.
    var saga: SagaHandle?
    var definition: Int?
    var undecoded: String?
  }

  private var ring: [Entry] = []
  private var next = 0
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
  }

  mutating func append(_ entry: Entry) {
    if ring.count < capacity { ring.append(entry) } else { ring[next] = entry }
    next = (next + 1) % capacity
  }

  /// Removes the undecoded messages with these origins.
  mutating func forget(undecoded origins: Set<Origin>) {
    let inOrder = ring.count < capacity ? ring : Array(ring[next...] + ring[..<next])
    ring = inOrder.filter { $0.undecoded == nil || !origins.contains($0.record.origin) }
    next = ring.count % capacity
  }

  var count: Int { ring.count }

  /// Iterates from the newest to the oldest.
  func walk(_ body: (Entry) -> Void) {
    for back in 1...max(1, ring.count) where back <= ring.count {
      body(ring[(next - back + capacity) % capacity])
    }
  }
}
