import Core
import Glibc
import TestRandom
import TestSupport
import Testing

@testable import Collectors

@Suite("Recordings")
struct RecordingTests: RecordingSuite {
  let folder: TemporaryDirectory
  let symbols = SymbolTable()

  init() throws { folder = try TemporaryDirectory() }

  @Test("a recording is replayed, plain or compressed", arguments: ["a.jsonl", "a.jsonl.zst"])
  func roundTrip(name: String) throws {
    let (_, recorded) = try record(path(name), 500)
    let (player, played) = try play([path(name)])
    #expect(player.header == Self.header && player.complaints.isEmpty)
    #expect(played.events.map(\.origin.offset) == (0..<500).map { Int64($0) })
    #expect(played.statuses == recorded.statuses && player.messages == 500 && player.readings == 500)
  }

  @Test("a tombstone is recorded, and its offset counts as read")
  func tombstone() throws {
    let sink = try RecordingSink(
      path("t"), header: Self.header, clock: ObservationClock(), symbols: symbols, sink: CollectingSink(),
      now: { Timestamp(milliseconds: 1_700_000_000_000) })
    let origin = Origin(topic: symbols.symbol("orders"), partition: 2, offset: 7)
    let original = OriginalMessage(
      origin: origin, receivedAt: Timestamp(milliseconds: 1_700_000_000_000), key: Array("k".utf8), body: nil)
    sink.accept(EventBatch(originals: [original]))
    _ = sink.finish()
    let (player, played) = try play([path("t")])
    #expect(player.messages == 1 && played.events.isEmpty)
    #expect(played.passed.map(\.offset) == [7] && played.passed.map(\.partition) == [2])
  }

  @Test("every observation has a distinct time, and the end is a full millisecond after the last one")
  func times() throws {
    let (sink, _) = try record(path("a"), 10)
    let player = try RecordingPlayer(
      [path("a")], system: Self.system, clock: ObservationClock(), symbols: SymbolTable(), sink: CollectingSink())
    var times: [Int64] = []
    while let next = player.next {
      times.append(next.nanoseconds)
      player.step()
    }
    #expect(times == times.sorted() && Set(times).count == 21 && player.last.nanoseconds % 1_000_000 == 0)
    #expect(sink.figures.messages == 10 && sink.figures.readings == 10)
  }

  @Test("a truncated recording is read up to its end", arguments: ["a.jsonl", "a.jsonl.zst"])
  func cut(name: String) throws {
    try record(path(name), 300)
    let whole = try FileBytes.read(path(name))
    var random = SeededRandom(seed: 7)
    for _ in 0..<40 {
      let length = 200 + Int(random.next() % UInt64(whole.count - 200))
      try FileBytes.write(Array(whole.prefix(length)), to: path("cut"))
      guard let (player, played) = try? play([path("cut")]) else { continue }
      #expect(played.events.map(\.origin.offset) == (0..<Int64(played.events.count)).map { $0 }, "cut at \(length)")
      #expect(length == whole.count || !player.complaints.isEmpty || name == "a.jsonl", "cut at \(length)")
    }
  }

  @Test("modified bytes lose lines but never crash the program", arguments: UInt64(1)...30)
  func changed(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for name in ["a.jsonl", "a.jsonl.zst"] {
      try record(path("\(seed)-\(name)"), 100)
      var bytes = try FileBytes.read(path("\(seed)-\(name)"))
      for _ in 0..<5 {
        bytes[150 + Int(random.next() % UInt64(bytes.count - 150))] = UInt8(truncatingIfNeeded: random.next())
      }
      try FileBytes.write(bytes, to: path("changed-\(seed)"))
      guard let (player, played) = try? play([path("changed-\(seed)")]) else { continue }
      #expect(played.events.count + played.undecoded.count <= 101 && player.damagedLines <= 12)
    }
  }

  @Test("damaged lines are counted, and lines of unknown kinds are skipped")
  func damagedLines() throws {
    try record(path("a"), 3)
    var lines = String(decoding: try FileBytes.read(path("a")), as: UTF8.self).split(separator: "\n").map(String.init)
    lines.insert("garbage", at: 2)
    lines.insert(#"{"at":1700000000000000001,"kind":"news","reading":{}}"#, at: 3)
    lines.insert(#"{"at":1700000000000000001,"kind":"status","reading":{"name":"kafka"}}"#, at: 4)
    lines.insert("", at: 5)
    try FileBytes.write(Array(lines.joined(separator: "\n").utf8), to: path("b"))
    let (player, played) = try play([path("b")])
    #expect(player.damagedLines == 3 && played.events.count == 3 && played.statuses.count == 3)
    #expect(player.complaints == ["\(path("b")):3: this line is damaged, and 2 more; they were passed over"])
  }

  @Test(
    "a file that is no recording is reported",
    arguments: ["", "{}", "hello\nworld", #"{"schema":"sagatop.recording/v2"}"#])
  func foreign(text: String) throws {
    try FileBytes.write(Array(text.utf8), to: path("x"))
    #expect(throws: RecordingError.self) { try play([path("x")]) }
    #expect(throws: RecordingError.self) { try play([path("absent")]) }
  }

  @Test("a killed program leaves everything that was flushed", arguments: ["a.jsonl", "a.jsonl.zst"])
  func killed(name: String) throws {
    let (sink, _) = try record(path(name), 50, finishes: false)
    #expect(try play([path(name)]).1.events.count == 50)
    _ = sink
  }

  @Test(
    "a full file is followed by a new one, and the oldest files are deleted", arguments: ["r.jsonl", "r.jsonl.zst"])
  func rotation(name: String) throws {
    try record(path(name), 3000, limits: .init(size: 16 << 10, files: 2)) { number in
      var random = SeededRandom(seed: UInt64(number))
      return #"{"id":"\#(random.next())\#(random.next())"}"#
    }
    let files = [2, 1].map { RecordingWriter.name(path(name), $0) } + [path(name)]
    #expect(files[0].hasSuffix(".zst") == name.hasSuffix(".zst"))
    let (player, played) = try play(files)
    let offsets = played.events.map(\.origin.offset)
    #expect(offsets.last == 2999 && offsets == Array((offsets.first ?? 0)...2999) && offsets.count < 3000)
    #expect(player.complaints.isEmpty && access(RecordingWriter.name(path(name), 3), F_OK) != 0)
  }

  @Test("without rotation a full file ends the recording and is complete")
  func full() throws {
    let (sink, behind) = try record(path("f"), 3000, limits: .init(size: 16 << 10))
    #expect(sink.end == .full)
    let (player, played) = try play([path("f")])
    #expect(played.statuses == behind.statuses && player.complaints.isEmpty && played.events.count < 3000)
  }

  @Test("an existing file is not overwritten")
  func existing() throws {
    try FileBytes.write(Array("precious".utf8), to: path("p"))
    #expect(throws: RecordingError.self) { try record(path("p"), 1) }
    #expect(try FileBytes.read(path("p")) == Array("precious".utf8))
  }
}
