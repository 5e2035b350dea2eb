import Glibc
import TestSupport

/// A program in its own pseudo-terminal; its output is discarded.
final class LiveProgram {
  private let master: Int32
  private let pid: pid_t

  init(_ words: [String], columns: UInt16 = 120, rows: UInt16 = 40) throws {
    // Linux ioctls: Swift's overlay lacks the POSIX functions.
    let (unlock, openPeer, setSize) = (UInt(0x4004_5431), UInt(0x5441), UInt(0x5414))
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var isLocked: Int32 = 0
    guard master >= 0, ioctl(master, unlock, &isLocked) == 0 else { throw TestFailure("no terminal can be had") }
    let slave = ioctl(master, openPeer, O_RDWR | O_NOCTTY | O_CLOEXEC)
    defer { close(slave) }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard slave >= 0, ioctl(slave, setSize, &size) == 0 else {
      close(master)
      throw TestFailure("no terminal can be had")
    }
    pid = Child.start(["env", "TERM=xterm-256color", "LC_ALL=C.UTF-8"] + words, streams: slave)
    guard pid > 0 else {
      close(master)
      throw TestFailure("\(words[0]) does not start")
    }
  }

  deinit {
    type("q")
    let end = ContinuousClock.now + .seconds(5)
    while waitpid(pid, nil, WNOHANG) == 0 {
      if ContinuousClock.now > end { kill(pid, SIGKILL) }
      run(for: .milliseconds(50))
    }
    close(master)
  }

  func type(_ keys: String) {
    var keys = keys
    _ = keys.withUTF8 { write(master, $0.baseAddress, $0.count) }
  }

  /// Reads the program's output for `time` and returns the number of bytes.
  @discardableResult
  func run(for time: Duration) -> Int {
    let end = ContinuousClock.now + time
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var taken = 0
    while case let rest = end - ContinuousClock.now, rest > .zero {
      var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, Int32(rest / .milliseconds(1)) + 1) == 1 else { continue }
      let count = read(master, &buffer, buffer.count)
      if count > 0 { taken += count } else { usleep(10_000) }
    }
    return taken
  }

  /// CPU time of all its threads in seconds.
  var used: Double {
    get throws {
      var clock = clockid_t()
      var time = timespec()
      guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else {
        throw TestFailure("the program has ended by itself")
      }
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }
}
