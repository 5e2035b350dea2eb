import CSystem
import Core
import Glibc

/// The main thread's loop: one `poll` on the terminal, on signals, on a timer and on the wakeup. It wakes for nothing else.
package final class EventLoop {
  package enum Message: Sendable, Equatable {
    /// Something may be read from the terminal.
    case input
    case resized
    /// The shell asks to stop, or lets go on.
    case suspend
    /// The configuration is to be read again: SIGHUP, while the terminal is there.
    case reload
    case draw
    /// Time for a part of what `mustWork` asked for.
    case work
  }

  package enum End: Sendable, Equatable {
    case finished
    /// Somebody typed ^C.
    case interrupted
    case signal(Int32)
    /// The terminal has gone away.
    case hangup
  }

  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP]

  private let input: Int32
  private let signalSource: Int32
  private let timer: Int32
  private let wakeup: Wakeup
  private let now: () -> Timestamp
  package enum News: Sendable {
    /// The frame that is due each second is soon enough.
    case none
    case data
    /// Somebody waits for what is there now: the next frame is due at once.
    case awaited
  }

  /// Asked when the loop is woken.
  package var news: () -> News = { .data }
  private var pacer = FramePacer()
  private var changedCells = 0
  private var isBusy = false
  private var end: End?

  /// Blocks the signals that it takes over in the calling thread, and so in all that are started later: make it before any other
  /// thread is.
  package init(input: Int32 = STDIN_FILENO, wakeup: Wakeup, now: @escaping () -> Timestamp) throws(TerminalError) {
    self.input = input
    self.wakeup = wakeup
    self.now = now
    signalSource = sg_signalfd(Self.signals, Int32(Self.signals.count))
    timer = sg_timerfd()
    guard signalSource >= 0, timer >= 0 else {
      throw TerminalError(message: "no signalfd or timerfd: \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    Glibc.close(signalSource)
    Glibc.close(timer)
  }

  /// Ends the loop after the message that is being handled.
  package func finish(_ end: End = .finished) { self.end = end }

  /// Says what the frame that is being drawn costs; the more, the later the next one that only data asks for.
  package func drew(changedCells: Int) { self.changedCells = changedCells }

  /// Another frame is due as soon as possible.
  package func mustDraw() { pacer.mustDraw() }

  /// There is work that does not wait for anything. It is asked for in parts, between which the loop looks at all else: each should
  /// take some hundredths of a second.
  package func mustWork() { isBusy = true }

  /// Hands messages over, one at a time, until someone ends it.
  package func run(_ handle: (Message) -> Void) -> End {
    while end == nil {
      let wait = pacer.wait(at: now())
      if wait == .zero {
        changedCells = 0
        handle(.draw)
        pacer.drew(at: now(), changedCells: changedCells)
        continue
      }
      sg_timerfd_arm(timer, max(1, wait.nanosecondsClamped))
      let hasWork = isBusy
      poll(isWaiting: !hasWork, handle)
      if hasWork, end == nil {
        isBusy = false
        handle(.work)
      }
    }
    return end ?? .finished
  }

  private func poll(isWaiting: Bool, _ handle: (Message) -> Void) {
    var entries = [input, signalSource, timer, wakeup.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    guard Glibc.poll(&entries, 4, isWaiting ? -1 : 0) > 0 else { return }
    if entries[1].revents != 0 { takeSignals(handle) }
    if entries[2].revents != 0 { drainTimer() }
    if entries[3].revents != 0, wakeup.take() {
      switch news() {
      case .none: break
      case .data: pacer.dataArrived()
      case .awaited: pacer.mustDraw()
      }
    }
    if entries[0].revents & Int16(POLLIN) != 0, end == nil, hasInput { handle(.input) }
    if entries[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { end = end ?? .hangup }
  }

  /// A terminal that has gone away reads as ready for ever, with nothing to read.
  private var hasInput: Bool {
    var available: Int32 = 0
    if ioctl(input, UInt(FIONREAD), &available) == 0, available > 0 { return true }
    end = end ?? .hangup
    return false
  }

  private func takeSignals(_ handle: (Message) -> Void) {
    while case let number = sg_signalfd_take(signalSource), number != 0 {
      switch number {
      case SIGWINCH: handle(.resized)
      case SIGTSTP: handle(.suspend)
      // A terminal that has gone away sends the same signal, and answers nothing from then on.
      case SIGHUP where hasTerminal: handle(.reload)
      default: end = .signal(number)
      }
      pacer.mustDraw()
    }
  }

  private var hasTerminal: Bool {
    var modes = termios()
    return tcgetattr(input, &modes) == 0
  }

  private func drainTimer() {
    var count: UInt64 = 0
    _ = read(timer, &count, 8)
  }
}

/// Wakes the main loop from any thread. Calls between two turns of the loop count as one; waking never blocks.
package final class Wakeup: Sendable {
  let descriptor: Int32

  package init() throws(TerminalError) {
    descriptor = sg_eventfd()
    guard descriptor >= 0 else { throw TerminalError(message: "no eventfd: \(String(cString: strerror(errno)))") }
  }

  deinit {
    close(descriptor)
  }

  package func wake() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Waits until it is woken, until `other` may be read, or until the time is over. For a program without a loop.
  package func wait(atMost duration: Duration, or other: Int32 = -1) {
    var entries = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let milliseconds = (Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18) * 1000
    guard poll(&entries, 2, Int32(max(0, min(milliseconds.rounded(.up), 1e9)))) > 0 else { return }
    _ = take()
  }

  /// Whether it was woken since the last time.
  func take() -> Bool {
    var count: UInt64 = 0
    return read(descriptor, &count, 8) == 8
  }
}
