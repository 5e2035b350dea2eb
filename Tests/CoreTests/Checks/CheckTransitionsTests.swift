import Testing

@testable import Core

@Suite("Transitions of checks")
struct CheckTransitionsTests {
  private static let start = Timestamp(milliseconds: 1_769_508_202_000)

  /// One letter per result: `o` ok, `w` warning, `c` critical, `u` unknown.
  private func changes(_ pictures: String, after: Int, most: Int = 100, every: Duration = .seconds(10)) -> [String] {
    var transitions = CheckTransitions(after: after, most: most)
    return pictures.enumerated().flatMap { place, letter in
      transitions.take([Self.result(letter)], now: Self.start + every * place).map {
        "\(place): \($0.from?.name ?? "-") to \($0.to.name)"
      }
    }
  }

  private static func result(_ letter: Character, _ name: String = "stuck") -> CheckResult {
    let states: [Character: CheckState] = ["o": .ok, "w": .warning, "c": .critical, "u": .unknown]
    let check = Check(Measure(.stuck), name: name)
    let measured = letter == "u" ? Measured.unknown("no broker") : Measured(.exact(3), about: "three")
    return CheckResult(check: check, measured: measured, state: states[letter] ?? .unknown)
  }

  @Test(
    "a state counts after the configured number of equal results in a row",
    arguments: [
      ("oooo", 1, []), ("c", 1, ["0: - to critical"]), ("oooccco", 3, ["5: ok to critical"]), ("oocc", 3, []),
      ("oocococo", 2, []), ("ccoo", 2, ["1: - to critical", "3: critical to ok"]),
      ("oowwccoo", 2, ["3: ok to warning", "5: warning to critical", "7: critical to ok"]),
      ("oouuoo", 2, ["3: ok to unknown", "5: unknown to ok"]), ("uuuoo", 3, ["2: - to unknown"]),
      ("ccocc", 2, ["1: - to critical"]),
    ] as [(String, Int, [String])])
  func hysteresis(pictures: String, after: Int, told: [String]) {
    #expect(changes(pictures, after: after) == told)
  }

  @Test("notifications in ten minutes are limited; a delayed one contains the current state or is dropped")
  func rate() {
    #expect(changes("coco", after: 1, most: 2) == ["0: - to critical", "1: critical to ok"])
    #expect(changes("cocw" + String(repeating: "w", count: 60), after: 1, most: 2).last == "60: ok to warning")
    #expect(changes("coco" + String(repeating: "o", count: 60), after: 1, most: 2).count == 2)
  }

  @Test("a reloaded configuration repeats no notification, and later recoveries are notified")
  func follow() {
    var before = CheckTransitions(after: 1, most: 2)
    #expect(before.take([Self.result("c")], now: Self.start).count == 1)
    var after = CheckTransitions(after: 1, most: 2)
    after.follow(before)
    #expect(after.take([Self.result("c")], now: Self.start + .seconds(1)).isEmpty)
    let recovered = after.take([Self.result("o")], now: Self.start + .seconds(2))
    #expect(recovered.map(\.from) == [.critical] && recovered.map(\.to) == [.ok])
    #expect(after.take([Self.result("c")], now: Self.start + .seconds(3)).isEmpty, "the limit goes on, too")
  }

  @Test("each check is tracked separately")
  func several() {
    var transitions = CheckTransitions(after: 1, most: 100)
    let first = transitions.take([Self.result("c", "a"), Self.result("o", "b")], now: Self.start)
    let second = transitions.take([Self.result("c", "a"), Self.result("w", "b")], now: Self.start + .seconds(1))
    #expect(first.map(\.check) == ["a"] && second.map(\.check) == ["b"])
    #expect(first[0].value == 3 && first[0].unit.isEmpty && first[0].detail == "three")
  }
}
