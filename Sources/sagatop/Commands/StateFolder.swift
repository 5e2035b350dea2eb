import Clients
import Core
import Glibc
import Reports
import Synchronization
import TUI

/// `$XDG_STATE_HOME/sagatop`: preferences of the live screen, and saved screen images.
enum StateFolder {
  struct Saved {
    var text: String
    var isError = false
  }

  private static let longest = 1 << 20

  /// `nil` if neither XDG_STATE_HOME nor HOME is set.
  static var path: String? {
    ActionWiring.auditPath(Environment.all).map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.endIndex)) }
  }

  /// Defaults if the file cannot be read.
  static func preferences() -> ViewPreferences {
    guard let path, let text = read("\(path)/views.json") else { return ViewPreferences() }
    return ViewPreferences(parsing: text)
  }

  /// Saves the preferences. Returns the error; `nil` on success.
  static func keep(_ preferences: ViewPreferences) -> Saved? {
    if case .failure(let error) = folder("").flatMap({ AtomicFile.write(preferences.text, to: "\($0)/views.json") }) {
      return Saved(text: "not kept: \(error.message)", isError: true)
    }
    return nil
  }

  /// Saves the frame as SVG, as text, and as text with colours.
  static func save(_ frame: Frame, of view: String, theme: Theme, now: Timestamp) -> Saved {
    let time = now.iso8601.prefix(19).replacing("-", with: "").replacing(":", with: "")
    let parts = [("svg", frame.svg(theme: theme)), ("txt", frame.text), ("ansi", frame.ansiText(theme: theme))]
    let name = folder("/screens").map { "\($0)/\(time)-\(view)" }
    for (ending, text) in parts {
      if case .failure(let error) = name.flatMap({ AtomicFile.write(text, to: "\($0).\(ending)") }) {
        return Saved(text: "no picture: \(error.message)", isError: true)
      }
    }
    return Saved(text: "written: \(short((try? name.get()) ?? "")).svg .txt .ansi")
  }

  private static func short(_ path: String) -> String {
    guard let home = Environment.all["HOME"], !home.isEmpty, path.hasPrefix(home + "/") else { return path }
    return "~" + path.dropFirst(home.count)
  }

  /// Returns the path of the folder. Creates it with mode 0700 if it does not exist.
  private static func folder(_ below: String) -> Result<String, AtomicFile.Failure> {
    guard let path else { return .failure(.init(message: "neither XDG_STATE_HOME nor HOME names a folder")) }
    var made = ""
    for part in (path + below).split(separator: "/") {
      made += "/\(part)"
      if mkdir(made, 0o700) != 0, errno != EEXIST {
        return .failure(.init(message: "\(made): cannot be made: \(String(cString: strerror(errno)))"))
      }
    }
    return .success(path + below)
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: longest)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

/// Writes the screen's files one after the other on a background thread, so that the screen never waits for a slow disk.
final class BackgroundFiles: Sendable {
  /// Returns a message for the operator; `nil` if there is none.
  typealias Job = @Sendable () -> StateFolder.Saved?

  private struct State {
    var jobs: [Job] = []
    var results: [StateFolder.Saved] = []
    var isWorking = false
  }

  private static let mostWaiting = 20

  private let wake: @Sendable () -> Void
  private let state = Mutex(State())
  private let thread = WorkerThread()

  /// `wake` is called on the background thread after a job that returns a message.
  init(wake: @escaping @Sendable () -> Void) {
    self.wake = wake
  }

  /// Main thread only.
  func begin(_ job: @escaping Job) {
    let mustStart = state.withLock { state in
      guard state.jobs.count < Self.mostWaiting else {
        state.results.append(StateFolder.Saved(text: "not written: the disk is too slow", isError: true))
        return false
      }
      state.jobs.append(job)
      defer { state.isWorking = true }
      return !state.isWorking
    }
    guard mustStart else { return }
    // The previous thread has no work left and ends immediately.
    thread.join(patience: .milliseconds(100))
    if !thread.start({ [self] in work() }) { work() }
  }

  var hasResults: Bool { state.withLock { !$0.results.isEmpty } }

  func takeResults() -> [StateFolder.Saved] {
    state.withLock { state in
      defer { state.results = [] }
      return state.results
    }
  }

  /// Waits until all jobs are done, for at most `patience`.
  func close(patience: Duration) { thread.join(patience: patience) }

  private func work() {
    while let job = next() {
      guard let result = job() else { continue }
      state.withLock { $0.results.append(result) }
      wake()
    }
  }

  private func next() -> Job? {
    state.withLock { state in
      guard !state.jobs.isEmpty else {
        state.isWorking = false
        return nil
      }
      return state.jobs.removeFirst()
    }
  }
}
