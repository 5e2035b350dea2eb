import Glibc

/// Writes files so that a reader sees the old contents or the new, never a part.
enum AtomicFile {
  struct Failure: Error {
    var message: String
  }

  /// Writes beside the target, then renames. The old file stays where anything fails.
  static func write(_ text: String, to path: String) -> Result<Void, Failure> {
    var name = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return .failure(failure(path, "cannot be written")) }
    let temporary = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let mask = umask(0)
    umask(mask)
    let isWritten =
      Output.write(text, to: descriptor) && fchmod(descriptor, 0o666 & ~mask) == 0 && fsync(descriptor) == 0
    let failed = isWritten ? nil : failure(path, "cannot be written; the old contents stay")
    close(descriptor)
    if failed == nil, rename(temporary, path) == 0 { return .success(()) }
    let result = failed ?? failure(path, "cannot be replaced; the old contents stay")
    unlink(temporary)
    return .failure(result)
  }

  private static func failure(_ path: String, _ what: String) -> Failure {
    Failure(message: "\(path): \(what): \(String(cString: strerror(errno)))")
  }
}
