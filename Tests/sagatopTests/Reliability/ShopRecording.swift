import Core
import Foundation
import Synchronization
import Testing

@testable import Collectors
@testable import Configuration

/// One minute of the demo shop, with a payment outage from second 8 to 26, and the demo's ledger.
final class ShopRecording {
  private enum Observation {
    case batch(EventBatch)
    case status(SourceStatus)
    case lag(LagSample)
    case locks(LockSample)
    case service(ServiceSample)

    /// Name of the source. Events come from Kafka only.
    var source: String {
      switch self {
      case .batch: "kafka"
      case .status(let status): status.name
      case .lag: "lag"
      case .locks: "redis"
      case .service: "services"
      }
    }
  }

  private final class Collector: ObservationSink {
    let clock: ObservationClock
    let all = Mutex<[(time: Timestamp, observation: Observation)]>([])

    init(_ clock: ObservationClock) { self.clock = clock }

    private func take(_ observation: Observation) { all.withLock { $0.append((clock.time, observation)) } }

    func accept(_ batch: EventBatch) { take(.batch(batch)) }
    func accept(_ status: SourceStatus) { take(.status(status)) }
    func accept(_ reading: LagSample) { take(.lag(reading)) }
    func accept(_ reading: LockSample) { take(.locks(reading)) }
    func accept(_ reading: ServiceSample) { take(.service(reading)) }
    func accept(_ actions: [ActionRecord]) {}
    func accept(_ sample: TraceSample) {}
    func accept(_ sample: PodSample) {}
  }

  private static let services = ["order", "inventory", "payment", "delivery", "notification"]
  private let symbols = SymbolTable()
  private let system: SystemDefinition
  private let observations: [(time: Timestamp, observation: Observation)]
  let start: Timestamp

  init() throws {
    system = try Presets.load("spring", environment: [:])
    let clock = ObservationClock()
    let collector = Collector(clock)
    let player = try RecordingPlayer(
      [Self.fixture("shop.jsonl.zst")], system: system, clock: clock, symbols: symbols, sink: collector)
    start = player.next ?? .distantPast
    while player.step() {}
    #expect(player.complaints.isEmpty)
    observations = collector.all.withLock { $0 }
  }

  private static func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
  }

  /// Events published by the demo until it was closed, by order.
  static func ledger() throws -> [String: Set<String>] {
    try String(contentsOfFile: fixture("ledger.csv"), encoding: .utf8).split(separator: "\n").reduce(into: [:]) {
      let fields = $1.split(separator: ",").map(String.init)
      $0[fields[1], default: []].insert(fields[2])
    }
  }

  /// Time without data after which the source is shown as silent.
  func patience(of source: String) -> Duration {
    switch source {
    // Per instance: three intervals, the timeout and a second.
    case "services": .seconds(7)
    case "lag": .seconds(10)
    default: .seconds(22)
    }
  }

  /// Seconds since the start, rounded.
  func place(of instant: Timestamp) -> Int { Int((instant - start).seconds.rounded()) }

  /// Replays the recording into a new store. From `instant` on, the source `silenced` delivers nothing or, with `tells`, only the status
  /// down. Calls `look` at each second for which `isWanted` is true.
  func run<Look>(
    silencing silenced: String? = nil, at instant: Timestamp = .distantPast, tells: Bool = false,
    _ isWanted: (Int) -> Bool, at look: (Store, Timestamp) throws -> Look
  ) rethrows -> [Look] {
    let clock = ObservationClock()
    let store = Store(
      system, context: .init(name: "demo"), services: Self.services.map(Self.service), symbols: symbols,
      now: { clock.time })
    var (looks, second, isSilent): ([Look], Int, Bool) = ([], 0, false)
    for (time, observation) in observations {
      while start + .seconds(second) < time {
        clock.set(start + .seconds(second))
        if isWanted(second) { looks.append(try look(store, clock.time)) }
        second += 1
      }
      if let silenced, time >= instant, !isSilent {
        isSilent = true
        clock.set(instant)
        if tells, var status = store.sources.first(where: { $0.name == silenced }) {
          (status.phase, status.error) = (.down, "connection refused")
          store.accept(status)
        }
      }
      clock.set(time)
      guard !isSilent || observation.source != silenced else { continue }
      Self.hand(observation, to: store)
    }
    return looks
  }

  private static func hand(_ observation: Observation, to store: Store) {
    switch observation {
    case .batch(let batch): store.accept(batch)
    case .status(let status): store.accept(status)
    case .lag(let sample): store.accept(sample)
    case .locks(let sample): store.accept(sample)
    case .service(let sample): store.accept(sample)
    }
  }

  private static func service(_ name: String) -> ServiceDefinition {
    ServiceDefinition(
      name: "\(name)-service",
      instances: (1...2).map { .init(url: "http://\(name)-\($0)/actuator/health", node: "node-\($0)") },
      interval: .seconds(1))
  }
}
