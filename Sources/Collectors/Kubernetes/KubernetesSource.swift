import Clients
import Core
import Text

/// Watches a cluster's pods, the events about them and, if configured, jobs. Each resource has its own kubectl process, thread and status,
/// because kubectl watches one kind of resource at a time.
package final class KubernetesSource: Source {
  package static let kind = SourceKind.kubernetes

  private let settings: KubernetesSettings
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let patience: PodWatch.Patience
  private let watches: [(resource: PodWatch.Resource, thread: WorkerThread)]
  private let stopSignal = StopSignal()
  /// Field definitions for job events.
  private let fields: CompiledFields
  private let symbols: SymbolTable
  private let since: Duration?

  /// Jobs are events of `system`; changes more than `since` before the start are skipped. `now` is the clock for the samples.
  package init(
    _ settings: KubernetesSettings, readsPods: Bool = true, readsJobs: Bool = true, system: SystemDefinition,
    symbols: SymbolTable, since: Duration? = nil, sink: any ObservationSink, patience: PodWatch.Patience = .init(),
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    self.symbols = symbols
    self.since = since
    fields = CompiledFields(system, symbols: symbols)
    watches = ((readsPods ? [.pods, .events] : []) + (readsJobs && settings.jobs != nil ? [.jobs] : [])).map {
      ($0, WorkerThread())
    }
    self.patience = patience
    self.sink = sink
    self.now = now
  }

  package func start() {
    for (resource, thread) in watches {
      var status = SourceStatus(.kubernetes, name: resource.source)
      sink.accept(status)
      let started = thread.start { [self] in
        let feed = MessageFeed(
          source: resource.source, fields: fields, symbols: symbols, since: since.map { now() - $0 }, sink: sink)
        PodWatch(resource, settings, patience, jobs: feed, stop: stopSignal, sink: sink, now: now).run()
      }
      guard !started else { continue }
      status.phase = .down
      status.error = "the system gives no thread to run kubectl with"
      sink.accept(status)
    }
  }

  /// Ends the child processes and waits for at most one second.
  package func stop() {
    stopSignal.stop()
    for watch in watches { watch.thread.join(patience: .seconds(1)) }
  }
}

/// Runs kubectl, reads its output, and restarts it when it ends or is silent for too long. Belongs to one thread.
package final class PodWatch {
  /// A watch with a hanging connection is as silent as a watch of an idle cluster.
  package struct Patience: Sendable {
    /// Silence after which the watch is restarted; a new watch lists all objects again.
    var silence = Duration.seconds(30)
    /// Timeout of a client that lists.
    var list = Duration.seconds(10)

    package init() {}

    /// Without output for this time the current state is unknown.
    var whole: Duration { silence + list + .seconds(10) }
  }

  private enum End {
    case ended
    case silent
    case failed(String)
  }

  enum Resource: String {
    case pods
    case events
    case jobs

    var source: String { "kubernetes \(rawValue)" }
  }

  /// Quiet period after which the initial list counts as complete.
  private static let warmUp = Duration.milliseconds(500)
  /// Time without any output after which a watch is idle or hangs. Shorter for events, because usually there are none.
  private var emptiness: Duration { resource == .events ? .seconds(1) : .seconds(3) }
  /// After this run time an end is not a failed start. Servers end a watch after some minutes.
  private static let settled = Duration.seconds(10)
  private static let reportInterval = Duration.seconds(1)

  private let resource: Resource
  private let settings: KubernetesSettings
  private let patience: Patience
  private let parser: PodParser
  private var jobs: MessageFeed
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
  /// Pods reported by this run before its list is complete; `nil` afterwards.
  private var listed: [Pod.ID]?
  private var changes: [PodSample.Change] = []
  private var damaged = 0

  init(
    _ resource: Resource, _ settings: KubernetesSettings, _ patience: Patience, jobs: consuming MessageFeed,
    stop: StopSignal, sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp
  ) {
    self.resource = resource
    self.jobs = jobs
    self.settings = settings
    self.patience = patience
    parser = PodParser(settings: settings)
    self.stop = stop
    self.sink = sink
    self.now = now
    status = SourceStatus(.kubernetes, name: resource.source)
    status.patience = patience.whole
  }

  /// Returns after `stop`, when the child process has ended.
  func run() {
    stop.untilStopped {
      defer { report() }
      return runOnce()
    }
  }

  /// Returns the time to wait before the next run.
  private func runOnce() -> Duration {
    (splitter, errors, listed) = (DocumentSplitter(), ErrorTail(), [])
    let startedAt = clock.now
    do throws(CommandProcess.Failure) {
      let process = try CommandProcess(words(isList: false))
      let end = read(process)
      if stop.isStopped { return .zero }
      switch end {
      case .ended: return ended(process, after: clock.now - startedAt)
      case .silent: return .zero
      case .failed(let reason): return fail(reason)
      }
    } catch { return fail(error.text) }
  }

  private func words(isList: Bool) -> [String] {
    let selector: String? =
      switch resource {
      case .pods: settings.selector
      // Events have no labels.
      case .events: nil
      case .jobs: settings.jobs == "*" ? nil : settings.jobs
      }
    return settings.words(resource.rawValue, selector: selector, isList: isList)
  }

  private func read(_ process: CommandProcess) -> End {
    var lastAt = clock.now
    var hasPrinted = false
    var isListed = false
    var output = ProcessOutput(process)
    while !output.isOver, !stop.isStopped {
      let isDue = clock.now - lastAt >= (hasPrinted ? Self.warmUp : emptiness)
      let wait = listed == nil || isListed ? Duration.seconds(1) : isDue ? .zero : .milliseconds(100)
      let before = status.bytes
      let isDrained = !output.read(stop, atMost: wait) { take($0, isError: $1) }
      if status.bytes != before { (hasPrinted, lastAt) = (true, clock.now) }
      if isDrained, process.exitCode() != nil { break }
      if isDrained, isDue, listed != nil, !isListed {
        if !hasPrinted, let end = confirmEmpty(&isListed) { return end }
        if hasPrinted || !isListed { settle() }
      }
      if clock.now - lastAt >= patience.silence {
        return listed == nil ? .silent : .failed("`\(program)` prints nothing, although there are \(resource.rawValue)")
      }
      report()
    }
    errors.finish()
    return .ended
  }

  private var program: String { settings.command.first ?? "" }

  /// A watch is silent if there are no objects or if it hangs; a client that lists distinguishes the two. Sets `isListed` if the watch has
  /// yet to print objects.
  private func confirmEmpty(_ isListed: inout Bool) -> End? {
    do throws(CommandProcess.Failure) {
      let process = try CommandProcess(words(isList: true))
      var said = ErrorTail()
      guard let count = list(process, &said) else {
        if stop.isStopped { return .ended }
        return .failed("`\(program)` does not list \(resource.rawValue) within \(Quantity.age(patience.list))")
      }
      guard process.exitCode() == 0 else { return .failed(ending(process.exitCode() ?? 0, said)) }
      isListed = count > 0
      return nil
    } catch { return .failed(error.text) }
  }

  /// The number of bytes printed until its end; `nil` on timeout.
  private func list(_ process: CommandProcess, _ said: inout ErrorTail) -> Int? {
    let end = clock.now + patience.list
    var count = 0
    var output = ProcessOutput(process)
    while clock.now < end, !stop.isStopped {
      if output.isOver, process.exitCode() != nil {
        said.finish()
        return count
      }
      _ = output.read(stop, atMost: output.isOver ? .milliseconds(10) : end - clock.now) { bytes, isError in
        if isError { said.add(bytes) } else { count += bytes.count }
      }
    }
    return nil
  }

  private func take(_ bytes: ArraySlice<UInt8>, isError: Bool) {
    guard !isError else { return errors.add(bytes) }
    status.bytes += bytes.count
    var splitter = splitter
    splitter.add(bytes) { take($0) }
    self.splitter = splitter
    flush()
  }

  private func take(_ document: [UInt8]) {
    status.messages += 1
    guard resource != .jobs else {
      guard let messages = JobReader().messages(document) else { return damaged += 1 }
      let time = now()
      for message in messages { jobs.take(message, at: time) }
      return
    }
    guard let found = parser.changes(document) else { return damaged += 1 }
    if listed != nil {
      for case .pod(let pod) in found { listed?.append(pod.id) }
    }
    changes += found
  }

  private func flush() {
    status.lastSuccess = now()
    jobs.flush()
    guard !changes.isEmpty else { return }
    sink.accept(PodSample(time: now(), changes: changes))
    changes.removeAll()
  }

  /// The list is complete: known pods that are not in it are gone.
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
    // The server ended the watch, which happens regularly.
    if code == 0, listed == nil || time >= Self.settled { return .milliseconds(500) }
    return fail(ending(code, errors))
  }

  private func ending(_ code: Int32, _ errors: ErrorTail) -> String {
    let said = errors.text.map { ": \($0)" } ?? ""
    return "`\(program)` ended with \(code)\(said)\(advice(errors.text ?? ""))"
  }

  /// The RBAC rule that permits the refused watch.
  private func advice(_ text: String) -> String {
    guard text.contains("forbidden") || text.contains("Forbidden") else { return "" }
    let group = resource == .jobs ? "batch" : "\"\""
    return
      "; it needs a Role with {apiGroups: [\(group)], resources: [\(resource.rawValue)], verbs: [get, list, watch]}"
  }

  private func fail(_ reason: String) -> Duration {
    let wait = backoff.next()
    status.phase = .down
    status.retryAt = now() + wait
    status.error = "\(reason); starting it again"
    return wait
  }

  /// Sends the status when it has changed in phase or error, and otherwise at intervals.
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
