import Core
import Glibc
import Synchronization
import Text

/// The proof that an intent is on disk. Nothing is sent without one, and only the audit log makes them, each after its line was
/// written and synced.
struct DurableIntent: ~Copyable {
  /// What was written down.
  let record: ActionRecord
  /// What may be sent now, and nothing else.
  let request: PreparedRequest

  fileprivate init(_ record: ActionRecord, _ request: PreparedRequest) {
    self.record = record
    self.request = request
  }
}

/// Where all that operators have done is written down: JSON lines, each with the hash of the one before, so that a cut or changed log
/// shows. Several processes may write to it at once. Safe on any thread.
package final class AuditLog: Sendable {
  package struct Unwritable: Error, Sendable, Equatable {
    /// What failed, and on which file.
    package var message: String
  }

  /// The longest line that is written, and read back for its hash.
  private static let longestLine = 1 << 18

  package let path: String
  /// One writer of this process at a time; `flock` keeps out those of others.
  private let writing = Mutex(())

  package init(path: String) {
    self.path = path
  }

  /// Writes down that the request is intended. On success the line is on disk.
  func intend(_ record: ActionRecord, _ request: PreparedRequest) throws(Unwritable) -> DurableIntent {
    try append(AuditLine(kind: .intended, time: record.intendedAt, record: record))
    return DurableIntent(record, request)
  }

  /// Writes down that a plan for `count` subjects is about to be run.
  func plan(_ record: ActionRecord, count: Int) throws(Unwritable) {
    try append(AuditLine(kind: .planned, time: record.intendedAt, record: record, count: count))
  }

  /// Writes down what came of it last.
  func conclude(_ record: ActionRecord) throws(Unwritable) {
    try append(AuditLine(kind: .outcome, time: record.updatedAt, record: record))
  }

  private func append(_ line: AuditLine) throws(Unwritable) {
    if let failure = writing.withLock({ _ in appended(line) }) { throw failure }
  }

  private func appended(_ line: AuditLine) -> Unwritable? {
    makeFolder()
    let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard file >= 0 else { return failure("opened") }
    defer { close(file) }
    guard FileLock.take(file, LOCK_EX) else { return failure("locked") }
    var status = stat()
    guard fstat(file, &status) == 0 else { return failure("read") }
    guard status.st_mode & S_IFMT == S_IFREG else { return Unwritable(message: "\(path): not a regular file") }
    if status.st_mode & 0o077 != 0 { fchmod(file, 0o600) }
    guard let last = lastLine(of: file, length: Int(status.st_size)) else { return failure("read") }
    // A line that was cut short, by a crash or a full disk, stays as it is: the next one names its hash all the same.
    let start = last.isEmpty || last.isEnded ? "" : "\n"
    let previous = last.isEmpty ? AuditLine.noPrevious : SHA256.hex(last.bytes)
    let bytes = Array((start + line.json(previous: previous) + "\n").utf8)
    guard bytes.count < Self.longestLine else { return Unwritable(message: "\(path): the line would be too long") }
    guard write(bytes, to: file), fsync(file) == 0 else {
      let failure = failure("written")
      // Half a line must not be taken for one.
      ftruncate(file, status.st_size)
      return failure
    }
    return nil
  }

  private struct LastLine {
    var bytes: ArraySlice<UInt8>
    var isEnded: Bool
    var isEmpty: Bool { bytes.isEmpty }
  }

  private func lastLine(of file: Int32, length: Int) -> LastLine? {
    let count = min(length, Self.longestLine)
    var bytes = [UInt8](repeating: 0, count: count)
    guard pread(file, &bytes, count, length - count) == count else { return nil }
    let isEnded = bytes.last == UInt8(ascii: "\n")
    let text = isEnded ? bytes.dropLast() : bytes[...]
    let start = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? text.startIndex
    return LastLine(bytes: text[start...], isEnded: isEnded)
  }

  private func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The folders above the file, as far as they are missing. A new file's name is made durable with its folder.
  private func makeFolder() {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    guard !folder.isEmpty, access(path, F_OK) != 0 else { return }
    var made = ""
    for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      if made != "/" { mkdir(made, 0o700) }
    }
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if file >= 0 { close(file) }
    fsync(descriptor)
    close(descriptor)
  }

  private func failure(_ what: String) -> Unwritable {
    Unwritable(message: "the audit log \(path) cannot be \(what): \(String(cString: strerror(errno)))")
  }
}
