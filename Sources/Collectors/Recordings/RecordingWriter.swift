import CSystem
import Glibc

/// Writes lines to a file, packed where its name ends in `.zst`, and begins a new one when it is full. Belongs to one thread at a time.
///
/// A line that cannot be written whole is cut off again, so that what is there stays readable to its end.
package struct RecordingWriter: ~Copyable {
  package struct Limits: Sendable, Equatable {
    /// Bytes of one file.
    package var size: Int
    /// Full files that are kept beside the one that is written; `nil` ends the recording with the first that is full.
    package var files: Int?

    package init(size: Int = 1 << 30, files: Int? = nil) {
      self.size = size
      self.files = files
    }
  }

  private static let bufferSize = 64 << 10

  let path: String
  private let limits: Limits
  private let header: [UInt8]
  private var descriptor: Int32 = -1
  private var encoder: ZstdEncoder?
  private var buffer: [UInt8] = []
  private var written = 0
  private var isDirty = false
  /// Bytes of all files.
  private(set) var total = 0

  /// A file that is there already is not touched: the recording would be lost that it may hold.
  init(_ path: String, header: RecordingHeader, limits: Limits) throws(RecordingError) {
    self.path = path
    self.limits = limits
    self.header = header.line
    for number in 0..<(limits.files ?? 0) {
      let old = Self.name(path, number + 1)
      guard access(old, F_OK) != 0 else {
        throw RecordingError("\(old): there is such a file already, which would make room; nothing was recorded")
      }
    }
    try begin()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private mutating func begin() throws(RecordingError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw RecordingError("\(path): there is such a file already; nothing was recorded") }
      throw failure("cannot be written")
    }
    encoder = path.hasSuffix(".zst") ? ZstdEncoder() : nil
    (written, isDirty) = (0, false)
    try append(header)
    try flush()
  }

  /// Takes whole lines. Returns false when the file is full and no other follows; the lines are in it still.
  mutating func write(_ lines: [UInt8]) throws(RecordingError) -> Bool {
    try append(lines)
    guard written + buffer.count >= limits.size else { return true }
    guard let files = limits.files else { return false }
    try finish()
    try rotate(keeping: files)
    try begin()
    return true
  }

  private mutating func append(_ lines: [UInt8]) throws(RecordingError) {
    isDirty = true
    if encoder != nil {
      guard let packed = encoder?.pack(lines) else { throw RecordingError("\(path): cannot be packed") }
      buffer += packed
    } else {
      buffer += lines
    }
    if buffer.count >= Self.bufferSize { try put() }
  }

  /// All that was taken can be read from the file when this returns.
  mutating func flush() throws(RecordingError) {
    guard isDirty else { return }
    if encoder != nil {
      guard let packed = encoder?.pack([], isFlushed: true) else { throw RecordingError("\(path): cannot be packed") }
      buffer += packed
    }
    try put()
    isDirty = false
  }

  private mutating func put() throws(RecordingError) {
    let count = sg_write_whole(descriptor, buffer, buffer.count)
    written += count
    total += count
    guard count == buffer.count else {
      let error = failure("cannot be written; what was recorded before stays")
      cutOff(after: buffer[..<count])
      throw error
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Leaves no part of a line behind. A packed file can be read up to its last whole block as it is.
  private func cutOff(after part: ArraySlice<UInt8>) {
    guard encoder == nil else { return }
    let kept = part.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    ftruncate(descriptor, off_t(written - part.count + kept))
  }

  /// Ends the file with a last line, however full it is.
  mutating func end(with line: [UInt8]) throws(RecordingError) {
    try append(line)
    try finish()
  }

  private mutating func finish() throws(RecordingError) {
    guard descriptor >= 0 else { return }
    if encoder != nil {
      guard let packed = encoder?.pack([], isEnd: true) else { throw RecordingError("\(path): cannot be packed") }
      buffer += packed
      encoder = nil
    }
    try put()
    fsync(descriptor)
    let isClosed = close(descriptor) == 0
    descriptor = -1
    if !isClosed { throw failure("cannot be written to its end") }
  }

  /// The full file gets the number 1, the one before it 2; the oldest goes.
  private func rotate(keeping files: Int) throws(RecordingError) {
    unlink(Self.name(path, max(1, files)))
    for number in stride(from: files - 1, to: 0, by: -1) {
      rename(Self.name(path, number), Self.name(path, number + 1))
    }
    if files == 0 {
      unlink(path)
    } else if rename(path, Self.name(path, 1)) != 0 {
      throw failure("cannot be renamed")
    }
  }

  /// Those that are there of a recording, the oldest first.
  package static func files(of path: String, limits: Limits) -> [String] {
    let full = stride(from: limits.files ?? 0, to: 0, by: -1).map { name(path, $0) }
    return full.filter { access($0, F_OK) == 0 } + [path]
  }

  /// `run.jsonl.2.zst` for `run.jsonl.zst`.
  static func name(_ path: String, _ number: Int) -> String {
    path.hasSuffix(".zst") ? "\(path.dropLast(4)).\(number).zst" : "\(path).\(number)"
  }

  private func failure(_ what: String) -> RecordingError {
    RecordingError("\(path): \(what): \(String(cString: strerror(errno)))")
  }
}
