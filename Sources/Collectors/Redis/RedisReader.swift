import Core

/// Looks at one server, round by round. Belongs to one thread.
final class RedisReader {
  private static let firstDelay = Duration.milliseconds(500)
  private static let longestDelay = Duration.seconds(10)
  private static let flagsInterval = Duration.seconds(10)

  private let settings: RedisSettings
  private let sink: any ObservationSink
  private let stop: StopSignal
  private let now: @Sendable () -> Timestamp
  private let random: @Sendable () -> Double
  private var connection: RedisConnection?
  private var events: KeyEvents?
  private var eventsAt = Timestamp.distantPast
  private var eventsError: String?
  private var scan: KeyScan
  private var inspector: LockInspector
  private var known: TrackedLocks
  private var status: SourceStatus
  private var delay = firstDelay
  /// Every key was passed and every lock that was found there was looked at.
  private var isComplete = false

  init(
    _ settings: RedisSettings, sink: any ObservationSink, stop: StopSignal, now: @escaping @Sendable () -> Timestamp,
    random: @escaping @Sendable () -> Double
  ) {
    self.settings = settings
    self.sink = sink
    self.stop = stop
    self.now = now
    self.random = random
    scan = KeyScan(settings)
    inspector = LockInspector(now: now)
    known = TrackedLocks(settings)
    status = SourceStatus(name: settings.name, carriesEvents: false)
  }

  /// Goes on until the program ends.
  func run() {
    while !stop.isStopped {
      do throws(RedisError) {
        let start = ContinuousClock.now
        try round(enter())
        delay = Self.firstDelay
        rest(since: start)
      } catch {
        if error == .stopped { return }
        fail(error)
        if case .unsupported = error { return }
      }
    }
  }

  /// The connection, made anew where there is none.
  private func enter() throws(RedisError) -> RedisConnection {
    if let connection { return connection }
    let entered = try RedisConnection.entered(settings, stop: stop)
    connection = entered
    inspector = LockInspector(now: now)
    scan.restart()
    return entered
  }

  private func round(_ connection: RedisConnection) throws(RedisError) {
    let start = ContinuousClock.now
    try greet(connection)
    try listen(connection)
    let wasListening = events != nil
    let passes = scan.passes
    try scan.run(connection, until: start + settings.scanTime, atMost: start + timeForAll) { known.add($0) }
    if scan.passes != passes { known.finishPass() }
    try takeEvents()
    var reading = LockSample(source: settings.name, time: now())
    try inspect(connection, into: &reading)
    try takeEvents()
    (reading.events, reading.isExact) = known.takeEvents(isWhole: wasListening && events != nil)
    (reading.time, reading.took) = (now(), ContinuousClock.now - start)
    (reading.counts, reading.passes, reading.progress) = (scan.counts, scan.passes, scan.progress)
    reading.dropped = known.dropped
    sink.accept(reading)
    succeed()
  }

  private func greet(_ connection: RedisConnection) throws(RedisError) {
    let asked = ContinuousClock.now
    var ping = RedisPipeline()
    ping.add("PING")
    let reply = try connection.send(ping).first ?? .null
    // Whoever may not ask for this may still ask for the rest.
    if let error = reply.error, !error.hasPrefix("NOPERM") { throw .refused(error) }
    status.latency = ContinuousClock.now - asked
  }

  /// Listens to the server's own account of its keys while it gives one.
  private func listen(_ connection: RedisConnection) throws(RedisError) {
    let instant = now()
    guard instant - eventsAt >= Self.flagsInterval, !settings.locks.isEmpty else { return }
    eventsAt = instant
    var question = RedisPipeline()
    question.add("CONFIG", words: ["GET", "notify-keyspace-events"])
    let answer = try connection.send(question).first ?? .null
    let isWhole =
      answer.error.map { _ in settings.publishesKeyEvents } ?? KeyEvents.isWholeStory(answer.array?.last?.text ?? "")
    guard isWhole else {
      connection.companion = nil
      return events = nil
    }
    guard events == nil else { return }
    do throws(RedisError) {
      let events = try KeyEvents(.entered(settings, stop: stop), settings, now: now)
      connection.companion = .init(descriptor: events.descriptor) { events.serve() }
      (self.events, eventsError) = (events, nil)
    } catch {
      if error == .stopped { throw error }
      eventsError = "keyspace events cannot be subscribed to: \(error.sentence)"
    }
  }

  private func takeEvents() throws(RedisError) {
    guard let events else { return }
    if stop.wait([(events.descriptor, RedisConnection.readable)], atMost: .zero).first != 0 { events.serve() }
    do throws(RedisError) {
      let (taken, isWhole) = try events.take()
      known.note(taken, isWhole: isWhole)
    } catch {
      // The locks themselves can still be read; the subscription is tried again later.
      eventsError = "keyspace events are lost: \(error.sentence)"
      connection?.companion = nil
      self.events = nil
    }
  }

  private var timeForAll: Duration { max(settings.interval / 2, .milliseconds(250)) }

  /// All known locks, as far as time allows; the next round begins where this one ended.
  private func inspect(_ connection: RedisConnection, into reading: inout LockSample) throws(RedisError) {
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
    reading.locks = findings.locks
    reading.gone = findings.gone.map(\.text)
    for lock in findings.gone { known.remove(lock.key) }
  }

  /// Until the next round is due. The first pass goes on at once, with a rest as long as its work, so that the server keeps half of its time.
  private func rest(since start: ContinuousClock.Instant) {
    let took = ContinuousClock.now - start
    let pause = !isComplete ? min(took, settings.interval) : max(settings.interval - took, settings.interval / 4)
    wait(pause)
  }

  private func wait(_ pause: Duration) {
    let end = ContinuousClock.now + pause
    while !stop.isStopped, ContinuousClock.now < end {
      let ready = stop.wait(
        events.map { [($0.descriptor, RedisConnection.readable)] } ?? [], atMost: end - ContinuousClock.now)
      guard let events, ready.first != 0 else { continue }
      events.serve()
      do throws(RedisError) { try takeEvents() } catch { return }
    }
  }
}

extension RedisReader {
  private func succeed() {
    status.phase = !isComplete ? .catchingUp : inspector.moved > 0 ? .degraded : .up
    status.isComplete = isComplete
    status.progress = isComplete ? 1 : scan.passes > 0 ? 0.99 : scan.progress
    status.lastSuccess = now()
    (status.error, status.retryAt) = (nil, nil)
    status.notes = notes
    sink.accept(status)
  }

  private var notes: [String] {
    var notes: [String] = []
    let name = settings.address.name
    if !inspector.denied.isEmpty {
      notes.append("\(name): not allowed here: \(inspector.denied.sorted().joined(separator: ", "))")
    }
    if inspector.moved > 0 { notes.append("\(name): other nodes of its cluster have some locks: name them too") }
    if known.dropped > 0 { notes.append("\(name): \(known.dropped) locks are more than are looked at") }
    if let eventsError { notes.append("\(name): \(eventsError)") }
    return notes
  }

  /// Says what failed, and waits a while that grows with each failure.
  private func fail(_ error: RedisError) {
    connection = nil
    events = nil
    eventsAt = .distantPast
    status.phase = .down
    guard case .unsupported(let reason) = error else {
      let pause = delay * (0.8 + 0.4 * random())
      delay = min(delay * 2, Self.longestDelay)
      status.retryAt = now() + pause
      let most = Self.longestDelay.components.seconds
      status.error = "\(settings.address.name): \(error.sentence); trying again, at least every \(most) s"
      sink.accept(status)
      return wait(pause)
    }
    status.error = "\(settings.address.name): \(reason)"
    sink.accept(status)
  }
}
