import Glibc
import Testing

/// A private temporary folder that is removed with this object.
final class TemporaryFolder {
  let path: String
  private var files: [String] = []

  init() throws {
    var name = Array("/tmp/sagatop-configuration.XXXXXX".utf8CString)
    let isMade = mkdtemp(&name) != nil
    try #require(isMade)
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for file in files.reversed() { remove(file) }
    rmdir(path)
  }

  /// Writes a file and returns its path. Creates the folders in `name`.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    var folder = path
    for part in name.split(separator: "/").dropLast() {
      folder += "/\(part)"
      if mkdir(folder, 0o700) == 0 { files.append(folder) }
    }
    let file = try #require(fopen("\(path)/\(name)", "w"))
    files.append("\(path)/\(name)")
    fputs(text, file)
    fclose(file)
    return "\(path)/\(name)"
  }
}
