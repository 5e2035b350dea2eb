import Clients
import Core

/// Runs a command, reads its output, and restarts the command after it exits. Belongs to one thread.
final class CommandReader {
  /// The initial output counts as fully read after this time, once no more output is available.
  private static let warmUp = Duration.milliseconds(500)
  /// The same limit for a command that has printed nothing.
  private static let silence = Duration.seconds(3)
  /// A run of at least this length does not count as a failed start.
  private static let settled = Duration.seconds(10)
  private static let reportInterval = Duration.seconds(1)
  /// A run may take `slowdown` times as long as the previous one, and at least `leastPatience`, before the command counts as silent.
  private static let slowdown = 5
  private static let leastPatience = Duration.seconds(10)

  private let command: CommandDefinition
  private let stop: StopSignal
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let clock = ContinuousClock()
  private var feed: MessageFeed
  private var lines: LineReader
  private var splitter = LineSplitter()
  private var errors = ErrorTail()
  private var backoff = Backoff()
  private var status: SourceStatus
  private var reported: SourceStatus?
  private var reportAt = ContinuousClock.now
  private var unknown = 0

  init(
    _ command: CommandDefinition, feed: consuming MessageFeed, stop: StopSignal, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.command = command
    self.feed = feed
    self.stop = stop
    self.sink = sink
    self.now = now
    lines = LineReader(command)
    status = SourceStatus(.command, name: CommandSource.name(of: command))
  }

  /// Blocks until it is stopped. The command has exited when this returns.
  func run() {
    stop.untilStopped {
      defer { report() }
      return runOnce()
    }
  }

  /// Returns the delay before the next run.
  private func runOnce() -> Duration {
    lines = LineReader(command)
    (splitter, errors) = (LineSplitter(), ErrorTail())
    let startedAt = clock.now
    do throws(CommandProcess.Failure) {
      let process = try CommandProcess(command.run)
      read(process)
      if stop.isStopped { return .zero }
      return ended(process, after: clock.now - startedAt)
    } catch {
      return fail(error.text)
    }
  }

  private func read(_ process: CommandProcess) {
    let startedAt = clock.now
    var firstAt: ContinuousClock.Instant?
    var isSettled = false
    var output = ProcessOutput(process)
    while !output.isOver, !stop.isStopped {
      let isDue = firstAt.map { clock.now - $0 >= Self.warmUp } ?? (clock.now - startedAt >= Self.silence)
      let patience = isSettled ? Duration.seconds(1) : isDue ? .zero : .milliseconds(100)
      let before = status.bytes
      let isDrained = !output.read(stop, atMost: patience) { take($0, isError: $1) }
      if status.bytes != before, firstAt == nil { firstAt = clock.now }
      if isDrained, process.exitCode() != nil { break }
      isSettled = isSettled || (isDue && isDrained)
      settle(isSettled, hasPrinted: firstAt != nil)
      report()
    }
    splitter.finish { take($0) }
    errors.finish()
    feed.flush()
  }

  private func take(_ bytes: ArraySlice<UInt8>, isError: Bool) {
    guard !isError else { return errors.add(bytes) }
    status.bytes += bytes.count
    status.lastSuccess = now()
    var splitter = splitter
    splitter.add(bytes) { take($0) }
    self.splitter = splitter
    feed.flush()
    status.messages = feed.count
  }

  private func take(_ line: [UInt8]) {
    guard line.contains(where: { $0 != UInt8(ascii: " ") }) else { return }
    let instant = now()
    switch lines.read(line) {
    case .found(let found): for one in found { feed.take(one, at: instant) }
    case .broken(let bytes): feed.take(bytes, type: nil, at: instant)
    case .unknown: unknown += 1
    }
  }

  /// The error of the previous run stays until the command has settled.
  private func settle(_ isSettled: Bool, hasPrinted: Bool) {
    if isSettled {
      status.isComplete = true
      status.lastSuccess = status.lastSuccess ?? now()
      status.phase = .up
      (status.error, status.retryAt) = (nil, nil)
    } else if status.error == nil {
      status.phase = status.isComplete ? .up : hasPrinted ? .catchingUp : .connecting
    }
  }

  private func ended(_ process: CommandProcess, after time: Duration) -> Duration {
    process.end()
    let code = process.exitCode() ?? 0
    if code == 0 || time >= Self.settled { backoff.reset() }
    guard code != 0 else {
      status.isComplete = true
      status.lastSuccess = now()
      status.patience = command.interval * 3 + max(time * Self.slowdown, Self.leastPatience)
      status.phase = .up
      (status.error, status.retryAt) = (nil, nil)
      return command.interval
    }
    let said = errors.text.map { ": \($0)" } ?? ""
    return fail("`\(command.run.first ?? "")` ended with \(code)\(said)")
  }

  private func fail(_ reason: String) -> Duration {
    let wait = backoff.next()
    status.phase = .down
    status.retryAt = now() + wait
    status.error = "\(reason); starting it again"
    return wait
  }

  /// Reports changes to the sink immediately, and progress at a regular interval.
  private func report() {
    status.notes = []
    if unknown > 0 { status.notes.append("\(unknown) line\(unknown == 1 ? "" : "s") that no pattern knows") }
    if splitter.cut > 0 { status.notes.append("\(splitter.cut) longer than 64 KiB, cut") }
    let hasTurned =
      reported?.phase != status.phase || reported?.retryAt != status.retryAt
      || reported?.isComplete != status.isComplete
    guard hasTurned || reported?.error != status.error || (clock.now >= reportAt && reported != status) else { return }
    reportAt = clock.now + Self.reportInterval
    reported = status
    sink.accept(status)
  }
}
