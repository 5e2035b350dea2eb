import Foundation

/// Paths of the programs under test, which are in the build folder of the tests.
enum Binaries {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static var sagatop: String { path("sagatop") }
  static var demo: String { path("sagatop-demo") }

  /// In the folder of the test binary, because `make tsan` has a separate build folder.
  private static func path(_ name: String) -> String {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let own = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    return FileManager.default.isExecutableFile(atPath: own)
      ? own : root.appendingPathComponent(".build/debug/\(name)").path
  }
}
