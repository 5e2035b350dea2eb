import Clients
import Core
import Synchronization

/// Polls the health and metrics of services over HTTP, each at its interval, all on one thread.
package final class HTTPSource: Source {
  package static let kind = SourceKind.services

  /// Connections kept open between requests. Each one is a file descriptor, and a process usually has at most 1,024.
  private static let mostKept = 256

  private let endpoints: [HTTPEndpoint]
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let thread = WorkerThread()
  private let connections = Mutex<HTTPConnections?>(nil)
  private let isStopping = Atomic(false)

  /// `now` is the clock for the samples.
  package init(
    _ endpoints: [HTTPEndpoint], sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.endpoints = endpoints
    self.sink = sink
    self.now = now
  }

  /// Starts polling on a new thread and returns immediately. Later errors become samples or are reported in the status.
  package func start() {
    sink.accept(SourceStatus(.services))
    guard let opened = HTTPConnections(kept: min(endpoints.count, Self.mostKept)) else {
      return fail("libcurl cannot be started")
    }
    connections.withLock { $0 = opened }
    if !thread.start({ [self] in run(opened) }) { fail("the system gives no thread to ask services with") }
  }

  private func fail(_ reason: String) {
    var status = SourceStatus(.services, phase: .down)
    status.error = reason
    sink.accept(status)
  }

  /// Stops polling and waits at most one second.
  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    connections.withLock { $0?.wake() }
    thread.join(patience: .seconds(1))
    connections.withLock { $0 = nil }
  }

  private func run(_ connections: HTTPConnections) {
    let reader = HTTPReader(endpoints, connections: connections, sink: sink, now: now)
    while !isStopping.load(ordering: .relaxed) { reader.step() }
  }
}

/// One polled URL and how its responses are interpreted.
package struct HTTPEndpoint: Sendable {
  package enum Purpose: Sendable {
    case health(HealthBodyReader)
    case metrics(PrometheusText)
  }

  package var service: String
  /// Index of the instance in the definition of its service.
  package var instance: Int
  package var purpose: Purpose
  /// Without credentials.
  package var url: String
  package var interval: Duration
  package var timeout: Duration
  package var access: HTTPAccess

  package init(
    service: String, instance: Int, purpose: Purpose, url: String, interval: Duration = .seconds(2),
    timeout: Duration = .seconds(2), access: HTTPAccess = HTTPAccess()
  ) {
    self.service = service
    self.instance = instance
    self.purpose = purpose
    self.url = url
    self.interval = max(.milliseconds(100), interval)
    self.timeout = max(.milliseconds(10), timeout)
    self.access = access
  }

  var target: HTTPTarget {
    switch purpose {
    case .health:
      HTTPTarget(
        url: url, timeout: timeout, access: access, accepts: "application/json, text/plain;q=0.9, */*;q=0.5",
        bodyLimit: 256 << 10)
    case .metrics:
      HTTPTarget(
        url: url, timeout: timeout, access: access,
        accepts: "text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1",
        bodyLimit: 4 << 20)
    }
  }
}
