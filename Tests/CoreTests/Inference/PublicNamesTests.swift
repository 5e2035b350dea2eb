import Testing

@testable import Core

@Suite("Names that public systems document are put in the right class")
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

  @Test(
    "of the lists that it was mended by, 95 of 100 are right, and only a backup that was restored is taken for an undoing"
  )
  func mended() {
    let score = score(PublicNames.lists)
    #expect(
      score.count > 780 && 100 * score.right >= 95 * score.count, "wrong: \(score.wrong), unknown: \(score.unknown)")
    #expect(Set(score.lies) == ["permanent-restore-completed", "restore-complete"])
  }

  @Test("of lists that it was not mended by, 90 of 100 are right, and none claims a success that was none")
  func untried() {
    let score = score(PublicNames.untried)
    #expect(
      score.count > 150 && 100 * score.right >= 90 * score.count, "wrong: \(score.wrong), unknown: \(score.unknown)")
    #expect(score.lies.isEmpty)
  }
}
