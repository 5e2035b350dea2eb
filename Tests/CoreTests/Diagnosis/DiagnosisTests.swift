import Testing

@testable import Core

@Suite("Causes of a saga's state")
struct DiagnosisTests {
  @Test("the expected cause is listed first", arguments: DiagnosisCorpus.all)
  func corpus(item: DiagnosisCase) throws {
    let scene = DiagnosisScene()
    item.build(scene)
    let diagnosis = try #require(scene.diagnosis(item.id, at: item.at))
    let found = diagnosis.causes.map { "\($0.strength) \($0.kind): \($0.sentence): \($0.evidence.map(\.text))" }
    #expect(diagnosis.causes.first?.kind == item.first, "\(diagnosis.trouble) \(found)")
    if let first = diagnosis.causes.first {
      let text = ([first.sentence] + first.evidence.map(\.text)).joined(separator: "; ")
      #expect(text.contains(item.words), "\(text)")
    }
  }

  @Test("there are at least forty situations, and every rule is first in one of them")
  func coverage() {
    #expect(DiagnosisCorpus.all.count >= 40)
    let seen = Set(DiagnosisCorpus.all.compactMap(\.first))
    #expect(Set(CauseKind.allCases).subtracting(seen).isEmpty)
  }

  @Test("causes are ranked, and contradicting evidence lowers the rank")
  func ranked() throws {
    let scene = DiagnosisScene()
    scene.usual()
    scene.waits(at: "payment", since: 100)
    scene.health("payment-service", at: 119, DiagnosisScene.refused, DiagnosisScene.refused, DiagnosisScene.refused)
    let before = try #require(scene.diagnosis(at: 120)?.causes.first)
    for second in 115..<119 { scene.completed("new-\(second)", at: Double(second)) }
    let diagnosis = try #require(scene.diagnosis(at: 120))
    let after = try #require(diagnosis.causes.first { $0.kind == .serviceDown })
    #expect(after.strength < before.strength)
    #expect(after.evidence.contains { $0.weight == .contradicts })
    #expect(diagnosis.causes.map(\.strength) == diagnosis.causes.map(\.strength).sorted(by: >))
  }

  /// A call that may explain why a saga waits since second 100, and the strength of the cause; `nil` for none.
  struct CallCase: Sendable, CustomTestStringConvertible {
    var name: String
    var at: Double
    var took: Double?
    var status: Int?
    var isMarked = false
    var strength: Int?

    var testDescription: String { name }
  }

  @Test(
    "a call is evidence as far as its times and its answer allow",
    arguments: [
      CallCase(name: "an error of the server", at: 101, took: 2, status: 503, strength: 93),
      CallCase(name: "a quick error of the server", at: 101, took: 0.002, status: 500, strength: 93),
      CallCase(name: "no connection", at: 101, took: 0.01, status: nil, isMarked: true, strength: 93),
      CallCase(name: "a limit", at: 101, took: 0.01, status: 429, isMarked: true, strength: 93),
      CallCase(name: "a timeout", at: 101, took: 0.01, status: 408, isMarked: true, strength: 93),
      CallCase(name: "not found, marked as an error", at: 101, took: 0.002, status: 404, isMarked: true, strength: 20),
      CallCase(name: "a login that is asked for", at: 101, took: 0.002, status: 401, isMarked: true, strength: 20),
      CallCase(name: "not found", at: 101, took: 0.002, status: 404, strength: nil),
      CallCase(name: "not found after most of the wait", at: 101, took: 17, status: 404, isMarked: true, strength: 88),
      CallCase(name: "slow", at: 101, took: 17, status: 200, strength: 88),
      CallCase(name: "no end", at: 101, took: nil, status: nil, strength: 88),
      CallCase(name: "slow, but mostly before the saga waited", at: 95, took: 6, status: 200, strength: nil),
      CallCase(name: "no end, from long before the saga", at: -86_400, took: nil, status: nil, strength: nil),
      CallCase(name: "of 1970", at: -1_769_500_000, took: nil, status: 503, strength: nil),
      CallCase(name: "a day long", at: -86_280, took: 86_400, status: 503, strength: nil),
      CallCase(name: "it will end in an hour", at: 101, took: 3600, status: 503, strength: nil),
      CallCase(name: "it will begin in an hour", at: 3720, took: 1, status: 503, strength: nil),
      CallCase(name: "in 2200", at: 5_400_000_000, took: 1, status: 503, strength: nil),
    ])
  func calls(item: CallCase) throws {
    let scene = DiagnosisScene()
    scene.usual()
    scene.waits(at: "payment", since: 100)
    scene.allUp(at: 119)
    let call = scene.call("payment-service", "user-service", at: item.at, took: item.took, status: item.status)
    scene.traced([item.isMarked ? scene.marked(call) : call], at: 119)
    let diagnosis = try #require(scene.diagnosis(at: 120))
    let causes = diagnosis.causes.filter { [.callFailed, .callSlow].contains($0.kind) }
    #expect(causes.map(\.strength).max() == item.strength, "\(causes.map(\.sentence))")
    // A sign alone explains nothing, and impossible times are reported.
    #expect(item.strength ?? 0 >= 25 || diagnosis.causes.contains { $0.kind == .nothingFound || $0.strength >= 25 })
    let isImpossible = item.at < 90 || item.at > 130 || item.took ?? 0 > 100
    #expect(diagnosis.unknown.contains { $0.hasPrefix("1 span of the trace") } == isImpossible)
  }

  @Test("stale evidence is marked with its age and has half the weight")
  func stale() throws {
    let scene = DiagnosisScene()
    scene.usual()
    scene.waits(at: "payment", since: 100)
    scene.groups(
      at: 119,
      .init(
        name: "payment-service", topic: "inventory-reserved", state: .empty, members: 0, committed: 20, end: 21))
    let fresh = try #require(scene.diagnosis(at: 120)?.causes.first)
    let old = try #require(scene.diagnosis(at: 160)?.causes.first)
    #expect(fresh.kind == .groupEmpty && !fresh.isStale)
    #expect(old.kind == .groupEmpty && old.isStale)
    #expect(old.age(at: scene.time(160)) == .seconds(41))
    #expect(old.strength == fresh.strength / 2)
    #expect(DiagnosisText.strength(old).contains("on old readings"))
  }

  @Test("a saga without a stored payload is diagnosed without its locks")
  func withoutText() throws {
    let scene = DiagnosisScene()
    scene.lock("saga:1", at: 119, ttl: nil, idle: 30, definition: 1)
    scene.event("order-created", at: 100)
    let diagnosis = try #require(scene.diagnosis(at: 120))
    #expect(diagnosis.causes.first?.kind == .lockImmortal, "the saga's own id names this one")
    #expect(scene.store.diagnosis(SagaHandle(slot: 99, generation: 1), now: scene.time(120)) == nil)
  }
}
