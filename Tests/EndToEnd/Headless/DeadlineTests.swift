import Foundation
import TestSupport
import Testing

@Suite("Commands end in time for any data", .serialized)
struct DeadlineTests {
  private static let start = 1_795_000_000

  /// A recording of failed orders during a week. Each order runs on different nodes out of `nodes`.
  private static func recording(sagas: Int, nodes: Int) -> String {
    var lines = [
      #"{"schema":"sagatop.recording/v1","version":"0.1.0","context":"demo","system":"spring","startedAt":"2026-11-18T00:00:00.000Z"}"#
    ]
    let topics = ["order-created", "inventory-reserved", "payment-failed", "inventory-released"]
    let end = start + 7 * 86_400
    for saga in 0..<sagas {
      let begun = (start + saga * 7 * 86_400 / sagas) * 1000
      for (place, topic) in topics.enumerated() {
        let time = begun + place * 400
        lines.append(
          #"{"at":\#(end)000\#(100_000 + saga % 899_999),"kind":"message","topic":"\#(topic)","partition":0,"offset":\#(saga),"#
            + #""time":\#(time)000000,"received":\#(time)000000,"key":"\#(saga)","#
            + #""headers":["node","pod-\#((saga * 7 + place) % nodes)"],"body":"{\"orderId\":\#(saga),\"reason\":\"card \#(saga) declined\"}"}"#
        )
      }
    }
    lines.append(
      #"{"at":\#(end + 1)000000000,"kind":"status","reading":{"name":"kafka","phase":"up","lastSuccess":\#(end + 1)000000000,"complete":true,"messages":0,"bytes":0}}"#
    )
    lines.append(#"{"at":\#(end + 2)000000000,"kind":"end"}"#)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func words(_ more: String) -> String {
    "'\(Binaries.sagatop)' snapshot --from week.jsonl --preset spring --since 30d -o json \(more)"
  }

  /// The process blocks signals while it writes output that must not be incomplete.
  private static func blocksSignals(_ pid: Int32) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }
    let mask = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
    return mask & 1 << UInt64(SIGTERM - 1) != 0
  }

  @Test("a signal ends a report on a thousand nodes within a second without a partial file")
  func signal() throws {
    let folder = try Folder()
    try folder.write(Self.recording(sagas: 4_000, nodes: 1_000), to: "week.jsonl")
    let program = try RunningProgram(
      "/bin/sh",
      ["-c", "cd '\(folder.path)'; \(Self.words("--timeout 60s --to out.json")) 2> errors & echo $! > pid; wait $!"])
    let pid = try eventually("it makes its report") { () -> Int32? in
      let text = (try? folder.text("pid")) ?? ""
      return Int32(text.trimmed).flatMap { Self.blocksSignals($0) ? $0 : nil }
    }
    let sent = ContinuousClock.now
    kill(pid, SIGTERM)
    #expect(try program.end().code == 143)
    #expect(ContinuousClock.now - sent < .milliseconds(1500))
    #expect(try Set(folder.names) == ["week.jsonl", "errors", "pid"])
  }

  @Test("causes are computed until the deadline; the document is complete and lists what was not diagnosed")
  func timeout() throws {
    let folder = try Folder()
    try folder.write(Self.recording(sagas: 2_000, nodes: 1_000), to: "week.jsonl")
    let run = try Run.command("/bin/sh", ["-c", "cd '\(folder.path)'; \(Self.words("--timeout 0"))"])
    let root = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let items = (root?["sagas"] as? [String: Any])?["items"] as? [[String: Any]] ?? []
    #expect(items.count == 2_000)
    #expect(items.allSatisfy { $0["why"] is NSNull })
  }

  @Test("a too long recording is aborted a second after the timeout, with exit status 3 and without a partial file")
  func longRecording() throws {
    let folder = try Folder()
    try folder.write(Self.recording(sagas: 20_000, nodes: 1_000), to: "week.jsonl")
    let words = Self.words("--timeout 1ms --to out.json").replacing("-o json", with: "-o table")
    let run = try Run.command("/bin/sh", ["-c", "cd '\(folder.path)'; \(words)"])
    #expect(run.code == 3)
    #expect(run.errors.contains("no report was written within --timeout"))
    #expect(try folder.names == ["week.jsonl"])
  }

  @Test("a document is written incrementally: many sagas need no additional memory")
  func memory() throws {
    let folder = try Folder()
    try folder.write(Self.recording(sagas: 20_000, nodes: 10), to: "week.jsonl")
    func peak(_ sections: String) throws -> Int {
      let measure =
        "import resource,subprocess,sys; subprocess.run(sys.argv[1], shell=True, stdout=subprocess.DEVNULL); "
        + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
      let words = Self.words("--timeout 0 --sections \(sections) --to \(sections).json")
      let run = try Run.command(
        "/usr/bin/python3", ["-c", measure, "cd '\(folder.path)'; \(words)"])
      return try #require(Int(run.output.trimmed), "\(run.errors)")
    }
    let (without, with) = (try peak("sources"), try peak("sagas"))
    let size = try folder.text("sagas.json").utf8.count
    #expect(size > 20_000_000)
    #expect(with - without < 24_000, "\(with) KB against \(without) KB for \(size) bytes")
  }
}
