import Core
import Glibc
import Text

/// Reads an audit log incrementally: each call reads the lines added since the last one. Used by one thread at a time.
package struct AuditReader {
  /// A line that cannot be parsed, or with a `previous` that is not the hash of the line before.
  package struct Damage: Sendable, Equatable {
    package var line: Int
    package var message: String
  }

  private static let chunk = 1 << 16
  private static let longestLine = 1 << 18
  private static let mostDamages = 100
  private static let mostRuns = 1000

  /// Within this time after an intent, another process may still be waiting for the response.
  private static let young = Duration.seconds(30)
  /// An outcome is written slightly after its time.
  private static let grace = Duration.seconds(15)

  private let path: String
  private let capacity: Int
  /// Device and inode of the file that was read last. Another file of the same name is read from its start.
  private var file: (device: dev_t, number: ino_t)?
  private var offset: Int64 = 0
  private var lines = 0
  private var previous: String?
  /// Length in bytes of the last line read.
  private var lastLength = 0
  private var rest: [UInt8] = []
  private var known: [ActionRecord.ID: ActionRecord] = [:]
  /// In the order of the log.
  private var order: [ActionRecord.ID] = []
  package private(set) var damages: [Damage] = []
  /// The latest runs, in the order of the log.
  package private(set) var runs: [RunRecord] = []
  /// SHA-256 of the last line read. `nil` if there is none.
  package var head: String? { previous }

  /// Retains at least the latest `capacity` records.
  package init(path: String, capacity: Int = .max) {
    self.path = path
    self.capacity = capacity
  }

  /// All new or changed records, in the order of the log. Empty if the file does not exist. `isLocked`: the caller holds the log's lock.
  package mutating func read(isLocked: Bool = false) -> Result<[ActionRecord], AuditLog.Unwritable> {
    // O_NONBLOCK: the open must not block if the path is a pipe.
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      guard errno == ENOENT else { return .failure(failure()) }
      if offset > 0 { restart("the log was deleted") }
      return .success([])
    }
    defer { close(file) }
    // A line is complete only after its writer has released the lock.
    guard isLocked || FileLock.take(file, LOCK_SH) else { return .failure(failure()) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return .failure(failure()) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.init(message: "\(path): not a regular file")) }
    if status.st_size < offset { restart("the log is shorter than before") }
    if let known = self.file, known != (status.st_dev, status.st_ino) {
      restart("the log was replaced by another file")
    }
    self.file = (status.st_dev, status.st_ino)
    if !isAsRead(file) { restart("lines that were already read have changed") }
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

  /// All records in the order of the log.
  var kept: [ActionRecord] { order.compactMap { known[$0] } }

  /// Intents without an outcome: their session ended before the outcome, or is still sending.
  var unsettled: [ActionRecord] { kept.filter { $0.outcome == .intended } }

  /// Accepted actions without a final outcome after the end of their watch time: their session ended before.
  func unwatched(now: Timestamp) -> [ActionRecord] {
    kept.compactMap { Self.unwatched($0, now) }
  }

  /// All records. Intents without an outcome get the outcome unknown.
  package func records(now: Timestamp) -> [ActionRecord] {
    kept.map { record in
      record.outcome == .intended ? Self.lost(record, now: now) : Self.unwatched(record, now) ?? record
    }
  }

  private mutating func restart(_ why: String) {
    if offset > 0 { damage(lines, why) }
    (file, offset, lines, previous, rest) = (nil, 0, 0, nil, [])
  }

  /// Whether the last line read is unchanged at its position: a truncated log may have grown again.
  private func isAsRead(_ file: Int32) -> Bool {
    guard let previous else { return true }
    var bytes = [UInt8](repeating: 0, count: lastLength)
    let start = Int(offset) - rest.count - lastLength - 1
    return pread(file, &bytes, lastLength, start) == lastLength && SHA256.hex(bytes) == previous
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>, into found: inout [ActionRecord]) {
    rest += bytes
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
      takeLine(rest[start..<end], into: &found)
      start = end + 1
    }
    rest.removeSubrange(..<start)
    if rest.count > Self.longestLine { (rest, previous) = ([], nil) }
  }

  private mutating func takeLine(_ bytes: ArraySlice<UInt8>, into found: inout [ActionRecord]) {
    lines += 1
    defer { (previous, lastLength) = (SHA256.hex(bytes), bytes.count) }
    guard let (line, named) = AuditLine.read(Array(bytes)) else { return damage(lines, "not a line of an audit log") }
    if named != previous ?? AuditLine.noPrevious {
      damage(
        lines,
        previous == nil
          ? "the lines before it are missing" : "the line before it was changed, or lines between them are missing")
    }
    switch line.kind {
    case .planned: return note(run: line)
    case .control(let control): return note(control, line.record)
    case .intended, .outcome: break
    }
    var record = line.record
    if var before = known[record.id] {
      // The log may have been read again from its start.
      before.stages.append(contentsOf: record.stages.dropFirst().filter { !before.stages.contains($0) })
      before.latency = record.latency ?? before.latency
      before.watchedUntil = record.watchedUntil ?? before.watchedUntil
      record = before
    } else {
      order.append(record.id)
      if order.count / 2 >= capacity { forget(order.count - capacity) }
    }
    known[record.id] = record
    found.append(record)
  }

  private mutating func note(run line: AuditLine) {
    guard !runs.contains(where: { $0.intent == line.record.intent }) else { return }
    runs.append(RunRecord(line.record, count: line.count, resumes: line.resumes))
    if runs.count > Self.mostRuns { runs.removeFirst() }
  }

  private mutating func note(_ control: RunControl, _ record: ActionRecord) {
    guard let place = runs.firstIndex(where: { $0.intent == record.intent }) else { return }
    runs[place].control = .init(control, by: record.operator.name, reason: record.reason)
  }

  private mutating func forget(_ count: Int) {
    for id in order.prefix(count) { known[id] = nil }
    order.removeFirst(count)
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
  private static func unwatched(_ record: ActionRecord, _ now: Timestamp) -> ActionRecord? {
    guard case .accepted(let message) = record.outcome, let end = record.watchedUntil, now - end > grace else {
      return nil
    }
    var record = record
    let reason = "unknown whether the effect was observed: sagatop ended while it watched the saga"
    let words = [message, reason].compactMap { $0 }.joined(separator: "; ")
    record.stages[record.stages.count - 1].outcome = .accepted(words)
    return record
  }

  /// Marks an intent without an outcome as unknown: it may have been sent.
  static func lost(_ record: ActionRecord, now: Timestamp) -> ActionRecord {
    var record = record
    let reason =
      abs((now - record.intendedAt).milliseconds) < young.milliseconds
      ? "no outcome is recorded yet: the request is in progress, or sagatop ended before the response"
      : "no outcome was recorded: sagatop ended after it recorded the intent and before the response"
    record.stages.append(.init(time: record.intendedAt, outcome: .unknown(reason)))
    return record
  }
}
