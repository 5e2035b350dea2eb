import Clients
import Core
import Synchronization
import Text

/// Requests traces from a trace store on demand, one at a time and at most four per second. It also checks the store periodically.
package final class TraceSource: Source {
  package static let kind = SourceKind.traces

  private let settings: TraceStoreSettings
  private let requests: TraceRequests
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let thread = WorkerThread()
  private let connections = Mutex<HTTPConnections?>(nil)
  private let isStopping = Atomic(false)

  /// `now` is the clock for the samples.
  package init(
    _ settings: TraceStoreSettings, requests: TraceRequests, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    self.requests = requests
    self.sink = sink
    self.now = now
  }

  package func start() {
    sink.accept(SourceStatus(.traces))
    guard let opened = HTTPConnections(kept: 1), let reader = TraceReader.Parts(settings, opened) else {
      return fail("libcurl cannot be started")
    }
    connections.withLock { $0 = opened }
    requests.onWant { [weak self] in self?.wake() }
    if !thread.start({ [self] in run(reader) }) { fail("the system gives no thread to ask for traces with") }
  }

  private func wake() { connections.withLock { $0?.wake() } }

  private func fail(_ reason: String) {
    var status = SourceStatus(.traces, phase: .down)
    status.error = reason
    sink.accept(status)
  }

  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    requests.onWant(nil)
    wake()
    thread.join(patience: .seconds(1))
    connections.withLock { $0 = nil }
  }

  private func run(_ parts: TraceReader.Parts) {
    let reader = TraceReader(settings, parts, requests: requests, sink: sink, now: now)
    while !isStopping.load(ordering: .relaxed) { reader.step() }
  }
}

/// Sends the requests and handles the responses. Belongs to one thread, which calls `step` in a loop.
final class TraceReader {
  /// Objects created before the thread starts.
  struct Parts: @unchecked Sendable {
    // Created by one thread, then used only by the new thread.
    let connections: HTTPConnections
    let transfer: HTTPTransfer

    init?(_ settings: TraceStoreSettings, _ connections: HTTPConnections) {
      let target = HTTPTarget(
        url: settings.url, timeout: settings.timeout, access: settings.access, accepts: "application/json",
        bodyLimit: TraceParser.longestBody)
      guard let transfer = HTTPTransfer(target) else { return nil }
      (self.connections, self.transfer) = (connections, transfer)
    }
  }

  private enum Request: Equatable {
    case trace(TraceID)
    /// The same with the second API of Tempo.
    case secondTrace(TraceID)
    /// Checks whether the store is available.
    case check
  }

  /// From the start of one request to the start of the next.
  private static let pause = Duration.milliseconds(250)
  private static let checkInterval = Duration.seconds(30)
  private static let longestWait = Duration.seconds(1)

  private let settings: TraceStoreSettings
  private let parts: Parts
  private let requests: TraceRequests
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let clock = ContinuousClock()
  private var status = SourceStatus(.traces)
  private var backoff = Backoff()
  private var underWay: Request?
  private var next: Request?
  private var nextAt = ContinuousClock.now
  private var checkAt = ContinuousClock.now

  init(
    _ settings: TraceStoreSettings, _ parts: Parts, requests: TraceRequests, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.settings = settings
    self.parts = parts
    self.requests = requests
    self.sink = sink
    self.now = now
    status.patience = .seconds(90)
  }

  deinit {
    if underWay != nil { parts.connections.remove(parts.transfer) }
  }

  func step() {
    if status.phase == .down, clock.now < nextAt { refuseWanted() }
    if underWay == nil, clock.now >= nextAt, let request = due() { start(request) }
    parts.connections.work { _, end in finish(end) }
    let wait = underWay == nil ? min(max(.zero, nextAt - clock.now), Self.longestWait) : Self.longestWait
    parts.connections.wait(atMost: underWay == nil && wait == .zero ? .milliseconds(200) : wait)
  }

  private func due() -> Request? {
    if let next { return next }
    if !status.isComplete { return .check }
    if let id = requests.take() { return .trace(id) }
    return clock.now >= checkAt ? .check : nil
  }

  private func start(_ request: Request) {
    (next, underWay) = (nil, request)
    nextAt = clock.now + Self.pause
    parts.transfer.setURL(url(request), headers: [])
    parts.connections.start(parts.transfer)
  }

  private func url(_ request: Request) -> String {
    switch (request, settings.kind) {
    case (.trace(let id), .zipkin): "\(settings.url)/api/v2/trace/\(id.text)"
    case (.trace(let id), _): "\(settings.url)/api/traces/\(id.text)"
    case (.secondTrace(let id), _): "\(settings.url)/api/v2/traces/\(id.text)"
    case (.check, .zipkin): "\(settings.url)/api/v2/services"
    case (.check, .jaeger): "\(settings.url)/api/services"
    case (.check, .tempo): "\(settings.url)/api/echo"
    }
  }

  private func finish(_ end: HTTPEnd) {
    guard let request = underWay else { return }
    underWay = nil
    let transfer = parts.transfer
    parts.connections.remove(transfer)
    guard transfer.isAnswered(end) else { return fail(request, transfer.failure(end).text) }
    status.latency = transfer.phases.total
    status.bytes += transfer.bytes.count
    let place = transfer.target.place
    switch (request, transfer.status) {
    case (.check, 200..<300): well()
    // An old version of Tempo lacks this endpoint.
    case (.check, 404) where settings.kind == .tempo: well()
    case (.trace(let id), 404) where settings.kind == .tempo: next = .secondTrace(id)
    case (.trace(let id), 404), (.secondTrace(let id), 404):
      well()
      give(id, .missing)
    case (.trace(let id), 200..<300), (.secondTrace(let id), 200..<300): read(id, place)
    case (_, 401), (_, 403): fail(request, "\(place): HTTP \(transfer.status): it asks for a login, or for another one")
    default: fail(request, "\(place): HTTP \(transfer.status)")
    }
  }

  private func read(_ id: TraceID, _ place: String) {
    well()
    if parts.transfer.isCut {
      return give(id, .failed("\(place): the trace is larger than \(Quantity.bytes(TraceParser.longestBody))"))
    }
    guard let trace = TraceParser.trace(id, settings.kind, parts.transfer.bytes, now: now()) else {
      return give(id, .failed("\(place): the answer is none of \(settings.kind.rawValue)"))
    }
    if trace.spans.isEmpty, trace.dropped > 0 {
      let what =
        "none of \(trace.dropped) spans of the answer can be used: they are of another trace, or have impossible times"
      return give(id, .failed("\(place): \(what)"))
    }
    give(id, trace.spans.isEmpty ? .missing : .found(trace))
  }

  private func give(_ id: TraceID, _ outcome: TraceSample.Outcome) {
    status.messages += 1
    sink.accept(TraceSample(id: id, time: now(), outcome: outcome))
    sink.accept(status)
  }

  private func well() {
    backoff.reset()
    checkAt = clock.now + Self.checkInterval
    (status.phase, status.isComplete, status.lastSuccess) = (.up, true, now())
    (status.error, status.retryAt) = (nil, nil)
    sink.accept(status)
  }

  /// The store is unavailable: open requests fail immediately, so that no caller waits for them.
  private func fail(_ request: Request, _ reason: String) {
    let wait = backoff.next()
    checkAt = clock.now + wait
    nextAt = max(nextAt, request == .check ? checkAt : nextAt)
    (status.phase, status.error, status.retryAt) = (.down, "\(reason); trying again", now() + wait)
    switch request {
    case .trace(let id), .secondTrace(let id): sink.accept(TraceSample(id: id, time: now(), outcome: .failed(reason)))
    case .check: refuseWanted()
    }
    sink.accept(status)
  }

  private func refuseWanted() {
    let reason = status.error ?? "no answer"
    while let id = requests.take() { sink.accept(TraceSample(id: id, time: now(), outcome: .failed(reason))) }
  }
}
