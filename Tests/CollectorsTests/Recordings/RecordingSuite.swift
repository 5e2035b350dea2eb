import Core
import Glibc
import TestSupport
import Testing

@testable import Collectors

/// Common functions of suites that write and replay recordings.
protocol RecordingSuite {
  var folder: TemporaryDirectory { get }
  var symbols: SymbolTable { get }
}

extension RecordingSuite {
  static var header: RecordingHeader {
    RecordingHeader(
      version: "1", context: "test", system: "shop", startedAt: Timestamp(milliseconds: 1_700_000_000_000))
  }
  static var system: SystemDefinition {
    SystemDefinition(name: "shop", topics: ["orders"], fields: EventFields(), sagas: [])
  }

  func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// Records `count` messages and as many statuses. Returns the recording sink and the sink that it forwards to.
  @discardableResult
  func record(
    _ path: String, _ count: Int, limits: RecordingWriter.Limits = .init(), mask: RecordingMask? = nil,
    finishes: Bool = true, body: (Int) -> String = { #"{"id":"\#($0)","n":"\#($0 % 3)"}"# }
  ) throws -> (RecordingSink, CollectingSink) {
    let behind = CollectingSink()
    let start = Timestamp(milliseconds: 1_700_000_000_000)
    let sink = try RecordingSink(
      path, header: Self.header, limits: limits, mask: mask, clock: ObservationClock(), symbols: symbols, sink: behind,
      now: { start })
    for number in 0..<count {
      let origin = Origin(topic: symbols.symbol("orders"), partition: 0, offset: Int64(number))
      let original = OriginalMessage(
        origin: origin, receivedAt: start, key: Array("key-\(number % 3)".utf8), body: Array(body(number).utf8))
      sink.accept(EventBatch(originals: [original]))
      var status = SourceStatus(.kafka, phase: .up)
      status.messages = number
      sink.accept(status)
    }
    if finishes { _ = sink.finish() } else { sink.flush() }
    return (sink, behind)
  }

  func play(_ paths: [String]) throws -> (RecordingPlayer, CollectingSink) {
    let sink = CollectingSink()
    let player = try RecordingPlayer(
      paths, system: Self.system, clock: ObservationClock(), symbols: SymbolTable(), sink: sink)
    while player.step() {}
    return (player, sink)
  }

  /// A batch as a source reports it.
  func batch(_ count: Int) -> EventBatch {
    let time = Timestamp(milliseconds: 1_700_000_000_000)
    return EventBatch(
      originals: (0..<count).map { number in
        OriginalMessage(
          origin: Origin(topic: symbols.symbol("orders"), partition: 0, offset: Int64(number)), receivedAt: time,
          body: Array(#"{"id":"\#(number)"}"#.utf8))
      })
  }
}

/// Whole files, without Foundation.
enum FileBytes {
  static func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&room, 1, room.count, file), count > 0 { bytes += room[..<count] }
    return bytes
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "wb"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
