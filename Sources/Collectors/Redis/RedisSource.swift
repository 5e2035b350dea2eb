import Clients
import Core

/// Looks at the locks of one Redis server, and writes nothing there.
package final class RedisSource: Source {
  package static let kind = SourceKind.redis

  private let settings: RedisSettings
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let random: @Sendable () -> Double
  private let thread = WorkerThread()
  private let signal = StopSignal()

  /// `random` gives 0 to 1: servers that come back are not asked by everybody at once.
  package init(
    _ settings: RedisSettings, sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp = SystemClock.now,
    random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
  ) {
    self.settings = settings
    self.sink = sink
    self.now = now
    self.random = random
  }

  /// Begins on a thread of its own and returns at once. Everything that goes wrong from here on becomes a status.
  package func start() {
    var status = SourceStatus(.redis, name: settings.name)
    sink.accept(status)
    let isStarted = thread.start { [settings, sink, signal, now, random] in
      RedisReader(settings, sink: sink, stop: signal, now: now, random: random).run()
    }
    guard !isStarted else { return }
    status.phase = .down
    status.error = "the system gives no thread to read Redis with"
    sink.accept(status)
  }

  /// Ends reading and waits for it, a second at most.
  package func stop() {
    signal.stop()
    thread.join(patience: .seconds(1))
  }
}

/// Which servers are looked at for locks, and how much of them at once.
package struct RedisSettings: Sendable {
  package static let interval = Duration.seconds(1)

  package var address: RedisAddress
  /// Among the sources of a context.
  package var name: String
  /// All servers that are named, in their order: several may be of one cluster.
  package var peers: [RedisAddress]
  package var locks: [LockDefinition]
  package var counts: [LockPattern]
  /// Between the beginnings of two rounds.
  package var interval: Duration
  /// For an answer.
  package var timeout: Duration
  /// It publishes keyspace events of strings, hashes, keys in general and those that expire. Counts only where it may not be asked.
  package var publishesKeyEvents: Bool
  /// What a round may spend on looking for keys.
  package var scanTime: Duration
  /// The `COUNT` of `SCAN`.
  package var scanCount: Int
  /// Locks that are looked at; more are only counted.
  package var mostLocks: Int

  package init(
    address: RedisAddress, name: String = "redis", peers: [RedisAddress] = [],
    locks: [LockDefinition], counts: [LockPattern] = [],
    interval: Duration = RedisSettings.interval, timeout: Duration = .seconds(2),
    publishesKeyEvents: Bool = false,
    scanTime: Duration = .milliseconds(50), scanCount: Int = 1000, mostLocks: Int = 20_000
  ) {
    self.address = address
    self.name = name
    self.peers = peers
    self.locks = locks
    self.counts = counts
    self.interval = interval
    self.timeout = timeout
    self.publishesKeyEvents = publishesKeyEvents
    self.scanTime = scanTime
    self.scanCount = max(1, scanCount)
    self.mostLocks = max(1, mostLocks)
  }
}
