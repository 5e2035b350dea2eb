import Foundation
import Testing

/// Counts context switches instead of CPU time, because counts do not depend on the load of the machine.
@Suite("Idle load of the live screen", .serialized)
struct IdleTests {
  private static let span = Duration.seconds(5)

  private struct Counts {
    /// Context switches of all threads per second.
    var switches: Double
    /// Number of threads started during the measurement.
    var threads: Int
  }

  /// The screen on a demo system, and the pid of its process.
  private func screen(_ options: String, _ folder: Folder) throws -> (Tmux, Int32) {
    let words = "echo $$ > '\(folder.path("pid"))'; exec '\(Binaries.sagatop)'"
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 \(options) -- sh -c \"\(words.replacingOccurrences(of: "$$", with: "\\$\\$"))\"",
      columns: 120, rows: 40)
    try screen.wait(forRow: "✔ completed", "delivery", within: 60)
    return (screen, try #require(Int32(try folder.text("pid").trimmed)))
  }

  private static func tasks(_ pid: Int32) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
  }

  /// Voluntary context switches. Involuntary ones depend on other processes.
  private static func switches(_ pid: Int32) throws -> Int {
    try tasks(pid).reduce(0) { sum, task in
      let status = (try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
      return sum + (line.flatMap { Int($0.split(separator: "\t").last ?? "") } ?? 0)
    }
  }

  private static func counts(_ pid: Int32) throws -> Counts {
    let (before, known) = (try switches(pid), Set(try tasks(pid)))
    let start = ContinuousClock.now
    var seen = known
    try eventually("the span is over") {
      seen.formUnion(try tasks(pid))
      return ContinuousClock.now - start > span ? true : nil
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return Counts(switches: Double(try switches(pid) - before) / seconds, threads: seen.subtracting(known).count)
  }

  @Test("without new data it wakes at most a hundred times per second in all threads, and starts no threads")
  func idle() throws {
    let folder = try Folder()
    let (screen, pid) = try screen("--rate 10 --orders 10", folder)
    // Waits until the initial read is complete and no more threads are started.
    let counts = try eventually(within: 60, "it comes to rest") { () -> Counts? in
      let counts = try Self.counts(pid)
      return counts.switches <= 100 && counts.threads == 0 ? counts : nil
    }
    #expect(counts.switches > 0)
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("with a hundred events per second it wakes at most a few times per event, and starts no threads")
  func busy() throws {
    let folder = try Folder()
    let (screen, pid) = try screen("--rate 20", folder)
    let counts = try eventually(within: 60, "it takes them calmly") { () -> Counts? in
      let counts = try Self.counts(pid)
      return counts.switches <= 800 && counts.threads == 0 ? counts : nil
    }
    #expect(counts.switches > 0)
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }
}
