import CSystem
import Core
import Glibc
import Synchronization
import Text

/// Proof that an intent is on disk. Nothing is sent without one. Only the audit log creates it, after the line was written and synced.
struct DurableIntent: ~Copyable, Sendable {
  /// The recorded intent.
  let record: ActionRecord
  /// The only request that may be sent for this intent.
  let request: PreparedRequest

  fileprivate init(_ record: ActionRecord, _ request: PreparedRequest) {
    self.record = record
    self.request = request
  }
}

/// The audit log of all operator actions: JSON lines, each with the hash of the line before, so that a truncated or changed log is
/// detected. Several processes may write to it concurrently. Thread-safe.
package final class AuditLog: Sendable {
  package struct Unwritable: Error, Sendable, Equatable {
    /// What failed, and for which file.
    package var message: String
  }

  /// Why an intent was not recorded.
  enum NotIntended: Error {
    case unwritable(Unwritable)
    /// The action must not be sent; this is the item's outcome.
    case hindered(ActionOutcome)
  }

  /// Maximum bytes of a line, when it is written and when it is read for its hash.
  private static let longestLine = 1 << 18

  private let files: SharedFile
  /// Serialises the writers of this process. `flock` serialises processes.
  private let writing = Mutex(())

  package var path: String { files.settings.path }

  private let systemLog: String

  package convenience init(_ settings: AuditSettings) { self.init(settings, systemLog: AuditHead.socket) }

  /// `systemLog` is the path of the socket that receives the hash of the last line.
  init(_ settings: AuditSettings, systemLog: String) {
    files = SharedFile(settings: settings)
    self.systemLog = systemLog
  }

  /// Records the intent of a request, unless `hindrance` returns an outcome. `hindrance` is called while the log is locked: earlier
  /// intents of other processes are in the log by then, and later ones will see this line. On success the line is on disk.
  func intend(
    _ record: ActionRecord, _ request: PreparedRequest, unless hindrance: () -> ActionOutcome? = { nil }
  ) throws(NotIntended) -> DurableIntent {
    var found: ActionOutcome?
    let line = AuditLine(kind: .intended, time: record.intendedAt, record: record)
    let failure = writing.withLock { _ in
      appended([line]) {
        found = hindrance()
        return found == nil
      }
    }
    if let failure { throw .unwritable(failure) }
    if let found { throw .hindered(found) }
    return DurableIntent(record, request)
  }

  /// Records that a plan for `count` subjects is about to run.
  func plan(_ record: ActionRecord, count: Int, resumes: String?) throws(Unwritable) {
    try append([AuditLine(kind: .planned, time: record.intendedAt, record: record, count: count, resumes: resumes)])
  }

  /// Records the last outcomes, all or none of them.
  func conclude(_ records: [ActionRecord]) throws(Unwritable) {
    try append(records.map { AuditLine(kind: .outcome, time: $0.updatedAt, record: $0) })
  }

  /// Requests the process that runs the intent of `record` to pause, resume or stop.
  package func control(_ control: RunControl, _ record: ActionRecord) throws(Unwritable) {
    try append([AuditLine(kind: .control(control), time: record.intendedAt, record: record)])
  }

  private func append(_ lines: [AuditLine]) throws(Unwritable) {
    if let failure = writing.withLock({ _ in appended(lines) { true } }) { throw failure }
  }

  private func appended(_ lines: [AuditLine], if isWanted: () -> Bool) -> Unwritable? {
    let reason = files.makeFolder(of: path)
    let file = files.open(path, O_RDWR | O_APPEND | O_CREAT)
    guard file >= 0 else {
      // If the folder is missing, the error of the file is only "does not exist", which does not give the reason.
      if errno == ENOENT, reason != 0 { errno = reason }
      return failure("opened")
    }
    defer { close(file) }
    guard FileLock.take(file, LOCK_EX) else { return failure("locked") }
    guard isWanted() else { return nil }
    var status = stat()
    guard fstat(file, &status) == 0 else { return failure("read") }
    guard status.st_mode & S_IFMT == S_IFREG else { return Unwritable(message: "\(path): not a regular file") }
    files.settle(file, status)
    guard let last = lastLine(of: file, length: Int(status.st_size)) else { return failure("read") }
    // A line truncated by a crash or a full disk stays unchanged. The next line contains its hash like that of any other line.
    let start = last.isEmpty || last.isEnded ? "" : "\n"
    var bytes = Array(start.utf8)
    var hash = last.isEmpty ? AuditLine.noPrevious : SHA256.hex(last.bytes)
    for line in lines {
      let text = Array(line.json(previous: hash).utf8)
      guard text.count < Self.longestLine else { return Unwritable(message: "\(path): the line would be too long") }
      bytes += text + [UInt8(ascii: "\n")]
      hash = SHA256.hex(text)
    }
    guard sg_write_whole(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      let failure = failure("written")
      // Removes the partial text, so that it is not read as a line.
      ftruncate(file, status.st_size)
      return failure
    }
    AuditHead.tell(hash, of: path, to: systemLog)
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

  private func failure(_ what: String) -> Unwritable {
    Unwritable(message: "the audit log \(path) cannot be \(what): \(String(cString: strerror(errno)))")
  }
}

/// Sends the hash of the audit log's last line to the system log, so that a truncated or rewritten log can be detected by comparison.
/// Does nothing if there is no system log or it does not accept the message.
enum AuditHead {
  static let socket = "/dev/log"
  /// Facility authpriv, severity notice (RFC 3164).
  private static let priority = 10 * 8 + 5

  static func tell(_ hash: String, of path: String, to socket: String = Self.socket) {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | SOCK_CLOEXEC_FLAG | SOCK_NONBLOCK_FLAG, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(socket.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let text = Array("<\(priority)>sagatop[\(getpid())]: audit \(path) \(hash)".utf8)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(
          descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  // The Glibc overlay imports these constants as an enumeration.
  private static let SOCK_CLOEXEC_FLAG = Int32(SOCK_CLOEXEC.rawValue)
  private static let SOCK_NONBLOCK_FLAG = Int32(SOCK_NONBLOCK.rawValue)
}
