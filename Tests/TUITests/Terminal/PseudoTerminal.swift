import CNcurses
import CSystem
import Foundation
import Glibc
import Testing

@testable import TUI

/// A pseudo-terminal: ncurses uses one end, the test the other. ncurses has one screen per process, so its tests are serialized.
final class PseudoTerminal {
  private let master: Int32
  private let slave: Int32

  /// `delay` is ESCDELAY in milliseconds.
  init(name: String = "xterm-256color", delay: Int32 = 1) throws {
    // Linux's `ioctl` requests: Swift's overlay lacks the POSIX functions for pseudo-terminals.
    let (unlock, openPeer) = (UInt(0x4004_5431), UInt(0x5441))
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var isLocked: Int32 = 0
    try #require(master >= 0 && ioctl(master, unlock, &isLocked) == 0)
    slave = ioctl(master, openPeer, O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(slave >= 0)
    try #require(sg_screen_open(name, slave, slave, delay) == SG_SCREEN_OPEN)
  }

  deinit {
    // Pending output must be read, otherwise ncurses blocks at its end.
    _ = output()
    sg_screen_close()
    close(slave)
    close(master)
  }

  func type(_ bytes: String) throws {
    var bytes = bytes
    let written = bytes.withUTF8 { write(master, $0.baseAddress, $0.count) }
    try #require(written == bytes.utf8.count)
    try #require(hasInput)
  }

  /// All available keys except those without a meaning.
  func keys() -> [Key] {
    var keys: [Key] = []
    var pastes = PasteFilter()
    while case let code = sg_screen_key(), code != SG_KEY_NONE {
      if let key = pastes.key(code) { keys.append(key) }
    }
    return keys
  }

  /// Output since the last call.
  func output() -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(master, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Types byte by byte on another thread. Each byte waits until the previous one was read.
  func typeSlowly(_ bytes: String) {
    let (master, slave) = (master, slave)
    // A thread instead of a task, because other tests may block all threads of the pool.
    Thread.detachNewThread {
      for byte in bytes.utf8 {
        withUnsafePointer(to: byte) { _ = write(master, $0, 1) }
        var waiting: Int32 = 1
        while ioctl(slave, UInt(FIONREAD), &waiting) == 0, waiting > 0 { sched_yield() }
      }
    }
  }

  /// Waits for input; false after five seconds.
  var hasInput: Bool { isReady(POLLIN, slave) }

  private func isReady(_ event: Int32, _ descriptor: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return poll(&entry, 1, 5000) == 1
  }
}
