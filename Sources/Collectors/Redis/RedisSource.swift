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
