import Glibc
import Synchronization

/// Writes files atomically: a reader sees either the old or the new contents.
enum AtomicFile {
  struct Failure: Error {
    var message: String
  }

  typealias Produce = (_ part: ([UInt8]) throws -> Void) throws -> Void

  /// Path of the temporary file being written. An immediate exit of the program deletes it.
  private static let unfinished = Mutex<String?>(nil)

  /// Deletes an incomplete temporary file. Thread-safe.
  static func removeUnfinished() { unfinished.withLock { path in if let path { unlink(path) } } }

  static func write(_ text: String, to path: String) -> Result<Void, Failure> {
    do {
      try write(to: path) { try $0(Array(text.utf8)) }
      return .success(())
    } catch let failure as Failure { return .failure(failure) } catch {
      return .failure(Failure(message: "\(path): \(error)"))
    }
  }

  /// Writes a temporary file next to the target and renames it; on an error the old file stays. A symbolic link is followed. A device or
  /// pipe is written directly, because a rename would replace it with a file. Throws a `Failure`, or the errors of `produce`.
  static func write(to path: String, _ produce: Produce) throws {
    var target = stat()
    guard stat(path, &target) == 0 else { return try replace(path, mode: newFileMode, produce) }
    guard target.st_mode & S_IFMT == S_IFREG else { return try writeThrough(produce, to: path) }
    guard let resolved = realpath(path, nil) else { throw failure(path, "cannot be found") }
    defer { free(resolved) }
    try replace(String(cString: resolved), mode: target.st_mode & 0o777, produce)
  }

  private static var newFileMode: mode_t {
    let mask = umask(0)
    umask(mask)
    return 0o666 & ~mask
  }

  private static func replace(_ path: String, mode: mode_t, _ produce: Produce) throws {
    var name = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw failure(path, "cannot be written") }
    let temporary = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    unfinished.withLock { $0 = temporary }
    defer { unfinished.withLock { $0 = nil } }
    do {
      defer { close(descriptor) }
      try produce { part in
        guard Output.write(part, to: descriptor) else {
          throw failure(path, "cannot be written; the old contents stay")
        }
      }
      guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
        throw failure(path, "cannot be written; the old contents stay")
      }
      guard rename(temporary, path) == 0 else { throw failure(path, "cannot be replaced; the old contents stay") }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func writeThrough(_ produce: Produce, to path: String) throws {
    // Opening a pipe without a reader would block and delay signals.
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0, fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) == 0 else {
      throw failure(path, "cannot be written")
    }
    defer { close(descriptor) }
    try produce { part in
      guard Output.write(part, to: descriptor) else { throw failure(path, "cannot be written") }
    }
  }

  private static func failure(_ path: String, _ what: String) -> Failure {
    Failure(message: "\(path): \(what): \(String(cString: strerror(errno)))")
  }
}
