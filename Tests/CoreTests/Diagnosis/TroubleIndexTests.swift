import Testing

@testable import Core

@Suite("Incremental groups of sagas in trouble")
struct TroubleIndexTests {
  @Test("the groups equal those of a full scan, for any history", arguments: 0..<40)
  func groups(seed: Int) {
    var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let scene = DiagnosisScene()
    var second = 0.0
    for _ in 0..<120 {
      second += Double(random(6))
      let (id, partition) = ("\(random(20))", Int32(random(3)))
      switch random(6) {
      case 0: scene.completed(id, at: second)
      case 1: scene.event("inventory-reserved", at: second, id: id, partition: partition)
      case 2: scene.event("payment-failed", at: second, id: id, partition: partition, error: "no \(random(3))")
      default: scene.event("order-created", at: second, id: id, partition: partition)
      }
      scene.source(.up, at: second)
      _ = scene.store.overview(limit: 0, now: scene.time(second))
    }
    let (found, walked) = scene.store.read { state in
      var walked: [String: Int] = [:]
      for bucket in [SagaBucket.stuck, .failed] {
        state.sagas.lists.walk(bucket) { slot in
          guard let saga = state.sagas[slot: slot] else { return true }
          let step = bucket == .stuck ? saga.summary.step : saga.summary.failedStep
          walked["\(bucket) \(state.symbols.name(step) ?? "-")", default: 0] += 1
          return true
        }
      }
      var found: [String: Int] = [:]
      for group in state.sagas.troubles.all(in: state.sagas) {
        found["\(group.key.bucket) \(group.step ?? "-")", default: 0] += group.count
      }
      return (found, walked)
    }
    #expect(found == walked, "seed \(seed)")
  }

  @Test("thousands of stuck sagas are one group, diagnosed from a few of them")
  func many() {
    let scene = DiagnosisScene()
    scene.usual()
    for number in 0..<5000 { scene.event("order-created", at: 100, id: "m\(number)", partition: Int32(number % 3)) }
    scene.source(.up, at: 200)
    // Each call updates a bounded number of sagas to the current time.
    for _ in 0..<60 { _ = scene.store.overview(limit: 0, now: scene.time(200)) }
    let causes = scene.store.causes(now: scene.time(200))
    #expect(causes.filter { $0.extent == .waiting }.reduce(0) { $0 + $1.count } == 5000)
  }
}
