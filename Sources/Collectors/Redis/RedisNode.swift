import Clients
import Core
import Text

/// One server of a source: its connections and the locks that it stores. Belongs to one thread.
final class RedisNode {
  /// The result of a round.
  struct Part {
    var reading: LockSample
    /// Keys that are stored on other nodes of the cluster.
    var moved: [(key: [UInt8], to: RedisRedirection)]
  }

  private static let flagsInterval = Duration.seconds(10)
  /// Commands without which locks cannot be read.
  private static let needed: Set<String> = ["TYPE", "PTTL", "GETRANGE", "HSCAN"]

  let address: RedisAddress
  private let settings: RedisSettings
  private let stop: StopSignal
  private let now: @Sendable () -> Timestamp
  private(set) var connection: RedisConnection?
  private var events: KeyEvents?
  private var eventsAt = Timestamp.distantPast
  private var eventsError: String?
  private var scan: KeyScan
  private var inspector: LockInspector
  private var known: TrackedLocks
  private var role: Role?
  private(set) var latency: Duration?
  /// Every key was scanned and every lock found was read.
  private(set) var isComplete = false
  /// The error of the last round, and the retry time and delay.
  var failure: RedisError?
  var retryAt = ContinuousClock.now
  var delay = RedisReader.firstDelay

  private struct Role {
    var isMaster: Bool
    var text: String
    var isConnected: Bool
  }

  init(
    _ address: RedisAddress, _ settings: RedisSettings, stop: StopSignal, now: @escaping @Sendable () -> Timestamp
  ) {
    (self.address, self.settings, self.stop, self.now) = (address, settings, stop, now)
    scan = KeyScan(settings)
    inspector = LockInspector(now: now)
    known = TrackedLocks(settings)
  }

  /// The open connection, or a new one.
  func connect() throws(RedisError) -> RedisConnection {
    if let connection { return connection }
    let entered = try RedisConnection(address, timeout: settings.timeout, stop: stop)
    connection = entered
    inspector = LockInspector(now: now)
    scan.restart()
    return entered
  }

  /// Called after a failure.
  func disconnect() {
    connection = nil
    events = nil
    eventsAt = .distantPast
  }

  func round() throws(RedisError) -> Part {
    let connection = try connect()
    let start = ContinuousClock.now
    try greet(connection)
    try listen(connection)
    let wasListening = events != nil
    let passes = scan.passes
    try scan.run(connection, until: start + settings.scanTime, atMost: start + timeForAll) { known.add($0) }
    if scan.passes != passes { known.finishPass() }
    try takeEvents()
    var part = Part(reading: LockSample(source: settings.name, time: now()), moved: [])
    try inspect(connection, into: &part)
    try takeEvents()
    (part.reading.events, part.reading.isExact) = known.takeEvents(isWhole: wasListening && events != nil)
    (part.reading.time, part.reading.took) = (now(), ContinuousClock.now - start)
    (part.reading.counts, part.reading.passes, part.reading.progress) = (scan.counts, scan.passes, scan.progress)
    part.reading.dropped = known.dropped
    return part
  }

  private func greet(_ connection: RedisConnection) throws(RedisError) {
    let asked = ContinuousClock.now
    let reply = try connection.send(RedisPipeline("PING")).first ?? .null
    // A user without permission for PING may still be allowed to use the other commands.
    if let error = reply.error, !error.hasPrefix("NOPERM") { throw .refused(error) }
    latency = ContinuousClock.now - asked
  }

  /// Requests the role of the server, and subscribes to keyspace events while the server publishes them.
  private func listen(_ connection: RedisConnection) throws(RedisError) {
    let instant = now()
    guard instant - eventsAt >= Self.flagsInterval else { return }
    eventsAt = instant
    try askRole(connection)
    guard !settings.locks.isEmpty else { return }
    let answer = try connection.send(RedisPipeline("CONFIG", "GET", "notify-keyspace-events")).first ?? .null
    let isWhole =
      answer.error.map { _ in settings.publishesKeyEvents } ?? KeyEvents.isWholeStory(answer.array?.last?.text ?? "")
    guard isWhole else {
      connection.companion = nil
      return events = nil
    }
    guard events == nil else { return }
    do throws(RedisError) {
      let events = try KeyEvents(
        RedisConnection(address, timeout: settings.timeout, stop: stop), settings, now: now)
      connection.companion = .init(descriptor: events.descriptor) { events.serve() }
      (self.events, eventsError) = (events, nil)
    } catch {
      if error == .stopped { throw error }
      eventsError = "keyspace events cannot be subscribed to: \(error.sentence)"
    }
  }

  /// `[master, …]` or `[slave, host, port, state, offset]`.
  private func askRole(_ connection: RedisConnection) throws(RedisError) {
    guard let parts = try connection.send(RedisPipeline("ROLE")).first?.array, let name = parts.first?.text else {
      return role = nil
    }
    let host = parts.count > 2 ? "\(parts[1].text ?? "?"):\(parts[2].integer ?? 0)" : "?"
    let state = parts.count > 3 ? parts[3].text ?? "?" : "?"
    role = Role(isMaster: name == "master", text: host, isConnected: name == "master" || state == "connected")
    if name == "slave", case .sentinel = address.place {
      throw .unreachable("it is a replica of \(host) now")
    }
  }

  private func takeEvents() throws(RedisError) {
    guard let events else { return }
    if stop.wait([(events.descriptor, RedisConnection.readable)], atMost: .zero).first != 0 { events.serve() }
    do throws(RedisError) {
      let (taken, isWhole) = try events.take()
      known.note(taken, isWhole: isWhole)
    } catch {
      // Locks can still be read without events. The subscription is retried later.
      eventsError = "keyspace events are lost: \(error.sentence)"
      connection?.companion = nil
      self.events = nil
    }
  }

  private var timeForAll: Duration { max(settings.interval / 2, .milliseconds(250)) }

  /// Reads the known locks within the time limit. The next round continues where this one ended.
  private func inspect(_ connection: RedisConnection, into part: inout Part) throws(RedisError) {
    let end = ContinuousClock.now + timeForAll
    var findings = LockInspector.Findings()
    var rest = known.count
    while rest > 0, ContinuousClock.now < end {
      var chunk = known.next(min(rest, LockInspector.chunk))
      rest -= chunk.count
      try inspector.read(&chunk, connection, into: &findings)
      known.put(chunk)
    }
    if rest == 0, scan.passes > 0 { isComplete = true }
    part.reading.locks = findings.locks
    part.reading.gone = findings.gone.map(\.text)
    for lock in findings.gone { known.remove(lock.key) }
    for (lock, error) in findings.moved {
      known.remove(lock.key)
      if let redirection = RedisRedirection(error, asked: host) { part.moved.append((lock.key, redirection)) }
    }
  }

  private var host: String { if case .host(let host) = address.place { host.name } else { "" } }

  /// Adds a key to which another node has redirected.
  func add(_ key: [UInt8], isAsking: Bool) { known.add(key, isAsking: isAsking) }

  /// Progress of the first pass, 0 to 1.
  var progress: Double { isComplete ? 1 : scan.passes > 0 ? 0.99 : scan.progress }

  /// The file descriptor of the event connection; `nil` if there is none.
  var descriptor: Int32? { events?.descriptor }

  func serveEvents() {
    events?.serve()
    do throws(RedisError) { try takeEvents() } catch { return }
  }
}

extension RedisNode {
  /// Why some of its locks are unknown; `nil` if all are known.
  var deficiency: String? {
    if let failure { return "\(address.name): \(failure.sentence): its locks are not known" }
    let lacking = inspector.denied.filter { Self.needed.contains($0.key) }.sorted { $0.key < $1.key }
    if let (command, error) = lacking.first.map({ ($0.key, $0.value) }) {
      return "\(address.name): the user lacks a permission for \(command) (\(error)): locks are not known"
    }
    let unreadable = known.unreadable
    if let (count, error, pattern) = unreadable {
      return
        "\(address.name): \(count) keys of `\(pattern)` may not be read (\(error)): they are not known"
    }
    if let role, !role.isConnected {
      return "\(address.name): it is a replica without a connection to its master \(role.text): locks are old"
    }
    return nil
  }

  var notes: [String] {
    var notes: [String] = []
    let auxiliary = inspector.denied.keys.sorted()
    if !auxiliary.isEmpty { notes.append("\(address.name): not allowed here: \(auxiliary.joined(separator: ", "))") }
    if let role, !role.isMaster {
      notes.append("\(address.name): it is a replica of \(role.text): locks may be behind its master")
    }
    if known.dropped > 0 { notes.append("\(address.name): \(known.dropped) locks are more than are looked at") }
    if let eventsError { notes.append("\(address.name): \(eventsError)") }
    return notes
  }
}
