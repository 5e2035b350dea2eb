import Collectors
import Core
import Glibc
import Synchronization
import TestSupport

/// CPU cost of the thread that polls 200 endpoints per second, including verdicts and storing, compared to one endpoint.
struct ServicesBenchmark {
  private static let endpoints = 200
  private static let readings = 12
  private static let path = "/actuator/health"
  private static let body =
    #"{"status":"UP","components":{"db":{"status":"UP","details":{"database":"MySQL"}},"circuitBreakers":{"status":"UP","#
    + #""details":{"payment":{"status":"UP","details":{"failureRate":"12.5%","failureRateThreshold":"50.0%","#
    + #""bufferedCalls":10,"failedCalls":1,"state":"CLOSED"}}}},"ping":{"status":"UP"}}}"#

  func run(_ budgets: Budgets) throws {
    let server = try RudeServer()
    server.answer(Self.path, Self.body)
    let one = try share(of: 1, server)
    let all = try share(of: Self.endpoints, server)
    print("services, asked each second, share of a core")
    print("    1 endpoint                    \(percent(one))")
    print("    \(Self.endpoints) endpoints                 \(percent(all)): \(Int(all / one)) times as much")
    budgets.add(
      "200 endpoints each second", all * 100, .atMost(2), unit: " % of a core",
      ratio: "\(Int(all / one)) times one endpoint", by: "services")
  }

  private func percent(_ share: Double) -> String { "\((share * 10_000).rounded() / 100) %" }

  private func share(of count: Int, _ server: RudeServer) throws -> Double {
    let services = (0..<count).map { number in
      ServiceDefinition(name: "s\(number)", instances: [.init(url: server.url(Self.path))], interval: .seconds(1))
    }
    let store = Store(
      SystemDefinition(name: "", topics: [], sagas: []), context: .init(name: ""), services: services,
      symbols: SymbolTable(), now: SystemClock.now)
    let sink = ThreadTimes(store)
    let source = HTTPSource(
      services.map { service in
        HTTPEndpoint(
          service: service.name, instance: 0, purpose: .health(HealthBodyReader()), url: service.instances[0].url,
          interval: service.interval)
      }, sink: sink)
    source.start()
    defer { source.stop() }
    guard blockUntil(.seconds(60), { sink.readings >= count * Self.readings }) else {
      throw TestFailure("\(sink.readings) readings of \(count) services in a minute")
    }
    return sink.share
  }
}

/// Forwards samples to the store and measures the CPU time of the source's thread.
private final class ThreadTimes: ObservationSink {
  private struct Times {
    var readings = 0
    var first: (wall: ContinuousClock.Instant, used: Double)?
    var last: (wall: ContinuousClock.Instant, used: Double)?
  }

  private let store: Store
  private let times = Mutex(Times())

  init(_ store: Store) {
    self.store = store
  }

  func accept(_ batch: EventBatch) {}
  func accept(_ status: SourceStatus) { store.accept(status) }
  func accept(_ reading: LagSample) {}
  func accept(_ reading: LockSample) {}

  func accept(_ actions: [ActionRecord]) {}
  func accept(_ sample: TraceSample) {}
  func accept(_ sample: PodSample) {}

  func accept(_ reading: ServiceSample) {
    store.accept(reading)
    var used = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used)
    let now = (ContinuousClock.now, Double(used.tv_sec) + Double(used.tv_nsec) / 1e9)
    times.withLock { times in
      times.readings += 1
      if times.first == nil { times.first = now }
      times.last = now
    }
  }

  var readings: Int { times.withLock { $0.readings } }

  /// Share of one core, from the first to the last sample.
  var share: Double {
    times.withLock { times in
      guard let first = times.first, let last = times.last else { return 0 }
      return (last.used - first.used) / ((last.wall - first.wall) / .seconds(1))
    }
  }
}
