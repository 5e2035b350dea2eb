import Core

/// Reads what locks hold: one pipeline for many locks, one more for those that were not known.
struct LockInspector {
  struct Findings {
    var locks: [LockObservation] = []
    var gone: [TrackedLock] = []
  }

  /// Locks in one pipeline.
  static let chunk = 256
  private static let fields = "8"
  /// Errors that mean the server as a whole.
  private static let general: Set<String> = ["NOAUTH", "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "UNKILLABLE"]

  /// Commands that this user or server refuses; they are not sent again on this connection.
  private(set) var denied: Set<String> = []
  /// Locks that another node of a cluster has.
  private(set) var moved = 0
  private let now: @Sendable () -> Timestamp

  init(now: @escaping @Sendable () -> Timestamp) {
    self.now = now
  }

  /// Looks at the locks, and notes in them what stays true of them.
  mutating func read(
    _ locks: inout ArraySlice<TrackedLock>, _ connection: RedisConnection, into findings: inout Findings
  ) throws(RedisError) {
    try classify(&locks, connection)
    let time = now()
    var pipeline = RedisPipeline()
    for lock in locks { ask(lock, &pipeline) }
    let channels = locks.filter { $0.form == .hash }.map(\.channel)
    let asksWaiters = !channels.isEmpty && !denied.contains("PUBSUB")
    if asksWaiters { pipeline.add("PUBSUB", "NUMSUB", keys: channels) }
    guard pipeline.count > 0 else { return }
    var replies = try connection.send(pipeline)[...]
    var waiters: [Int?] = []
    if asksWaiters, let last = replies.popLast() {
      try note(last, of: "PUBSUB")
      waiters = last.array.map { array in stride(from: 1, to: array.count, by: 2).map { array[$0].integer } } ?? []
    }
    var subscribed = waiters[...]
    for index in locks.indices {
      let listening = locks[index].form == .hash ? subscribed.popFirst() ?? nil : nil
      try take(&locks[index], &replies, waiters: listening, at: time, into: &findings)
    }
  }

  /// Finds out what the new ones are.
  private mutating func classify(
    _ locks: inout ArraySlice<TrackedLock>, _ connection: RedisConnection
  ) throws(RedisError) {
    let new = locks.indices.filter { locks[$0].form == nil }
    let extras = ["OBJECT", "MEMORY"].filter { !denied.contains($0) }
    var pipeline = RedisPipeline()
    for index in new {
      pipeline.add("TYPE", key: locks[index].key)
      if extras.contains("OBJECT") { pipeline.add("OBJECT", "IDLETIME", keys: [locks[index].key]) }
      if extras.contains("MEMORY") { pipeline.add("MEMORY", "USAGE", keys: [locks[index].key]) }
    }
    guard pipeline.count > 0 else { return }
    var replies = try connection.send(pipeline)[...]
    for index in new {
      let type = replies.popFirst() ?? .null
      try note(type, of: "TYPE")
      var values: [String: Int] = [:]
      for extra in extras {
        let reply = replies.popFirst() ?? .null
        try note(reply, of: extra)
        values[extra] = reply.integer
      }
      // Redis counts the ticks of a clock of whole seconds: nearly one of them too many.
      locks[index].idle = values["OBJECT"].map { .seconds(max(0, $0 &- 1)) }
      locks[index].form = Self.form(type.text, size: values["MEMORY"])
    }
  }

  private static func form(_ type: String?, size: Int?) -> TrackedLock.Form? {
    switch type {
    case "string": .string
    case "hash": size ?? 0 > TrackedLock.largestHash ? .other : .hash
    case nil: nil
    default: .other
    }
  }

  private func ask(_ lock: TrackedLock, _ pipeline: inout RedisPipeline) {
    guard let form = lock.form else { return }
    pipeline.add("PTTL", key: lock.key)
    switch form {
    case .string: pipeline.add("GETRANGE", key: lock.key, "0", String(LockHolder.longestToken))
    case .hash:
      pipeline.add("HSCAN", key: lock.key, "0", "COUNT", Self.fields)
      if !denied.contains("LLEN") { pipeline.add("LLEN", key: lock.queue) }
    case .other: break
    }
  }

  private mutating func take(
    _ lock: inout TrackedLock, _ replies: inout ArraySlice<RedisReply>, waiters: Int?, at time: Timestamp,
    into findings: inout Findings
  ) throws(RedisError) {
    guard let form = lock.form else { return }
    let asksQueue = form == .hash && !denied.contains("LLEN")
    let ttl = replies.popFirst() ?? .null
    let value = form == .other ? .null : replies.popFirst() ?? .null
    let queue = asksQueue ? replies.popFirst() ?? .null : .null
    try note(ttl, of: "PTTL")
    // It may have become something else since it was asked for; the next round finds out what.
    if value.error?.hasPrefix("WRONGTYPE") == true { lock.form = nil }
    guard let left = ttl.integer else { return }
    guard left != -2 else { return findings.gone.append(lock) }
    try note(value, of: form == .hash ? "HSCAN" : "GETRANGE")
    if asksQueue { try note(queue, of: "LLEN") }
    guard lock.form != nil else { return }
    var found = LockObservation(
      key: lock.text, definition: lock.definition, kind: .other, time: time,
      ttl: left < 0 ? nil : .milliseconds(left), idle: lock.idle)
    describe(&found, &lock, value, queue: queue.integer, subscribed: waiters)
    findings.locks.append(found)
  }

  private func describe(
    _ found: inout LockObservation, _ lock: inout TrackedLock, _ value: RedisReply, queue: Int?, subscribed: Int?
  ) {
    switch lock.form {
    case .string:
      found.kind = .string
      found.holders = value.bytes.map { [LockHolder(value: $0)] } ?? []
    case .hash:
      let hash = RedissonHash(value.array?.last?.array ?? [])
      found.holders = hash.holders
      guard !hash.holders.isEmpty else { return }
      lock.isReadWrite = hash.isReadWrite
      found.kind = hash.isReadWrite ? .readWrite : hash.isMulti ? .multi : queue ?? 0 > 0 ? .fairQueue : .redisson
      found.waiters = queue.flatMap { $0 > 0 ? $0 : nil } ?? subscribed
    case .other, nil: break
    }
  }

  /// Remembers what is refused; what means the whole server ends the round.
  private mutating func note(_ reply: RedisReply, of command: String) throws(RedisError) {
    guard let error = reply.error else { return }
    let code = error.split(separator: " ").first.map(String.init) ?? ""
    if Self.general.contains(code) { throw .refused(error) }
    if code == "MOVED" || code == "ASK" { moved &+= 1 }
    if code == "NOPERM" || error.contains("unknown command") { denied.insert(command) }
  }
}
