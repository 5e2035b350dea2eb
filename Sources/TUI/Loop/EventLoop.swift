import CSystem
import Core
import Glibc

/// The main thread's event loop: one `poll` on the terminal, signals, a timer and the wakeup descriptor.
package final class EventLoop {
  package enum Message: Sendable, Equatable {
    /// The terminal has input.
    case input
    case resized
    /// SIGTSTP was received.
    case suspend
    /// Reload the configuration: SIGHUP while the terminal still exists.
    case reload
    case draw
    /// Do a part of the work that `mustWork` requested.
    case work
  }

  package enum End: Sendable, Equatable {
    case finished
    /// The user pressed ^C.
    case interrupted
    case signal(Int32)
    /// The terminal was closed.
    case hangup
  }

  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP]

  private let input: Int32
  private let signalSource: Int32
  private let timer: Int32
  private let wakeup: Int32
  private let now: () -> Timestamp
  package enum News: Sendable {
    /// The regular frame each second is soon enough.
    case none
    case data
    /// The user waits for this data: the next frame is due immediately.
    case awaited
  }

  /// Called when the loop was woken.
  package var news: () -> News = { .data }
  private var pacer = FramePacer()
  private var changedCells = 0
  private var isBusy = false
  private var end: End?

  /// `wakeup` is an eventfd that wakes the loop; it must stay open. Blocks the handled signals in the calling thread, and so in all threads
  /// started later. Create it before any other thread.
  package init(input: Int32 = STDIN_FILENO, wakeup: Int32, now: @escaping () -> Timestamp) throws(TerminalError) {
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

  /// Reports the cost of the current frame. The more cells changed, the later is the next frame that only new data requires.
  package func drew(changedCells: Int) { self.changedCells = changedCells }

  /// Requests a frame as soon as possible.
  package func mustDraw() { pacer.mustDraw() }

  /// Requests a `work` message. Work is done in parts, and the loop handles other events between them; one part should take some
  /// hundredths of a second.
  package func mustWork() { isBusy = true }

  /// Passes messages to `handle`, one at a time, until the loop is ended.
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
    var entries = [input, signalSource, timer, wakeup].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    guard Glibc.poll(&entries, 4, isWaiting ? -1 : 0) > 0 else { return }
    if entries[1].revents != 0 { takeSignals(handle) }
    if entries[2].revents != 0 { _ = drain(timer) }
    if entries[3].revents != 0, drain(wakeup) {
      switch news() {
      case .none: break
      case .data: pacer.dataArrived()
      case .awaited: pacer.mustDraw()
      }
    }
    if entries[0].revents & Int16(POLLIN) != 0, end == nil, hasInput { handle(.input) }
    if entries[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { end = end ?? .hangup }
  }

  /// A closed terminal is always ready to read, with no bytes available.
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
      // A closed terminal sends SIGHUP too; `tcgetattr` then fails.
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

  /// Returns whether the descriptor had counted anything.
  private func drain(_ descriptor: Int32) -> Bool {
    var count: UInt64 = 0
    return read(descriptor, &count, 8) == 8
  }
}
