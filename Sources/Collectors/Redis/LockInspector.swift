import Clients
import Core

/// Reads the state of locks: one pipeline for many locks, plus one for new locks.
struct LockInspector {
  struct Findings {
    var locks: [LockObservation] = []
    var gone: [TrackedLock] = []
    /// Locks held by another node of the cluster, with the error text of this node.
    var moved: [(lock: TrackedLock, error: String)] = []
  }

  /// Maximum number of locks per pipeline.
  static let chunk = 256
  private static let fields = "8"
  /// Error codes that concern the whole server.
  private static let general: Set<String> = ["NOAUTH", "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "UNKILLABLE"]

  /// Commands that are refused for this user or server, with the error text. Optional commands are not repeated on this connection.
  private(set) var denied: [String: String] = [:]
  private let now: @Sendable () -> Timestamp

  init(now: @escaping @Sendable () -> Timestamp) {
    self.now = now
  }

  /// Reads the locks and stores their constant properties in them.
  mutating func read(
    _ locks: inout ArraySlice<TrackedLock>, _ connection: RedisConnection, into findings: inout Findings
  ) throws(RedisError) {
    try classify(&locks, connection)
    for lock in locks where lock.form == nil {
      if let error = lock.redirection { findings.moved.append((lock, error)) }
    }
    let time = now()
    var pipeline = RedisPipeline()
    for lock in locks { ask(lock, &pipeline) }
    let channels = locks.filter { $0.form == .hash }.map(\.channel)
    let asksWaiters = !channels.isEmpty && !denied.keys.contains("PUBSUB")
    let isSharded = asksWaiters && !denied.keys.contains("PUBSUB SHARDNUMSUB")
    pipeline.isAsking = false
    if asksWaiters { pipeline.add("PUBSUB", "NUMSUB", keys: channels) }
    if isSharded { pipeline.add("PUBSUB", "SHARDNUMSUB", keys: channels) }
    guard pipeline.count > 0 else { return }
    var replies = try connection.send(pipeline)[...]
    let sharded = isSharded ? try counts(replies.popLast(), of: "PUBSUB SHARDNUMSUB") : []
    let plain = asksWaiters ? try counts(replies.popLast(), of: "PUBSUB") : []
    // Redisson uses normal or sharded channels, depending on the server version and the mode.
    let waiters = plain.enumerated().map { place, count in
      count.map { $0 &+ (sharded.indices.contains(place) ? sharded[place] ?? 0 : 0) }
    }
    var subscribed = waiters[...]
    for index in locks.indices {
      let listening = locks[index].form == .hash ? subscribed.popFirst() ?? nil : nil
      try take(&locks[index], &replies, waiters: listening, at: time, into: &findings)
    }
  }

  /// Number of subscribers per channel, in request order.
  private mutating func counts(_ reply: RedisReply?, of command: String) throws(RedisError) -> [Int?] {
    guard let reply else { return [] }
    try note(reply, of: command)
    return reply.array.map { array in stride(from: 1, to: array.count, by: 2).map { array[$0].integer } } ?? []
  }

  /// Determines the type of new locks.
  private mutating func classify(
    _ locks: inout ArraySlice<TrackedLock>, _ connection: RedisConnection
  ) throws(RedisError) {
    let new = locks.indices.filter { locks[$0].form == nil }
    let extras = ["OBJECT", "MEMORY"].filter { !denied.keys.contains($0) }
    var pipeline = RedisPipeline()
    for index in new {
      locks[index].refusal = nil
      pipeline.isAsking = locks[index].isAsking
      pipeline.add("TYPE", key: locks[index].key)
      pipeline.add("TYPE", key: locks[index].fence)
      if extras.contains("OBJECT") { pipeline.add("OBJECT", "IDLETIME", keys: [locks[index].key]) }
      if extras.contains("MEMORY") { pipeline.add("MEMORY", "USAGE", keys: [locks[index].key]) }
    }
    guard pipeline.count > 0 else { return }
    var replies = try connection.send(pipeline)[...]
    for index in new {
      let type = replies.popFirst() ?? .null
      try note(type, of: "TYPE", &locks[index])
      locks[index].isFenced = replies.popFirst()?.text == "string"
      var values: [String: Int] = [:]
      for extra in extras {
        let reply = replies.popFirst() ?? .null
        try note(reply, of: extra, &locks[index])
        values[extra] = reply.integer
      }
      // The idle time of Redis is rounded to seconds and can be almost one second too high.
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
    pipeline.isAsking = lock.isAsking
    pipeline.add("PTTL", key: lock.key)
    switch form {
    case .string: pipeline.add("GETRANGE", key: lock.key, "0", String(LockHolder.longestToken))
    case .hash:
      pipeline.add("HSCAN", key: lock.key, "0", "COUNT", Self.fields)
      if !denied.keys.contains("LLEN") { pipeline.add("LLEN", key: lock.queue) }
    case .other: break
    }
  }

  private mutating func take(
    _ lock: inout TrackedLock, _ replies: inout ArraySlice<RedisReply>, waiters: Int?, at time: Timestamp,
    into findings: inout Findings
  ) throws(RedisError) {
    guard let form = lock.form else { return }
    let asksQueue = form == .hash && !denied.keys.contains("LLEN")
    let ttl = replies.popFirst() ?? .null
    let value = form == .other ? .null : replies.popFirst() ?? .null
    let queue = asksQueue ? replies.popFirst() ?? .null : .null
    lock.refusal = nil
    try note(ttl, of: "PTTL", &lock)
    if let error = lock.redirection { return findings.moved.append((lock, error)) }
    // The type of the key has changed since it was determined. The next round determines it again.
    if value.error?.hasPrefix("WRONGTYPE") == true { lock.form = nil }
    guard let left = ttl.integer else { return }
    guard left != -2 else { return findings.gone.append(lock) }
    try note(value, of: form == .hash ? "HSCAN" : "GETRANGE", &lock)
    if asksQueue { try note(queue, of: "LLEN") }
    // The holder may not be readable: this does not mean that there is no holder.
    guard lock.form != nil, lock.refusal == nil, value.error == nil else { return }
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
      if let bytes = value.bytes, Self.isShared(bytes) { found.idle = nil }
    case .hash:
      let hash = LockHash(value.array?.last?.array ?? [])
      found.holders = hash.holders
      guard !hash.holders.isEmpty else { return }
      lock.isReadWrite = hash.isReadWrite
      found.kind = hash.kind(queue: queue ?? 0, isFenced: lock.isFenced)
      if !hash.isJobs { found.waiters = queue.flatMap { $0 > 0 ? $0 : nil } ?? subscribed }
    case .other, nil: break
    }
  }

  /// Whether the value is an integer from 0 to 9999. Redis shares one object per such number, so its idle time is that of any key that
  /// uses it.
  private static func isShared(_ value: [UInt8]) -> Bool {
    value.count <= 4 && Int(String(decoding: value, as: UTF8.self)) != nil
  }

  /// Records refused commands. An error that concerns the whole server ends the round.
  private mutating func note(_ reply: RedisReply, of command: String) throws(RedisError) {
    guard let error = reply.error else { return }
    let code = Self.code(error)
    if Self.general.contains(code) { throw .refused(error) }
    // A permission error for a key does not mean that the command is denied.
    if code == "NOPERM", !error.contains("command") { return }
    if code == "NOPERM" || error.lowercased().contains("unknown") { denied[command] = String(error.prefix(160)) }
  }

  /// The same for a reply with an error that may concern the key of the lock.
  private mutating func note(_ reply: RedisReply, of command: String, _ lock: inout TrackedLock) throws(RedisError) {
    try note(reply, of: command)
    guard let error = reply.error else { return }
    switch Self.code(error) {
    case "MOVED", "ASK": lock.redirection = error
    case "NOPERM":
      if !error.contains("command"), lock.refusal == nil { lock.refusal = "\(command): \(error.prefix(160))" }
    default: break
    }
  }

  private static func code(_ error: String) -> String { error.split(separator: " ").first.map(String.init) ?? "" }
}
