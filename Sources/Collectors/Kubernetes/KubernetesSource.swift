import Clients
import Core
import Glibc
import Text

/// Watches the pods of a cluster and the events about them, each through a kubectl of its own, because kubectl watches one kind of
/// resource at a time. Each has a thread and a status.
package final class KubernetesSource: Source {
  package static let kind = SourceKind.kubernetes

  private let settings: KubernetesSettings
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let threads = [WorkerThread(), WorkerThread()]
  private let stopSignal = StopSignal()

  /// `now` is the clock for the samples.
  package init(
    _ settings: KubernetesSettings, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    self.sink = sink
    self.now = now
  }

  package func start() {
    for (thread, resource) in zip(threads, PodWatch.Resource.allCases) {
      var status = SourceStatus(.kubernetes, name: resource.source)
      sink.accept(status)
      let started = thread.start { [settings, sink, now, stopSignal] in
        PodWatch(resource, settings, stop: stopSignal, sink: sink, now: now).run()
      }
      guard !started else { continue }
      status.phase = .down
      status.error = "the system gives no thread to run kubectl with"
      sink.accept(status)
    }
  }

  /// Ends the clients and waits for them, a second at most.
  package func stop() {
    stopSignal.stop()
    for thread in threads { thread.join(patience: .seconds(1)) }
  }
}

/// Runs one kubectl, reads what it prints, and runs it again when it has ended. Belongs to one thread.
final class PodWatch {
  enum Resource: String, CaseIterable {
    case pods
    case events

    var source: String { "kubernetes \(rawValue)" }
  }

  /// A client that has printed, and nothing more for so long, has told the list.
  private static let warmUp = Duration.milliseconds(500)
  /// The same of one that has printed nothing: the list is empty. Events only add reasons, and mostly there are none.
  private var silence: Duration { resource == .pods ? .seconds(3) : .seconds(1) }
  /// One that ran so long has not failed at its start. Servers end a watch after some minutes.
  private static let settled = Duration.seconds(10)
  private static let reportInterval = Duration.seconds(1)
  private static let heartbeat = Duration.seconds(5)

  private let resource: Resource
  private let settings: KubernetesSettings
  private let parser: PodParser
  private let stop: StopSignal
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let clock = ContinuousClock()
  private var splitter = DocumentSplitter()
  private var errors = ErrorTail()
  private var backoff = Backoff()
  private var status: SourceStatus
  private var reported: SourceStatus?
  private var reportAt = ContinuousClock.now
  /// Pods that this run has told of before its list was whole; `nil` after that.
  private var listed: [Pod.ID]?
  private var changes: [PodSample.Change] = []
  private var damaged = 0
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(
    _ resource: Resource, _ settings: KubernetesSettings, stop: StopSignal, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.resource = resource
    self.settings = settings
    parser = PodParser(settings: settings)
    self.stop = stop
    self.sink = sink
    self.now = now
    status = SourceStatus(.kubernetes, name: resource.source)
  }

  /// Returns when it was stopped; the client has ended then.
  func run() {
    while !stop.isStopped {
      let wait = runOnce()
      report()
      if !stop.isStopped { _ = stop.wait([], atMost: wait) }
    }
  }

  /// Returns how long to wait before the next run.
  private func runOnce() -> Duration {
    (splitter, errors, listed) = (DocumentSplitter(), ErrorTail(), [])
    let startedAt = clock.now
    // Events have no labels.
    let words = settings.words(resource.rawValue, selector: resource == .pods ? settings.selector : nil)
    do throws(CommandProcess.Failure) {
      let process = try CommandProcess(words)
      read(process)
      return stop.isStopped ? .zero : ended(process, after: clock.now - startedAt)
    } catch { return fail(error.text) }
  }

  private func read(_ process: CommandProcess) {
    let startedAt = clock.now
    var firstAt: ContinuousClock.Instant?
    var open = [process.output, process.errors]
    while !open.isEmpty, !stop.isStopped {
      let isDue = firstAt.map { clock.now - $0 >= Self.warmUp } ?? (clock.now - startedAt >= silence)
      let patience = listed == nil ? Duration.seconds(1) : isDue ? .zero : .milliseconds(100)
      let ready = stop.wait(open.map { ($0, POLLIN) }, atMost: patience)
      let before = status.bytes
      open = zip(open, ready).filter { $1 == 0 || drain($0, isOutput: $0 == process.output) }.map(\.0)
      if status.bytes != before, firstAt == nil { firstAt = clock.now }
      let isDrained = ready.allSatisfy { $0 == 0 }
      if isDrained, process.exitCode() != nil { break }
      if isDrained, isDue, listed != nil { settle() }
      noteSilence()
      report()
    }
    errors.finish()
  }

  /// Reads what is there. False at the end.
  private func drain(_ descriptor: Int32, isOutput: Bool) -> Bool {
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
    guard isOutput else {
      errors.add(buffer[..<count])
      return true
    }
    status.bytes += count
    var splitter = splitter
    splitter.add(buffer[..<count]) { take($0) }
    self.splitter = splitter
    flush()
    return true
  }

  private func take(_ document: [UInt8]) {
    status.messages += 1
    guard let found = parser.changes(document) else { return damaged += 1 }
    if listed != nil {
      for case .pod(let pod) in found { listed?.append(pod.id) }
    }
    changes += found
  }

  private func flush() {
    status.lastSuccess = now()
    guard !changes.isEmpty else { return }
    sink.accept(PodSample(time: now(), changes: changes))
    changes.removeAll()
  }

  /// A watch that prints nothing says that nothing has changed.
  private func noteSilence() {
    guard listed == nil, let last = status.lastSuccess, now() - last >= Self.heartbeat else { return }
    status.lastSuccess = now()
  }

  /// What is there was told: what was there before and is not told of is gone.
  private func settle() {
    if let listed, resource == .pods { sink.accept(PodSample(time: now(), changes: [.all(listed)])) }
    listed = nil
    status.isComplete = true
    status.lastSuccess = now()
    (status.phase, status.error, status.retryAt) = (.up, nil, nil)
    backoff.reset()
  }

  private func ended(_ process: CommandProcess, after time: Duration) -> Duration {
    process.end()
    let code = process.exitCode() ?? 0
    // The server has ended the watch, as it does now and then.
    if code == 0, listed == nil || time >= Self.settled { return .milliseconds(500) }
    let said = errors.text.map { ": \($0)" } ?? ""
    return fail("`\(settings.command.first ?? "")` ended with \(code)\(said)\(advice(errors.text ?? ""))")
  }

  /// The rule that lets one watch what was refused.
  private func advice(_ text: String) -> String {
    guard text.contains("forbidden") || text.contains("Forbidden") else { return "" }
    return "; it needs a Role with {apiGroups: [\"\"], resources: [\(resource.rawValue)], verbs: [get, list, watch]}"
  }

  private func fail(_ reason: String) -> Duration {
    let wait = backoff.next()
    status.phase = .down
    status.retryAt = now() + wait
    status.error = "\(reason); starting it again"
    return wait
  }

  /// Tells the sink when something has changed, and regularly that it goes on.
  private func report() {
    status.notes = []
    if damaged > 0 { status.notes.append("\(damaged) document\(damaged == 1 ? "" : "s") not understood") }
    if splitter.dropped > 0 { status.notes.append("\(splitter.dropped) larger than 4 MiB, left out") }
    let hasTurned = reported?.phase != status.phase || reported?.isComplete != status.isComplete
    guard hasTurned || reported?.error != status.error || (clock.now >= reportAt && reported != status) else { return }
    reportAt = clock.now + Self.reportInterval
    reported = status
    sink.accept(status)
  }
}
