import Clients
import Core

/// The fields of a lock stored as a hash. Redisson stores `<uuid>:<thread>` → reentrancy count, and `mode` for a read-write lock. A
/// Redisson lock on a group of values stores `<value>` → `<uuid>:<thread>` and `<value>:<uuid>:<thread>:lock_count` → reentrancy count.
/// sidekiq-unique-jobs stores `<job>` → seconds since 1970.
struct LockHash {
  private static let mostHolders = 8
  private static let writerSuffix = Array(":write".utf8)
  private static let counterSuffix = Array(":lock_count".utf8)

  private(set) var holders: [LockHolder] = []
  private(set) var isReadWrite = false
  /// The holders hold single values of a group, not the whole group.
  private(set) var isMulti = false
  private(set) var isJobs = false

  func kind(queue: Int, isFenced: Bool) -> LockObservation.Kind {
    if isJobs { return .jobs }
    if isReadWrite { return .readWrite }
    if isMulti { return .multi }
    return queue > 0 ? .fairQueue : isFenced ? .fenced : .redisson
  }

  /// `fields` are alternating names and values.
  init(_ fields: [RedisReply]) {
    let pairs = stride(from: 0, to: fields.count - 1, by: 2).map {
      (fields[$0].bytes ?? [], fields[$0 + 1].bytes ?? [])
    }
    let mode = pairs.first { $0.0 == Array("mode".utf8) }?.1
    isReadWrite = mode != nil
    for (name, value) in pairs where holders.count < Self.mostHolders {
      let isWriter = name.suffix(Self.writerSuffix.count) == Self.writerSuffix[...]
      let field = isReadWrite && isWriter ? Array(name.dropLast(Self.writerSuffix.count)) : name
      let isReader = mode == Array("read".utf8)
      if let holder = LockHolder(field: field, value: value, isReader: isReader) { holders.append(holder) }
    }
    if holders.isEmpty { readGroup(pairs) }
    if holders.isEmpty { readJobs(pairs) }
  }

  private mutating func readJobs(_ pairs: [([UInt8], [UInt8])]) {
    holders = pairs.prefix(Self.mostHolders).compactMap { LockHolder(job: $0.0, time: $0.1) }
    isJobs = !holders.isEmpty
  }

  /// Adds each holder once, with its largest reentrancy count.
  private mutating func readGroup(_ pairs: [([UInt8], [UInt8])]) {
    for (value, owner) in pairs {
      let counter = value + [UInt8(ascii: ":")] + owner + Self.counterSuffix
      guard let count = pairs.first(where: { $0.0 == counter })?.1, let holder = LockHolder(field: owner, value: count)
      else { continue }
      isMulti = true
      if let place = holders.firstIndex(where: { ($0.token, $0.thread) == (holder.token, holder.thread) }) {
        holders[place].count = max(holders[place].count ?? 0, holder.count ?? 0)
      } else if holders.count < Self.mostHolders {
        holders.append(holder)
      }
    }
  }
}
