import Glibc

/// A private directory in memory that is removed with its contents.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init() throws {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/sagatop-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure("no directory can be made in \(parent)") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    Self.remove(path)
  }

  package func write(_ text: String, to name: String) throws {
    guard let file = fopen("\(path)/\(name)", "w") else { throw TestFailure("\(path)/\(name) cannot be written") }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else { throw TestFailure("\(path)/\(name) cannot be written") }
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
}
