import CHiredis
import Glibc

/// One connection, used by one thread. Calls block for at most their timeout and return at once when the program is ending.
///
/// Responses are limited by elements, by bytes, and by one deadline for all responses of a pipeline.
package final class RedisConnection {
  /// Maximum bytes of one reply. Larger than any expected reply.
  private static let mostBytes = 8 << 20
  /// Maximum elements of an unsolicited reply, such as a pub/sub message.
  private static let elementsOfMessage = 64

  /// Another connection that is served while this one waits.
  package struct Companion {
    package var descriptor: Int32
    /// Returns false when the companion need not be served any more.
    package var serve: () -> Bool

    package init(descriptor: Int32, serve: @escaping () -> Bool) {
      self.descriptor = descriptor
      self.serve = serve
    }
  }

  /// Poll events for `StopSignal.wait`.
  package static let readable = Int32(POLLIN)

  private let context: UnsafeMutablePointer<redisContext>
  private let budget: UnsafeMutablePointer<sg_redis_budget>
  private let stop: StopSignal
  private let timeout: Duration
  /// Deadline for all operations on the connection.
  private let lastInstant: ContinuousClock.Instant?
  private var socket: RedisSocket
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  private var bytesOfReply = 0
  private var mostElements = elementsOfMessage
  package var companion: Companion?

  /// Connects, authenticates and selects the database. `timeout` applies to each of these steps and to each pipeline, `deadline` to the
  /// whole connection. `isNamed` sets the client name with `CLIENT SETNAME`. Name resolution may take as long as the system's resolver
  /// does.
  package convenience init(
    _ address: RedisAddress, timeout: Duration, deadline: ContinuousClock.Instant? = nil, isNamed: Bool = true,
    stop: StopSignal
  ) throws(RedisError) {
    var place = address.place
    if case .sentinel(let sentinels, let master) = place {
      place = .host(
        try RedisSentinel.master(master, sentinels, address, timeout: timeout, deadline: deadline, stop: stop))
    }
    try self.init(place, address.tls, timeout: timeout, deadline: deadline, stop: stop)
    if let password = address.password {
      _ = try send("AUTH", [address.user, password].compactMap { $0 })
    }
    if address.database != 0 { _ = try send("SELECT", [String(address.database)]) }
    guard isNamed else { return }
    // A denied `CLIENT SETNAME` is ignored, unless the error means that no command is possible.
    let answer = try send(RedisPipeline("CLIENT", "SETNAME", "sagatop")).first
    if let error = answer?.error, error.hasPrefix("NOAUTH") || error.hasPrefix("LOADING") { throw .refused(error) }
  }

  /// Connects and performs the TLS handshake if configured.
  init(
    _ place: RedisAddress.Place, _ tls: RedisAddress.TLS?, timeout: Duration, deadline: ContinuousClock.Instant?,
    stop: StopSignal
  ) throws(RedisError) {
    var host = ""
    let made: UnsafeMutablePointer<redisContext>?
    switch place {
    case .host(let server):
      host = server.name
      made = redisConnectNonBlock(server.name, Int32(clamping: server.port))
    case .socket(let path): made = redisConnectUnixNonBlock(path)
    case .sentinel: made = nil
    }
    guard let made else { throw .unreachable("no memory for a connection") }
    context = made
    budget = .allocate(capacity: 1)
    budget.initialize(to: sg_redis_budget())
    if let reader = made.pointee.reader { sg_redis_bound(reader, budget) }
    (self.stop, self.timeout, lastInstant) = (stop, timeout, deadline)
    socket = RedisSocket(made.pointee.fd)
    guard made.pointee.err == 0 else { throw .unreachable(Self.message(made)) }
    if !host.isEmpty { redisEnableKeepAlive(made) }
    try awaitConnection()
    guard let tls else { return }
    socket = try RedisSocket(descriptor, host: host, tls)
    let end = self.end
    _ = try finish(until: end) { $0.shakeHands() }
  }

  deinit {
    redisFree(context)
    budget.deallocate()
  }

  package static var version: String { "\(HIREDIS_MAJOR).\(HIREDIS_MINOR).\(HIREDIS_PATCH)" }

  package var descriptor: Int32 { context.pointee.fd }

  private var end: ContinuousClock.Instant {
    let end = ContinuousClock.now + timeout
    return lastInstant.map { min($0, end) } ?? end
  }

  private func awaitConnection() throws(RedisError) {
    let end = end
    while true {
      if try wait(for: POLLOUT, until: end) { break }
    }
    var reason: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &length)
    if reason != 0 { throw .unreachable(RedisSocket.text(of: reason)) }
  }

  /// Sends the commands together and waits for all replies. Each reply may be an error. One deadline applies to all replies; received
  /// bytes do not extend it.
  package func send(_ pipeline: RedisPipeline) throws(RedisError) -> [RedisReply] {
    guard !hasSurplus else { throw .unreachable("it answers what was not asked") }
    mostElements = pipeline.mostElements
    defer { mostElements = Self.elementsOfMessage }
    let end = end
    try write(pipeline, until: end)
    var replies: [RedisReply] = []
    replies.reserveCapacity(pipeline.count)
    var taken = 0
    while taken < pipeline.count {
      if let reply = try nextReply() {
        if !pipeline.askings.contains(taken) { replies.append(reply) }
        taken += 1
      } else if try wait(for: POLLIN, until: end) {
        try read()
      }
    }
    return replies
  }

  /// Data remains after all expected replies. The next reply would be assigned to the wrong command.
  private var hasSurplus: Bool {
    guard let reader = context.pointee.reader else { return false }
    return reader.pointee.pos < reader.pointee.len || reader.pointee.ridx >= 0
  }

  /// Sends one command. An error reply is thrown.
  package func send(_ name: String, _ words: [String] = []) throws(RedisError) -> RedisReply {
    var pipeline = RedisPipeline()
    pipeline.add(name, words: words)
    let reply = try send(pipeline).first ?? .null
    if case .error(let text) = reply { throw .refused(text) }
    return reply
  }

  /// Sends without waiting for a reply.
  package func write(_ pipeline: RedisPipeline) throws(RedisError) { try write(pipeline, until: end) }

  private func write(_ pipeline: RedisPipeline, until end: ContinuousClock.Instant) throws(RedisError) {
    var rest = pipeline.bytes[...]
    while !rest.isEmpty {
      // A server may stop reading until its replies are read.
      let step = rest.withUnsafeBytes { socket.write($0) }
      switch step {
      case .done(let count): rest = rest.dropFirst(count)
      case .failed(let reason): throw .unreachable(reason)
      case .wait(let events):
        if try wait(for: events | POLLIN, until: end, orReadable: true) { try read() }
      }
    }
  }

  /// The replies and messages received so far.
  package func received() throws(RedisError) -> [RedisReply] {
    try read()
    var replies: [RedisReply] = []
    while let reply = try nextReply() { replies.append(reply) }
    return replies
  }

  private func nextReply() throws(RedisError) -> RedisReply? {
    // A partially parsed reply keeps its remaining budget.
    if context.pointee.reader.pointee.ridx < 0 { budget.pointee.elements = Int64(mostElements) }
    var reply: UnsafeMutableRawPointer?
    guard redisReaderGetReply(context.pointee.reader, &reply) == REDIS_OK else {
      if context.pointee.reader.pointee.err == REDIS_ERR_OOM { throw .tooLarge }
      throw .unreachable("its answer is not Redis's protocol")
    }
    if reply != nil { bytesOfReply = 0 }
    return reply.map { RedisReply(taking: $0) }
  }

  /// Reads the available bytes without waiting.
  private func read() throws(RedisError) {
    repeat {
      switch buffer.withUnsafeMutableBytes({ socket.read(into: $0) }) {
      case .wait: return
      case .failed(let reason): throw .unreachable(reason)
      case .done(let count):
        bytesOfReply += count
        guard bytesOfReply <= Self.mostBytes else { throw .tooLarge }
        let isTaken = buffer.withUnsafeBytes { bytes in
          redisReaderFeed(
            context.pointee.reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), count)
        }
        guard isTaken == REDIS_OK else { throw .tooLarge }
      }
    } while socket.hasPending
  }

  private func finish(
    until end: ContinuousClock.Instant, _ step: (RedisSocket) -> RedisSocket.Step
  ) throws(RedisError) -> Int {
    while true {
      switch step(socket) {
      case .done(let count): return count
      case .failed(let reason): throw .unreachable(reason)
      case .wait(let events): _ = try wait(for: events, until: end)
      }
    }
  }

  /// Whether the connection is ready; false if only the companion was ready.
  private func wait(
    for events: Int32, until end: ContinuousClock.Instant, orReadable: Bool = false
  ) throws(RedisError) -> Bool {
    let rest = end - ContinuousClock.now
    guard rest > .zero else { throw .slow(timeout) }
    let ready = stop.wait(
      [(descriptor, events)] + (companion.map { [($0.descriptor, POLLIN)] } ?? []), atMost: rest)
    if stop.isStopped { throw .stopped }
    if let served = companion, ready.count > 1, ready[1] != 0, !served.serve() { companion = nil }
    return orReadable ? ready[0] & ~POLLOUT != 0 : ready[0] != 0
  }

  private static func message(_ context: UnsafeMutablePointer<redisContext>) -> String {
    let text = withUnsafePointer(to: &context.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: context.pointee.errstr)) {
        String(cString: $0)
      }
    }
    return text.isEmpty ? "the connection failed" : text.prefix(1).lowercased() + text.dropFirst()
  }
}
