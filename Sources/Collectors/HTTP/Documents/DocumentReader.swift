import Clients
import Core

/// Requests documents and delivers their messages. Belongs to one thread, which calls `step` in a loop.
final class DocumentReader {
  private static let reportInterval = Duration.seconds(1)
  private static let longestWait = Duration.seconds(1)

  private struct Report {
    var status: SourceStatus?
    var at = ContinuousClock.now
  }

  private let connections: HTTPConnections
  private let polls: [DocumentPoll]
  private let places: [UnsafeMutableRawPointer: Int]
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let clock = ContinuousClock()
  private var schedule: HTTPSchedule
  private var reports: [Report]

  init(
    _ polls: [DocumentPoll], connections: HTTPConnections, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.polls = polls
    self.connections = connections
    self.sink = sink
    self.now = now
    places = Dictionary(polls.enumerated().map { ($1.transfer.handle, $0) }) { first, _ in first }
    schedule = HTTPSchedule(polls.map(\.interval), start: clock.now)
    reports = polls.map { _ in Report() }
  }

  deinit {
    for poll in polls { connections.remove(poll.transfer) }
  }

  /// Handles responses, starts the requests that are due, and waits for the next event, at most one second.
  func step() {
    for index in schedule.take(at: clock.now) {
      polls[index].prepare(at: now())
      connections.start(polls[index].transfer)
    }
    connections.work { handle, code in if let index = places[handle] { finish(index, code) } }
    for index in polls.indices { report(index) }
    let instant = clock.now
    let next = schedule.next(after: instant).map { min($0 - instant, Self.longestWait) } ?? Self.longestWait
    if next > .zero { connections.wait(atMost: next) }
  }

  private func finish(_ index: Int, _ code: HTTPEnd) {
    let next = polls[index].finish(code, at: now())
    connections.remove(polls[index].transfer)
    schedule.finish(index, at: clock.now)
    switch next {
    case .atOnce: schedule.hasten(index, to: clock.now)
    case .inTurn: break
    case .notBefore(let wait): schedule.postpone(index, to: clock.now + wait)
    }
  }

  /// Reports changes to the sink immediately, and progress at a regular interval.
  private func report(_ index: Int) {
    let status = polls[index].status
    let known = reports[index].status
    let hasTurned =
      known?.phase != status.phase || known?.retryAt != status.retryAt || known?.isComplete != status.isComplete
    guard hasTurned || known?.error != status.error || (clock.now >= reports[index].at && known != status) else {
      return
    }
    reports[index] = Report(status: status, at: clock.now + Self.reportInterval)
    sink.accept(status)
  }
}
