import CSystem
import Glibc

/// Writes lines to a file, compressed if its name ends in `.zst`, and starts a new file when it is full. Used by one thread at a time.
///
/// A line that cannot be written completely is truncated again, so that the file stays readable to its end.
package struct RecordingWriter: ~Copyable {
  package struct Limits: Sendable, Equatable {
    /// Maximum size of a file in bytes.
    package var size: Int
    /// Number of full files that are kept in addition to the current one; `nil` ends the recording when the first file is full.
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
  /// Bytes written to all files.
  private(set) var total = 0

  /// Never overwrites an existing file: it may contain a recording.
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

  /// Accepts whole lines. Returns false if the file is full and no further file is allowed; the lines are still written.
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

  /// All accepted lines are readable in the file when this returns.
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

  /// Removes a partial line from the end. A compressed file needs no truncation: it is readable up to its last complete block.
  private func cutOff(after part: ArraySlice<UInt8>) {
    guard encoder == nil else { return }
    let kept = part.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    ftruncate(descriptor, off_t(written - part.count + kept))
  }

  /// Ends the file with a last line, even if the file is full.
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

  /// Renames the full file to number 1, number 1 to 2, and so on. The oldest file is deleted.
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

  /// The existing files of a recording, the oldest first.
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
