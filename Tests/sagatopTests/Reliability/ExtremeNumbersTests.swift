import Core
import Foundation
import TestRandom
import Testing

@testable import Collectors
@testable import Configuration
@testable import TUI
@testable import sagatop

@Suite("Whatever numbers the watched system gives")
struct ExtremeNumbersTests {
  private static let numbers = [
    "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "9223372036854775806", "4611686018427387904",
    "4294967296", "2147483647", "-2147483648", "65535", "18446744073709551615", "1e308", "-0.0", "1e-9",
  ]
  private static let pods =
    #"{"at":1796027950194809356,"kind":"pods","reading":{"time":1796027950194809356,"changes":["#
    + (1...3).map {
      #"{"pod":{"id":{"namespace":"n","name":"p\#($0)"},"service":"payment-service","phase":"running","restarts":7}}"#
    }
    .joined(separator: ",") + "]}}"

  /// A recording of one minute of a shop, with some numbers replaced. Times of lines are unchanged, otherwise few lines could be replayed.
  private static func lines(_ random: inout SeededRandom) throws -> String {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/shop.jsonl.zst")
    let reader = try RecordingReader(file.path)
    var lines: [String] = []
    while let line = reader.next() {
      if lines.count == 20 { lines.append(changed(pods, &random)) }
      let text = String(decoding: line, as: UTF8.self)
      lines.append(lines.isEmpty || random.next() % 4 != 0 ? text : changed(text, &random))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func changed(_ line: String, _ random: inout SeededRandom) -> String {
    var (result, rest) = ("", line[...])
    while let match = rest.firstMatch(of: /([:,\[])(-?[0-9][0-9.]*)([,\]\}])/) {
      let isChanged = random.next() % 3 == 0 && !rest[..<match.range.lowerBound].hasSuffix("\"at\"")
      result += rest[..<match.range.lowerBound] + match.1
      result += isChanged ? numbers[Int(random.next() % UInt64(numbers.count))] : String(match.2)
      rest = rest[match.3.startIndex...]
    }
    return result + rest
  }

  @Test(
    "no sum, difference, index or sort of them ends the program: all is folded, reported and drawn",
    arguments: 1...8 as ClosedRange<UInt64>)
  func recordings(seed: UInt64) throws {
    let base = UInt64(ProcessInfo.processInfo.environment["SAGATOP_SEED"] ?? "") ?? 0
    var random = SeededRandom(seed: base + seed)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-numbers-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Self.lines(&random).write(to: file, atomically: true, encoding: .utf8)
    let (clock, symbols) = (ObservationClock(), SymbolTable())
    let system = try Presets.load("spring", environment: [:])
    let services = ["order", "inventory", "payment", "delivery", "notification"].map { name in
      ServiceDefinition(
        name: "\(name)-service", instances: (1...2).map { .init(url: "http://\(name)-\($0)/", node: "node-\($0)") },
        interval: .seconds(1))
    }
    let store = Store(
      system, context: .init(name: "demo"), services: services, symbols: symbols, now: { clock.time })
    let player = try RecordingPlayer([file.path], system: system, clock: clock, symbols: symbols, sink: store)
    var pictures: [StorePicture] = []
    while player.step() {
      if random.next() % 100 == 0, let picture = store.picture(now: clock.time) { pictures.append(picture) }
    }
    #expect(player.messages > 500, "seed \(base + seed)")
    try report(store, clock.time)
    for picture in pictures.prefix(2) {
      if let past = store.past(picture) { try report(past, picture.time) }
    }
  }

  private func report(_ store: Store, _ now: Timestamp) throws {
    let settings = try HarmlessOutputTests.settings()
    for format in HarmlessOutputTests.formats {
      let words = ["snapshot", "--brokers", "b:1", "-o", format, "--check", "stuck:1:2", "--check", "lag:1:2"]
      #expect(try !HarmlessOutputTests.text(words, settings, store, now).isEmpty)
    }
    for view in HarmlessOutputTests.views {
      let words = ["snapshot", "--brokers", "b:1", "-o", "screen", "--view", view, "--size", "160x40"]
      #expect(try HarmlessOutputTests.text(words, settings, store, now).contains("sagatop"))
    }
    var app = App(header: store.header(now: now), size: Size(columns: 180, rows: 50))
    for key in Array("1j2jw3j4jt5j6j7j8j").map({ Key.character($0) }) {
      _ = app.handle(key, now: now)
      app.refresh(from: store, now: now)
      #expect(!app.frame(glyphs: .unicode).textRows.isEmpty)
      _ = app.handle(.enter, now: now)
      app.refresh(from: store, now: now)
      #expect(!app.frame(glyphs: .unicode).textRows.isEmpty)
      _ = app.handle(.escape, now: now)
    }
  }
}
