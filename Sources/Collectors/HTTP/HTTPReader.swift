import Clients
import Core
import Text

/// Polls endpoints and delivers their responses. Belongs to one thread, which calls `step` in a loop.
final class HTTPReader {
  private static let reportInterval = Duration.seconds(1)
  private static let longestWait = Duration.seconds(1)
  /// A rate needs two scrapes: the second one follows soon after the first.
  private static let secondScrape = Duration.seconds(1)

  private struct Slot {
    let probe: ServiceProbe
    var readings = 0
    /// Why the last request gave no result, and whether the reason is local.
    var failure: (text: String, isOwn: Bool)?
  }

  private let connections: HTTPConnections
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let clock = ContinuousClock()
  private var slots: [Slot]
  private let places: [UnsafeMutableRawPointer: Int]
  private var schedule: HTTPSchedule
  private var status = SourceStatus(.services)
  private var reported: SourceStatus?
  private var reportAt = ContinuousClock.now

  init(
    _ endpoints: [HTTPEndpoint], connections: HTTPConnections, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.connections = connections
    self.sink = sink
    self.now = now
    slots = endpoints.compactMap { ServiceProbe($0) }.map { Slot(probe: $0) }
    places = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1.probe.transfer.handle, $0) })
    schedule = HTTPSchedule(slots.map(\.probe.endpoint.interval), start: clock.now)
  }

  deinit {
    for slot in slots { connections.remove(slot.probe.transfer) }
  }

  /// Handles responses, starts the requests that are due, and waits for the next event, at most one second.
  func step() {
    for index in schedule.take(at: clock.now) { connections.start(slots[index].probe.transfer) }
    connections.work { handle, code in if let index = places[handle] { finish(index, code) } }
    report()
    let instant = clock.now
    let next = schedule.next(after: instant).map { min($0 - instant, Self.longestWait) } ?? Self.longestWait
    if next > .zero { connections.wait(atMost: next) }
  }

  private func finish(_ index: Int, _ code: HTTPEnd) {
    let probe = slots[index].probe
    let outcome = probe.outcome(code)
    connections.remove(probe.transfer)
    schedule.finish(index, at: clock.now)
    let instant = now()
    slots[index].readings += 1
    note(outcome, index, at: instant)
    sink.accept(
      ServiceSample(
        service: probe.endpoint.service, instance: probe.endpoint.instance, time: instant, outcome: outcome))
  }

  private func note(_ outcome: ServiceSample.Outcome, _ index: Int, at instant: Timestamp) {
    switch outcome {
    case .answered(let answer):
      slots[index].failure = nil
      status.latency = answer.phases.total
      status.bytes += answer.length
    case .metrics:
      slots[index].failure = nil
      if slots[index].readings == 1 { schedule.hasten(index, to: clock.now + Self.secondScrape) }
    case .failed(let text), .noMetrics(let text): slots[index].failure = (text, false)
    case .notAsked(let text): slots[index].failure = (text, true)
    }
    // A service that does not respond is also a result.
    if slots[index].failure?.isOwn != true { status.lastSuccess = instant }
    status.messages += 1
  }

  /// Rates need two scrapes, unless the first one failed.
  private func isComplete(_ slot: Slot) -> Bool {
    guard case .metrics = slot.probe.endpoint.purpose else { return slot.readings > 0 }
    return slot.readings > (slot.failure == nil ? 1 : 0)
  }

  /// A service that does not respond gets its own verdict. The source is degraded only if no request can be sent or all services are
  /// silent.
  private func settle() {
    status.isComplete = status.isComplete || slots.allSatisfy(isComplete)
    let asked = slots.filter { $0.readings > 0 }
    let failures = asked.compactMap(\.failure)
    let own = failures.first(where: \.isOwn)
    let isSilent = failures.count == asked.count && asked.count > 1
    status.phase = asked.isEmpty ? .connecting : own != nil || isSilent ? .degraded : .up
    status.error = nil
    let again = "; trying again every \(Quantity.latency(slots.map(\.probe.endpoint.interval).min()))"
    if let own {
      status.error = own.text + again
    } else if isSilent, let first = failures.first {
      status.error = "none of \(asked.count) endpoints answers: \(first.text)\(again)"
    }
  }

  /// Reports changes to the sink immediately, and progress at a regular interval.
  private func report() {
    settle()
    let hasTurned = reported?.phase != status.phase || reported?.isComplete != status.isComplete
    let isDue = clock.now >= reportAt && reported != status
    guard hasTurned || reported?.error != status.error || isDue else { return }
    reportAt = clock.now + Self.reportInterval
    reported = status
    sink.accept(status)
  }
}
