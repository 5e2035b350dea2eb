import Glibc
import TestSupport

/// A program in a separate pseudo-terminal. Its output is read and discarded.
final class LiveProgram {
  private let master: Int32
  let pid: pid_t
  private let started: ContinuousClock.Instant
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// `$SAGATOP`: the program that benchmarks measure.
  static var path: String {
    get throws {
      guard let path = getenv("SAGATOP").map({ String(cString: $0) }), access(path, X_OK) == 0 else {
        throw TestFailure("SAGATOP does not name the program to measure")
      }
      return path
    }
  }

  init(_ words: [String], columns: UInt16 = 120, rows: UInt16 = 40) throws {
    // Linux's `ioctl` requests: Swift's overlay lacks the POSIX functions for pseudo-terminals.
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
    started = .now
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

  /// Reads the next output and returns its size in bytes; `nil` on timeout.
  func output(within time: Duration) -> Int? {
    var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    // Rounded up, so that less than a millisecond does not become 0.
    guard poll(&entry, 1, Int32(max(0, time / .milliseconds(1)).rounded(.up))) == 1 else { return nil }
    let count = read(master, &buffer, buffer.count)
    if count <= 0 { usleep(10_000) }
    return max(0, count)
  }

  /// Reads output for this time. Returns the number of bytes.
  @discardableResult
  func run(for time: Duration) -> Int {
    let end = ContinuousClock.now + time
    var taken = 0
    while case let rest = end - ContinuousClock.now, rest > .zero { taken += output(within: rest) ?? 0 }
    return taken
  }

  /// Time from the start of the program to its first output; `nil` on timeout.
  func firstPicture(within time: Duration = .seconds(5)) -> Duration? {
    output(within: time).map { _ in .now - started }
  }

  /// Time from a key press, sent when there is no more output, to the next output; `nil` on timeout.
  func answer(to key: String, within time: Duration = .seconds(3)) -> Duration? {
    while output(within: .milliseconds(20)) != nil {}
    let pressed = ContinuousClock.now
    type(key)
    return output(within: time).map { _ in .now - pressed }
  }

  /// CPU time of all its threads, in seconds.
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

  /// Its resources, according to /proc.
  struct Possession {
    var kilobytes = 0
    var threads = 0
    var descriptors = 0
  }

  var possession: Possession {
    get throws {
      guard let file = fopen("/proc/\(pid)/status", "r"), let folder = opendir("/proc/\(pid)/fd") else {
        throw TestFailure("the program has ended by itself")
      }
      defer {
        fclose(file)
        closedir(folder)
      }
      var found = Possession()
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, 256, file) != nil {
        let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
          .split(whereSeparator: \.isWhitespace)
        if words.first == "VmRSS:" { found.kilobytes = Int(words[1]) ?? 0 }
        if words.first == "Threads:" { found.threads = Int(words[1]) ?? 0 }
      }
      while readdir(folder) != nil { found.descriptors += 1 }
      // The entries `.` and `..`.
      found.descriptors -= 2
      return found
    }
  }
}
