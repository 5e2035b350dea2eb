import Glibc

/// Reads complete files.
package enum TextFile {
  package struct Unreadable: Error {
    package var message: String
    /// The file does not exist, which is not an error for some files.
    package var isMissing: Bool
  }

  /// Fails if the file has more than `limit` bytes. `mustBeFile`: a pipe or device is an error, and is not waited for.
  package static func read(
    _ path: String, atMost limit: Int, mustBeFile: Bool = false
  ) -> Result<[UInt8], Unreadable> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (mustBeFile ? O_NONBLOCK : 0))
    guard descriptor >= 0 else { return .failure(failure(path, errno)) }
    defer { close(descriptor) }
    var status = stat()
    if mustBeFile, fstat(descriptor, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
      return .failure(Unreadable(message: "\(path): expected a file, found a pipe or a device", isMissing: false))
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return .failure(failure(path, errno)) }
      if count == 0 { return .success(bytes) }
      bytes += chunk[..<count]
      if bytes.count > limit {
        return .failure(Unreadable(message: "\(path): larger than \(limit) bytes", isMissing: false))
      }
    }
  }

  /// Whether users other than the owner and the group may read it. False if the file does not exist.
  package static func isOpenToOthers(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
  }

  /// A warning if users other than the owner may write the file: a configuration can start programs. `nil` otherwise.
  static func writers(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & (S_IWGRP | S_IWOTH) != 0 else {
      return nil
    }
    let digits = String(status.st_mode & 0o7777, radix: 8)
    let mode = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "\(path): other users may change it (mode \(mode)), and it may start programs: `chmod go-w \(path)`"
  }

  /// Whether a name is the path of a YAML file instead of the name of a shipped item.
  package static func isPath(_ name: String) -> Bool {
    name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
  }

  /// The folder of a path. Empty for a bare file name.
  package static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ path: String, _ error: Int32) -> Unreadable {
    Unreadable(message: "\(path): \(String(cString: strerror(error)))", isMissing: error == ENOENT || error == ENOTDIR)
  }
}
