import Core
import Glibc
import Text

/// Reads a recording line by line, compressed or not, and holds only one line in memory. Used by one thread at a time.
final class RecordingReader {
  /// Larger than the lag sample of a very large cluster. A longer line is skipped as damaged.
  private static let longestLine = 64 << 20
  private static let chunk = 256 << 10

  let path: String
  /// Number of the last line that `next` returned, from 1.
  private(set) var line = 0
  private let descriptor: Int32
  private var decoder: ZstdDecoder?
  /// Bytes that are read but not yet decompressed.
  private var packed: ArraySlice<UInt8> = []
  private var raw = [UInt8](repeating: 0, count: chunk)
  private var buffer: [UInt8] = []
  private var position = 0
  /// There is no line feed between `position` and this index.
  private var searched = 0
  private var isAtEnd = false
  private var isSkipping = false
  /// Why reading ended early, or what was skipped; `nil` if there is no damage.
  private(set) var damage: String?

  init(_ path: String) throws(RecordingError) {
    self.path = path
    // Otherwise opening a FIFO without a writer would block.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw RecordingError("\(path): cannot be read: \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw RecordingError("\(path): is no file; a recording is read more than once, so that a pipe will not do")
    }
    let first = read()
    if ZstdDecoder.isPacked(Array(first.prefix(4))) {
      decoder = ZstdDecoder()
      packed = first
      unpack()
    } else {
      take(first)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The header from the first line of the recording.
  func header() throws(RecordingError) -> RecordingHeader {
    if let line = next(), let header = RecordingHeader(Array(line)) { return header }
    throw RecordingError("\(path): is no recording: its first line is not the head of a \(RecordingHeader.schema)")
  }

  /// The next line without its line feed; `nil` at the end of the readable part.
  func next() -> ArraySlice<UInt8>? {
    while true {
      if let end = lineEnd() {
        let line = buffer[position..<end]
        (position, searched) = (end + 1, end + 1)
        self.line += 1
        if !isSkipping { return line }
        isSkipping = false
      } else if isAtEnd {
        defer { position = buffer.count }
        line += 1
        return position < buffer.count && !isSkipping ? buffer[position...] : nil
      } else {
        makeRoom()
        fill()
      }
    }
  }

  private func lineEnd() -> Int? {
    let (start, count) = (searched, buffer.count - searched)
    guard count > 0 else { return nil }
    searched = buffer.count
    return buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + start, Int32(UInt8(ascii: "\n")), count) else {
        return nil
      }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Discards the bytes already read, and a line that exceeds the limit.
  private func makeRoom() {
    if buffer.count - position > Self.longestLine {
      damage = "a line is longer than \(Self.longestLine) bytes"
      isSkipping = true
      position = buffer.count
    }
    buffer.removeSubrange(..<position)
    (position, searched) = (0, buffer.count)
  }

  private func read() -> ArraySlice<UInt8> {
    while true {
      let count = raw.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { damage = "\(path): cannot be read further: \(String(cString: strerror(errno)))" }
      return raw[..<max(0, count)]
    }
  }

  private func fill() {
    guard decoder != nil else { return take(read()) }
    if packed.isEmpty, !(decoder?.isFull ?? false) {
      // Released first, so that the buffer is not copied on write.
      packed = []
      packed = read()
      if packed.isEmpty {
        isAtEnd = true
        if decoder?.isOpen ?? false { damage = damage ?? "\(path): is cut off" }
        return
      }
    }
    unpack()
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    isAtEnd = bytes.isEmpty
    buffer += bytes
  }

  private func unpack() {
    if decoder?.unpack(&packed, into: &buffer) ?? false { return }
    damage = "\(path): is damaged; what lies behind cannot be unpacked"
    isAtEnd = true
  }
}

/// The first line of a recording: what was observed, and which program wrote it.
package struct RecordingHeader: Sendable, Equatable {
  package static let schema = "sagatop.recording/v1"

  /// The version of the program that wrote it.
  package var version: String
  package var context: String
  package var isProtected: Bool
  /// The name of the system definition, usually of a preset.
  package var system: String
  package var startedAt: Timestamp
  /// The masked fields, as configured.
  package var masked: [String]

  package init(
    version: String, context: String, isProtected: Bool = false, system: String, startedAt: Timestamp,
    masked: [String] = []
  ) {
    self.version = version
    self.context = context
    self.isProtected = isProtected
    self.system = system
    self.startedAt = startedAt
    self.masked = masked
  }

  var line: [UInt8] {
    RecordedObject.make { object in
      object.text("schema", Self.schema)
      object.text("version", version)
      object.text("context", context)
      object.flag("protected", isProtected)
      object.text("system", system)
      object.text("startedAt", startedAt.iso8601)
      object.list("masked", masked.map(JSONNode.string))
    }.bytes + [UInt8(ascii: "\n")]
  }

  init?(_ line: [UInt8]) {
    guard let node = JSONNode(line), node.text("schema") == Self.schema, let version = node.text("version"),
      let start = node.text("startedAt").flatMap(TimestampParser.parse)
    else { return nil }
    self.init(
      version: version, context: node.text("context") ?? "", isProtected: node.flag("protected"),
      system: node.text("system") ?? "", startedAt: start, masked: node.list("masked").compactMap(\.text))
  }
}
