import CNcurses
import CSystem
import Glibc
import Text

/// The terminal in full-screen mode: shows frames and returns keys. Main thread only. The terminal is always restored: by `close` on a
/// normal exit, by the crash guard otherwise.
package final class TerminalScreen {
  package struct Options: Sendable {
    package var hasColor: Bool
    package var hasMouse: Bool
    /// File for the output of libraries on standard error; `nil` discards it.
    package var log: String?

    package init(hasColor: Bool = true, hasMouse: Bool = false, log: String? = nil) {
      self.hasColor = hasColor
      self.hasMouse = hasMouse
      self.log = log
    }
  }

  package private(set) var size: Size
  package var theme: Theme {
    didSet {
      painter = TerminalPainter(theme: theme, language: language, isUTF8: Self.isUTF8)
      shown = nil
    }
  }
  package private(set) var hasMouse: Bool
  private let language: TerminalLanguage
  private var painter: TerminalPainter
  /// Milliseconds without input after which Esc counts as a key and not as the start of a sequence.
  private static let escapeDelay: Int32 = 25
  private let redirection: StandardErrorRedirection
  private var clicks = ClickCounter()
  private var pastes = PasteFilter()
  private var shown: Frame?
  private var isOpen = true

  /// Throws without a terminal, or if it cannot position its cursor; then nothing has been written.
  package init(theme: Theme, options: Options) throws(TerminalError) {
    setlocale(LC_ALL, "")
    try Self.check()
    redirection = try StandardErrorRedirection(log: options.log)
    guard sg_screen_open(nil, STDIN_FILENO, STDOUT_FILENO, Self.escapeDelay) == SG_SCREEN_OPEN else {
      redirection.end()
      throw Self.unable("the terminal cannot be taken over")
    }
    sg_crash_guard(STDIN_FILENO, STDOUT_FILENO, redirection.original)
    self.theme = theme
    hasMouse = options.hasMouse
    language = Self.language(hasColor: options.hasColor)
    painter = TerminalPainter(theme: theme, language: language, isUTF8: Self.isUTF8)
    size = Self.windowSize()
    if hasMouse { sg_screen_mouse(true) }
  }

  private static func check() throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1 else { throw unable("standard input is no terminal") }
    guard isatty(STDOUT_FILENO) == 1 else { throw unable("standard output is no terminal") }
    let name = getenv("TERM").map { String(cString: $0) } ?? ""
    if name.isEmpty { throw unable("TERM is not set") }
    switch sg_screen_check(nil, STDOUT_FILENO) {
    case Int32(SG_SCREEN_OPEN): return
    case Int32(SG_SCREEN_UNKNOWN_TERMINAL):
      throw unable(
        "TERM=\(Sanitizer.sanitized(name)) is not known here: install its terminfo entry (ncurses-term has most), or set TERM=xterm"
      )
    default: throw unable("TERM=\(Sanitizer.sanitized(name)) cannot show a screen")
    }
  }

  private static func unable(_ reason: String) -> TerminalError {
    TerminalError(message: "\(reason); `sagatop snapshot` prints the same without one")
  }

  /// Whether the locale's encoding is UTF-8. Requires a previous `setlocale`, which `init` calls.
  package static var isUTF8: Bool {
    nl_langinfo(Int32(CODESET)).map { String(cString: $0) } == "UTF-8"
  }

  private static func windowSize() -> Size {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard sg_window_size(STDOUT_FILENO, &columns, &rows) == 0, columns > 0, rows > 0 else {
      return Size(columns: 80, rows: 24)
    }
    return Size(columns: Int(columns), rows: Int(rows))
  }

  /// Reads the window size after SIGWINCH. Returns whether it has changed.
  package func resize() -> Bool {
    let now = Self.windowSize()
    guard now != size else { return false }
    size = now
    sg_screen_resize(Int32(size.columns), Int32(size.rows))
    shown = nil
    return true
  }

  private static func language(hasColor: Bool) -> TerminalLanguage {
    TerminalLanguage(
      colors: hasColor ? Int(sg_screen_colors()) : 0, takesColorsAsNumbers: sg_screen_number("colors") > 256,
      notWithColors: Int(sg_screen_number("ncv")), hasLastCell: sg_screen_flag("am") == 0 || sg_screen_flag("xenl") != 0
    ) { capability, first, second in
      let sequence = [UInt8](unsafeUninitializedCapacity: 64) { bytes, count in
        count = bytes.withMemoryRebound(to: CChar.self) {
          max(
            0, Int(sg_screen_sequence(capability, Int32(clamping: first), Int32(clamping: second), $0.baseAddress, 64)))
        }
      }
      return sequence.isEmpty ? nil : sequence
    }
  }

  /// Draws the differences from the last frame and returns the number of changed cells.
  package func show(_ frame: Frame) -> Int {
    let picture = painter.paint(frame, over: shown)
    shown = frame
    send(picture.bytes)
    return picture.cells
  }

  /// Uses a single write if the terminal accepts all bytes. Blocks until all are written or the terminal is closed.
  private func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno == EAGAIN {
        var entry = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        _ = poll(&entry, 1, 1000)
      } else if errno != EINTR {
        // The terminal was closed; the event loop detects that.
        return
      }
    }
  }

  /// The next frame is drawn completely, in case another program wrote to the terminal.
  package func redraw() { shown = nil }

  package func toggleMouse() {
    hasMouse.toggle()
    sg_screen_mouse(hasMouse)
  }

  /// Returns the keys typed so far. Does not block.
  package func takeKeys() -> [Key] {
    var keys: [Key] = []
    while keys.count < 1000 {
      let code = sg_screen_key()
      if code == SG_KEY_NONE { break }
      if let key = pastes.key(code) { keys.append(clicks.count(key, at: .now)) }
    }
    return keys
  }

  /// Copies a text to the terminal's clipboard (OSC 52); terminals without support ignore it.
  package func copy(_ text: String) {
    guard let safe = ClipboardText(text) else { return }
    send(Array("\u{1b}]52;c;\(Base64.encoded(Array(safe.text.utf8)))\u{7}".utf8))
  }

  /// Writes a sequence that does not change the screen.
  package func notify(_ sequence: String) { send(Array(sequence.utf8)) }

  /// Restores the terminal, stops the process as ^Z does, and takes over the terminal again after the process is continued.
  package func suspend() {
    if hasMouse { sg_screen_mouse(false) }
    sg_screen_suspend()
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTSTP)
    // Stops the whole process group, as a SIGTSTP from the terminal does: our parent may wait in the same group.
    signal(SIGTSTP, SIG_DFL)
    kill(0, SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    sg_screen_resume()
    if hasMouse { sg_screen_mouse(true) }
    redraw()
  }

  /// Restores the terminal. Further calls have no effect.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    sg_screen_close()
    redirection.end()
  }
}

/// Why the terminal cannot show a screen, and the alternative.
package struct TerminalError: Error, Equatable {
  package var message: String
}

/// Redirects standard error, so that the output of libraries does not disturb the screen.
final class StandardErrorRedirection {
  /// Duplicate of the original standard error; -1 if it could not be duplicated.
  let original: Int32

  /// Redirects to a log file in append mode, or to `/dev/null` if `log` is `nil`.
  init(log: String?) throws(TerminalError) {
    let target = open(log ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard target >= 0 else {
      throw TerminalError(message: "\(log ?? "/dev/null"): \(String(cString: strerror(errno)))")
    }
    defer { close(target) }
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    dup2(target, STDERR_FILENO)
  }

  func end() {
    guard original >= 0 else { return }
    dup2(original, STDERR_FILENO)
    close(original)
  }
}
