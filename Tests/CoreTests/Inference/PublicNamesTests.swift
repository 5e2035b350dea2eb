import Testing

@testable import Core

@Suite("Documented names of public systems are classified correctly")
struct PublicNamesTests {
  private struct Score {
    var right = 0
    var unknown: [String] = []
    var wrong: [String] = []
    /// Names wrongly read as a success, and successes read as failures.
    var lies: [String] = []

    var count: Int { right + unknown.count + wrong.count }
  }

  private func score(_ lists: [PublicNames]) -> Score {
    var score = Score()
    for (name, kind) in lists.flatMap(\.all) {
      let read = EventName(name)
      let found = Self.kind(of: read.meaning)
      if found == kind || (found == nil && kind == .other) {
        score.right += 1
      } else if found == nil {
        score.unknown.append(name)
      } else {
        score.wrong.append(name)
        let isClaim = found == .good && read.finality != .prepared
        if isClaim || (kind == .good && found == .bad) { score.lies.append(name) }
      }
    }
    return score
  }

  private static func kind(of meaning: EventName.Meaning?) -> PublicNames.Class? {
    switch meaning {
    case .completes: .good
    case .fails, .compensates, .compensating, .compensationFails: .bad
    case .begins: .open
    case .tells, .halts: .other
    case nil: nil
    }
  }

  @Test("in the lists used for the vocabulary 95 % are correct, and only a restored backup is read as a compensation")
  func mended() {
    let score = score(PublicNames.lists)
    #expect(
      score.count > 780 && 100 * score.right >= 95 * score.count, "wrong: \(score.wrong), unknown: \(score.unknown)")
    #expect(Set(score.lies) == ["permanent-restore-completed", "restore-complete"])
  }

  @Test("in the other lists 90 % are correct, and none is falsely a success")
  func untried() {
    let score = score(PublicNames.untried)
    #expect(
      score.count > 150 && 100 * score.right >= 90 * score.count, "wrong: \(score.wrong), unknown: \(score.unknown)")
    #expect(score.lies.isEmpty)
  }
}
