import Clients
import Core

/// Reads the locks of one Redis server or cluster. It writes nothing there.
package final class RedisSource: Source {
  package static let kind = SourceKind.redis

  private let settings: RedisSettings
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let random: @Sendable () -> Double
  private let thread = WorkerThread()
  private let signal = StopSignal()

  /// `random` returns 0 to 1. It spreads reconnects, so that clients do not all reconnect at the same time.
  package init(
    _ settings: RedisSettings, sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp = SystemClock.now,
    random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
  ) {
    self.settings = settings
    self.sink = sink
    self.now = now
    self.random = random
  }

  /// Starts reading on a new thread and returns immediately. Later errors are reported in the status.
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

  /// Stops reading and waits at most one second.
  package func stop() {
    signal.stop()
    thread.join(patience: .seconds(1))
  }
}

/// Which servers are read for locks, and the limits of a round.
package struct RedisSettings: Sendable {
  package static let interval = Duration.seconds(1)

  package var address: RedisAddress
  /// Name of the source in the context.
  package var name: String
  /// All configured servers in their order; several may belong to one cluster.
  package var peers: [RedisAddress]
  package var locks: [LockDefinition]
  package var counts: [LockPattern]
  /// From the start of one round to the start of the next.
  package var interval: Duration
  /// Response timeout.
  package var timeout: Duration
  /// Keyspace events for strings, hashes, generic commands and expiry are enabled. Used only if CONFIG GET is denied.
  package var publishesKeyEvents: Bool
  /// Time for scanning keys per round.
  package var scanTime: Duration
  /// The `COUNT` of `SCAN`.
  package var scanCount: Int
  /// Maximum number of locks that are read; further locks are only counted.
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
