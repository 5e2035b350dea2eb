import TestRandom
import Testing

@testable import sagatop

@Suite("Any command line")
struct CommandLinePropertyTests {
  private static let words =
    Options.all.flatMap { ["--\($0.long)", "--\($0.long)="] } + [
      "snapshot", "why", "record", "replay", "doctor", "retry", "compensate", "init", "report", "actions", "completion",
      "runs", "ready",
      "-o", "-c", "-h", "--", "-", "", "=", "--no-such", "json", "svg", "120x40", "0x0", "99999999999999999999x1", "-1",
      "1e999", "nan", "15m",
      "9223372036854775807s", "+90s", "stuck:1:5", "stuck:::", "lag[group=a*]:1", "lag[", "a=b", "a=", "stuck==0",
      "\u{1b}[2J", "한", "*", "^(",
      "status:stuck", "\"", "2026-01-27T10:00:00Z", "14:03:22",
    ]

  @Test("is accepted or refused with a reason", arguments: 1...4 as ClosedRange<UInt64>)
  func any(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var refused = 0
    for _ in 0..<500 {
      let words = (0..<(random.next() % 7)).map { _ in Self.word(&random) }
      do throws(UsageError) { _ = try CommandLineParser.parse(words) } catch {
        refused += 1
        #expect(!error.message.isEmpty, "\(words), seed \(seed)")
      }
    }
    #expect(refused > 100 && refused < 500)
  }

  private static func word(_ random: inout SeededRandom) -> String {
    let word = words[Int(random.next() % UInt64(words.count))]
    switch random.next() % 6 {
    case 0: return word + words[Int(random.next() % UInt64(words.count))]
    case 1: return String(word.dropLast())
    default: return word
    }
  }
}
