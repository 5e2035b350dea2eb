import Glibc

/// Reads files whole.
package enum TextFile {
  package struct Unreadable: Error {
    package var message: String
    /// Nothing is there, which for some files is no error.
    package var isMissing: Bool
  }

  /// A file that holds more than `limit` bytes is an error.
  package static func read(_ path: String, atMost limit: Int) -> Result<[UInt8], Unreadable> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(failure(path, errno)) }
    defer { close(descriptor) }
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

  /// Whether users that are neither its owner nor in its group may read it. False for a file that is not there.
  package static func isOpenToOthers(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
  }

  /// Whether the name of something shipped is the path of a YAML file instead.
  package static func isPath(_ name: String) -> Bool {
    name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
  }

  /// Where a file lies; empty for a bare name.
  package static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ path: String, _ error: Int32) -> Unreadable {
    Unreadable(message: "\(path): \(String(cString: strerror(error)))", isMissing: error == ENOENT || error == ENOTDIR)
  }
}
