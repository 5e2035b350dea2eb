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
