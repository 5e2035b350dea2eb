import Text

/// The holder of a lock, as derived from the lock's value.
package struct LockHolder: Sendable, Equatable {
  /// Maximum length of a stored token in bytes; the longest known form is a UUID with a thread number.
  package static let longestToken = 96

  /// The token, truncated to `longestToken` bytes; for Redisson the client's UUID.
  package var token: String
  /// For Redisson: the thread of the client.
  package var thread: String?
  /// Re-entrance count; `nil` if this kind of lock has none.
  package var count: Int?
  /// Holds a read lock, so other readers may hold it too.
  package var isReader: Bool
  /// When the lock was acquired; `nil` if the token does not contain it.
  package var takenAt: Timestamp?

  package init(
    token: String, thread: String? = nil, count: Int? = nil, isReader: Bool = false, takenAt: Timestamp? = nil
  ) {
    self.token = token
    self.thread = thread
    self.count = count
    self.isReader = isReader
    self.takenAt = takenAt
  }

  /// Parses a string value. `<epoch ms>-<random>` and ShedLock's `ADDED:<time>@<host>` contain the acquisition time. A version 1 UUID does
  /// not: redis-py creates it before it waits for the lock.
  package init(value: [UInt8]) {
    if let job = Self.shedLock(value) {
      self = job
    } else {
      self.init(token: Self.text(value[...]), takenAt: Self.time(value))
    }
  }

  /// Parses a field of a sidekiq-unique-jobs lock hash, `<job>` → seconds since 1970; `nil` for any other field.
  package init?(job: [UInt8], time: [UInt8]) {
    guard job.count == 24, job.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let seconds = Double(String(decoding: time, as: UTF8.self)), (1e9...4.1e9).contains(seconds)
    else { return nil }
    self.init(token: Self.text(job[...]), takenAt: Timestamp(milliseconds: Int64(seconds * 1000)))
  }

  private static func shedLock(_ value: [UInt8]) -> LockHolder? {
    let prefix = Array("ADDED:".utf8)
    guard value.starts(with: prefix), let sign = value.firstIndex(of: UInt8(ascii: "@")), sign + 1 < value.count,
      let time = TimestampParser.parse(String(decoding: value[prefix.count..<sign], as: UTF8.self))
    else { return nil }
    return LockHolder(token: text(value[(sign + 1)...]), takenAt: time)
  }

  /// Parses a field of a Redisson hash, `<uuid>:<thread>` → re-entrance count; `nil` for any other field.
  package init?(field: [UInt8], value: [UInt8], isReader: Bool = false) {
    guard field.count <= Self.longestToken, let colon = field.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      colon + 1 < field.count, Self.isUUID(field[..<colon]), let count = Int(String(decoding: value, as: UTF8.self))
    else { return nil }
    self.init(
      token: Self.text(field[..<colon]), thread: Self.text(field[(colon + 1)...]), count: count, isReader: isReader)
  }

  /// The same client and thread, or the same token.
  func isSame(as other: LockHolder) -> Bool { token == other.token && thread == other.thread }

  /// `7c9e6679-7425-40de-944b-e07fc1f90ae7:31 x2`.
  package var text: String {
    let times = count.map { $0 == 1 ? "" : " x\($0)" } ?? ""
    return token + (thread.map { ":\($0)" } ?? "") + times
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    ByteText.text(bytes.prefix(longestToken)) + (bytes.count > longestToken ? "..." : "")
  }

  /// Twelve to fourteen digits and a dash, within 2001 to 2100, so that other numbers are not mistaken for a time.
  private static func time(_ value: [UInt8]) -> Timestamp? {
    guard let dash = value.prefix(15).firstIndex(of: UInt8(ascii: "-")), (12...14).contains(dash),
      value.count > dash + 1
    else { return nil }
    var milliseconds: Int64 = 0
    for byte in value[..<dash] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      milliseconds = milliseconds * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    guard (1_000_000_000_000...4_102_444_800_000).contains(milliseconds) else { return nil }
    return Timestamp(milliseconds: milliseconds)
  }

  private static func isUUID(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count == 36 else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
      [8, 13, 18, 23].contains(index)
        ? byte == UInt8(ascii: "-") : Character(Unicode.Scalar(byte)).isHexDigit
    }
  }
}

/// One period in which a lock was held, from acquisition to end.
package struct LockHolding: Sendable, Equatable {
  package enum End: String, Sendable {
    case released
    case expired
    /// Another client held it at the next read.
    case replaced
  }

  /// Empty if only its events are known.
  package var holders: [LockHolder]
  package var since: Timestamp
  /// If `false`, it was acquired at `since` or earlier.
  package var isSinceExact: Bool
  /// `nil` while it is held.
  package var until: Timestamp?
  /// If `false`, it ended at `until` or shortly before.
  package var isUntilExact = false
  package var end: End?
  /// Number of observed renewals of its time to live.
  package var renewals = 0
  /// Maximum number of clients that waited at the same time.
  package var waiters = 0

  package init(holders: [LockHolder], since: Timestamp, isSinceExact: Bool) {
    self.holders = holders
    self.since = since
    self.isSinceExact = isSinceExact
  }

  package var duration: Duration? { until.map { max(.zero, $0 - since) } }

  func age(at now: Timestamp) -> LockAge { LockAge(max(.zero, (until ?? now) - since), isExact: isSinceExact) }

  /// Whether the observed holders may still be this holding.
  func goesOn(with found: [LockHolder]) -> Bool {
    if holders.isEmpty || found.isEmpty { return true }
    if holders.allSatisfy(\.isReader), found.allSatisfy(\.isReader) { return true }
    return holders.contains { holder in
      found.contains { $0.isSame(as: holder) && ($0.takenAt == nil || $0.takenAt == holder.takenAt) }
    }
  }
}
