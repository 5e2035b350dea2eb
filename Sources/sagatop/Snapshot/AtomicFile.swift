import Glibc

/// Writes files so that a reader sees the old contents or the new, never a part.
enum AtomicFile {
  struct Failure: Error {
    var message: String
  }

  /// Writes beside the target, then renames; the old file stays where anything fails. A link is followed, and what is no
  /// file, as a device or a pipe, is written to as it stands: a rename would put a file in its place.
  static func write(_ text: String, to path: String) -> Result<Void, Failure> {
    var target = stat()
    guard stat(path, &target) == 0 else { return replace(path, mode: newFileMode, text) }
    guard target.st_mode & S_IFMT == S_IFREG else { return writeThrough(text, to: path) }
    guard let resolved = realpath(path, nil) else { return .failure(failure(path, "cannot be found")) }
    defer { free(resolved) }
    return replace(String(cString: resolved), mode: target.st_mode & 0o777, text)
  }

  private static var newFileMode: mode_t {
    let mask = umask(0)
    umask(mask)
    return 0o666 & ~mask
  }

  private static func replace(_ path: String, mode: mode_t, _ text: String) -> Result<Void, Failure> {
    var name = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return .failure(failure(path, "cannot be written")) }
    let temporary = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let isWritten = Output.write(text, to: descriptor) && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
    let failed = isWritten ? nil : failure(path, "cannot be written; the old contents stay")
    close(descriptor)
    if failed == nil, rename(temporary, path) == 0 { return .success(()) }
    let result = failed ?? failure(path, "cannot be replaced; the old contents stay")
    unlink(temporary)
    return .failure(result)
  }

  private static func writeThrough(_ text: String, to path: String) -> Result<Void, Failure> {
    // A pipe that nobody reads would be waited for, and signals with it.
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0, fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) == 0 else {
      return .failure(failure(path, "cannot be written"))
    }
    defer { close(descriptor) }
    return Output.write(text, to: descriptor) ? .success(()) : .failure(failure(path, "cannot be written"))
  }

  private static func failure(_ path: String, _ what: String) -> Failure {
    Failure(message: "\(path): \(what): \(String(cString: strerror(errno)))")
  }
}
