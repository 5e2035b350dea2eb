import Glibc

/// A private directory that is removed with everything in it.
final class TemporaryDirectory {
  let path: String

  /// Makes a directory below `parent` that only this user can enter.
  init(in parent: String) throws(SystemFailure) {
    var template = Array("\(parent)/sagatop-demo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .last("making a directory in \(parent)") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    remove()
  }

  /// Removes the directory; harmless when it is gone already.
  func remove() {
    Self.remove(path)
  }

  private static func remove(_ path: String) {
    guard unlink(path) != 0, let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
      }
      if name != ".", name != ".." { remove("\(path)/\(name)") }
    }
    closedir(directory)
    rmdir(path)
  }

  /// The system's directory for temporary files.
  static var standardParent: String {
    getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }
}
