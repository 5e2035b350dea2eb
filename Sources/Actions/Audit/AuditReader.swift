import Core
import Glibc

/// Reads an audit log, now and again: each time what was added since. Belongs to one thread at a time.
package struct AuditReader {
  /// What does not fit: a line that is none, or one whose `previous` is not the hash of the line before.
  package struct Damage: Sendable, Equatable {
    package var line: Int
    package var message: String
  }

  private static let chunk = 1 << 16
  private static let longestLine = 1 << 18
  private static let mostDamages = 100

  private let path: String
  private var offset: Int64 = 0
  private var lines = 0
  private var previous: String?
  private var rest: [UInt8] = []
  private var known: [ActionRecord.ID: ActionRecord] = [:]
  /// In the order of the log.
  private var order: [ActionRecord.ID] = []
  package private(set) var damages: [Damage] = []

  package init(path: String) {
    self.path = path
  }

  /// Every record that has news, in the order of the log. A missing file has none.
  package mutating func read() -> Result<[ActionRecord], AuditLog.Unwritable> {
    // Not to wait where a pipe lies instead of a log.
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return errno == ENOENT ? .success([]) : .failure(failure()) }
    defer { close(file) }
    // A line is whole once its writer has let go of the lock.
    flock(file, LOCK_SH)
    var status = stat()
    guard fstat(file, &status) == 0 else { return .failure(failure()) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.init(message: "\(path): not a regular file")) }
    if status.st_size < offset { restart() }
    var found: [ActionRecord] = []
    var bytes = [UInt8](repeating: 0, count: Self.chunk)
    while true {
      let count = pread(file, &bytes, bytes.count, Int(offset))
      if count < 0, errno == EINTR { continue }
      if count < 0 { return .failure(failure()) }
      if count == 0 { break }
      offset += Int64(count)
      take(bytes[..<count], into: &found)
    }
    if !rest.isEmpty { damage(lines + 1, "the last line is cut off") }
    return .success(found)
  }

  /// Intents that have no outcome: whoever wrote them ended in between, or is at it now.
  var unsettled: [ActionRecord] { order.compactMap { known[$0] }.filter { $0.outcome == .intended } }

  /// All that was read, with unknown outcomes where none was written down.
  package var records: [ActionRecord] {
    order.compactMap { known[$0] }.map { $0.outcome == .intended ? Self.lost($0) : $0 }
  }

  private mutating func restart() {
    damage(lines, "the log has become shorter than it was")
    (offset, lines, previous, rest) = (0, 0, nil, [])
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>, into found: inout [ActionRecord]) {
    rest += bytes
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
      takeLine(rest[start..<end], into: &found)
      start = end + 1
    }
    rest.removeSubrange(..<start)
    if rest.count > Self.longestLine { rest.removeAll() }
  }

  private mutating func takeLine(_ bytes: ArraySlice<UInt8>, into found: inout [ActionRecord]) {
    lines += 1
    defer { previous = SHA256.hex(bytes) }
    guard let (line, named) = AuditLine.read(Array(bytes)) else { return damage(lines, "no line of an audit log") }
    if named != previous ?? AuditLine.noPrevious {
      damage(
        lines,
        previous == nil
          ? "the lines before it are missing" : "the line before it was changed, or lines between them are missing")
    }
    guard line.kind != .planned else { return }
    var record = line.record
    if var before = known[record.id] {
      before.stages.append(contentsOf: record.stages.dropFirst())
      before.latency = record.latency ?? before.latency
      record = before
    } else {
      order.append(record.id)
    }
    known[record.id] = record
    found.append(record)
  }

  private mutating func damage(_ line: Int, _ message: String) {
    let damage = Damage(line: line, message: message)
    if damages.count < Self.mostDamages, damages.last != damage { damages.append(damage) }
  }

  private func failure() -> AuditLog.Unwritable {
    .init(message: "the audit log \(path) cannot be read: \(String(cString: strerror(errno)))")
  }
}

extension AuditReader {
  /// An intent whose outcome nobody wrote down: it may have been sent.
  static func lost(_ record: ActionRecord) -> ActionRecord {
    var record = record
    let reason = "no outcome was written down: sagatop ended between writing the intent down and the answer"
    record.stages.append(.init(time: record.intendedAt, outcome: .unknown(reason)))
    return record
  }
}
