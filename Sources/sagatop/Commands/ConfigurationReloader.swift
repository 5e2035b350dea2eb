import Clients
import Collectors
import Configuration
import Glibc
import Synchronization
import Text

/// Reads the configuration again when one of its files changes or on request. Uses a background thread, because a file may be on a disk
/// that does not respond.
final class ConfigurationReloader: Sendable {
  enum Reason: Sendable, Equatable {
    /// A file has changed, or the program received SIGHUP.
    case changed
    /// The operator selected another context. `isConfirmed` if the command was repeated.
    case context(String, isConfirmed: Bool)
  }

  struct Outcome: Sendable {
    var reason: Reason
    var overrides: Overrides
    var result: Result<Settings, ConfigurationError>
  }

  private struct State {
    var overrides: Overrides
    var files: [String]
    var wanted: Reason?
    var outcome: Outcome?
  }

  private static let interval = Duration.seconds(1)

  private let state: Mutex<State>
  private let environment: [String: String]
  private let stopSignal = StopSignal()
  private let request = WakeUp()
  private let thread = WorkerThread()
  private let onOutcome: @Sendable () -> Void

  init(
    _ settings: Settings, overrides: Overrides, environment: [String: String], onOutcome: @escaping @Sendable () -> Void
  ) {
    state = Mutex(State(overrides: overrides, files: settings.files))
    self.environment = environment
    self.onOutcome = onOutcome
  }

  func start() { _ = thread.start { [self] in follow() } }

  func stop() {
    stopSignal.stop()
    request?.ring()
    thread.join(patience: .milliseconds(200))
  }

  /// Requests a reload. A later request replaces an earlier one.
  func ask(_ reason: Reason) {
    state.withLock { $0.wanted = reason }
    request?.ring()
  }

  /// Returns and clears the result.
  func take() -> Outcome? {
    state.withLock { state in
      defer { state.outcome = nil }
      return state.outcome
    }
  }

  /// Called when the settings are applied. Their files are watched from now on.
  func adopted(_ outcome: Outcome, _ settings: Settings) {
    state.withLock { state in
      state.overrides = outcome.overrides
      state.files = settings.files
    }
  }

  // MARK: Background thread

  private func follow() {
    var known = stamps(files)
    var read = contents(files)
    while !stopSignal.isStopped {
      request?.wait(until: .now + Self.interval)
      if let wanted = takeWanted() {
        (known, read) = (stamps(files), contents(files))
        load(wanted)
        continue
      }
      let now = stamps(files)
      guard now != known else { continue }
      known = now
      // The writer may not have finished yet.
      request?.wait(until: .now + Self.interval)
      let text = contents(files)
      guard stamps(files) == now, text != read else { continue }
      read = text
      load(.changed)
    }
  }

  private var files: [String] { state.withLock { $0.files } }

  private func takeWanted() -> Reason? {
    state.withLock { state in
      defer { state.wanted = nil }
      return state.wanted
    }
  }

  private func load(_ reason: Reason) {
    var overrides = state.withLock { $0.overrides }
    if case .context(let name, _) = reason { overrides = overrides.switched(to: name) }
    let result: Result<Settings, ConfigurationError>
    do throws(ConfigurationError) {
      result = .success(try SettingsResolver(overrides: overrides, environment: environment).resolve())
    } catch { result = .failure(error) }
    state.withLock { $0.outcome = Outcome(reason: reason, overrides: overrides, result: result) }
    onOutcome()
  }

  private func stamps(_ files: [String]) -> [String] {
    files.map { file in
      var status = stat()
      guard stat(file, &status) == 0 else { return "" }
      return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    }
  }

  private func contents(_ files: [String]) -> [String] {
    files.map { file in (try? TextFile.read(file, atMost: 1 << 20).get()).map { SHA256.hex($0) } ?? "" }
  }
}

extension Overrides {
  /// Keeps only options about the screen and reading. Options that identify a system are dropped, because the context replaces them.
  fileprivate func switched(to context: String) -> Overrides {
    var result = Overrides()
    result.configuration = configuration
    result.context = context
    result.since = since
    result.theme = theme
    (result.isASCII, result.hasColor, result.hasMouse) = (isASCII, hasColor, hasMouse)
    result.isReadOnly = isReadOnly
    result.log = log
    return result
  }
}
