import Core
import Glibc
import TestSupport
import Testing

@testable import Collectors

@Suite("Recordings written or modified by others")
struct RecordingTroubleTests: RecordingSuite {
  let folder: TemporaryDirectory
  let symbols = SymbolTable()

  init() throws { folder = try TemporaryDirectory() }

  @Test("full files of another recording are not deleted", arguments: 1...3)
  func foreignRotation(number: Int) throws {
    let old = RecordingWriter.name(path("r.zst"), number)
    try FileBytes.write(Array("precious".utf8), to: old)
    let error = #expect(throws: RecordingError.self) {
      try record(path("r.zst"), 1, limits: .init(size: 4096, files: 3))
    }
    #expect(error?.description.hasPrefix("\(old): there is such a file already") ?? false)
    #expect(try FileBytes.read(old) == Array("precious".utf8) && access(path("r.zst"), F_OK) != 0)
  }

  @Test("a pipe is reported without blocking")
  func pipe() throws {
    mkfifo(path("pipe"), 0o600)
    let error = #expect(throws: RecordingError.self) { try play([path("pipe")]) }
    #expect(error?.description.contains("is no file") ?? false)
  }

  @Test("a small compressed file with large contents is decompressed in parts")
  func bomb() throws {
    guard var packer = ZstdEncoder() else { throw TestFailure("no memory to pack with") }
    let packed = packer.pack([UInt8](repeating: 32, count: 64 << 20), isEnd: true) ?? []
    guard var unpacker = ZstdDecoder() else { throw TestFailure("no memory to unpack with") }
    var rest = packed[...]
    var unpacked: [UInt8] = []
    var (most, total) = (0, 0)
    repeat {
      unpacked.removeAll(keepingCapacity: true)
      let isGood = unpacker.unpack(&rest, into: &unpacked)
      #expect(isGood)
      (most, total) = (max(most, unpacked.count), total + unpacked.count)
    } while !rest.isEmpty || unpacker.isFull
    #expect(total == 64 << 20 && most < 2 << 20 && packed.count < 1 << 20)
  }

  @Test("an endless line loses only itself, compressed or not")
  func endless() throws {
    try record(path("a"), 3)
    let whole = try FileBytes.read(path("a"))
    let end = try #require(whole.firstIndex(of: UInt8(ascii: "\n"))) + 1
    let long = whole[..<end] + [UInt8](repeating: 32, count: 66 << 20) + [UInt8(ascii: "\n")] + whole[end...]
    guard var packer = ZstdEncoder() else { throw TestFailure("no memory to pack with") }
    try FileBytes.write(packer.pack(Array(long), isEnd: true) ?? [], to: path("long.zst"))
    let (player, played) = try play([path("long.zst")])
    #expect(played.events.count == 3 && player.complaints == ["a line is longer than 67108864 bytes"])
  }

  @Test(
    "a clock set back does not move the replay back, and many observations of one time are replayed in several steps")
  func setBack() throws {
    try record(path("a"), 0)
    var lines = String(decoding: try FileBytes.read(path("a")), as: UTF8.self).split(separator: "\n").map(String.init)
    lines.removeLast()
    for number in 0..<10_000 {
      lines.append(
        #"{"at":\#(1_700_000_000_000_000_000 - number),"kind":"message","topic":"orders","partition":0,"offset":\#(number)}"#
      )
    }
    try FileBytes.write(Array(lines.joined(separator: "\n").utf8), to: path("b"))
    let player = try RecordingPlayer(
      [path("b")], system: Self.system, clock: ObservationClock(), symbols: SymbolTable(), sink: CollectingSink())
    var steps: [Int] = []
    while player.step() {
      steps.append(player.messages)
      #expect(player.last.nanoseconds == 1_700_000_000_000_000_000)
    }
    #expect(steps == [4096, 8192, 10_000] && player.damagedLines == 0)
  }

  @Test("observations of one time are replayed in one step")
  func together() throws {
    let sink = try RecordingSink(
      path("t"), header: Self.header, clock: ObservationClock(), symbols: symbols, sink: CollectingSink(),
      now: { Timestamp(milliseconds: 1_700_000_000_000) })
    for count in [1000, 1, 1001] { sink.accept(batch(count)) }
    _ = sink.finish()
    let player = try RecordingPlayer(
      [path("t")], system: Self.system, clock: ObservationClock(), symbols: SymbolTable(), sink: CollectingSink())
    var steps: [Int] = []
    while player.step() { steps.append(player.messages) }
    #expect(steps == [1000, 1001, 2002, 2002])
  }
}
