import Glibc
import Testing

@testable import Configuration

/// Reads files next to the tests.
enum FixtureFiles {
  /// The folder of the tests; `project` is the project's folder.
  static let folder = TextFile.directory(of: TextFile.directory(of: #filePath))
  static let project = TextFile.directory(of: TextFile.directory(of: folder))

  /// Sorted names of the files with this extension, without the extension.
  static func names(in folder: String, extension suffix: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(suffix) { names.append(String(name.dropLast(suffix.count))) }
    }
    return names.sorted()
  }

  /// Sorted names of the subfolders.
  static func folders(in folder: String) -> [String] {
    names(in: folder, extension: "").filter { !$0.hasPrefix(".") && opens("\(folder)/\($0)") }
  }

  private static func opens(_ folder: String) -> Bool {
    guard let directory = opendir(folder) else { return false }
    closedir(directory)
    return true
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    try TextFile.read(path, atMost: 1 << 20).get()
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }
}
