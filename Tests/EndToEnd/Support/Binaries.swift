import Foundation

/// Paths of the programs under test, which are in the build folder of the tests.
enum Binaries {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static var sagatop: String { path("sagatop") }
  static var demo: String { path("sagatop-demo") }

  private static func path(_ name: String) -> String {
    root.appendingPathComponent(".build/debug/\(name)").path
  }
}
