import Testing

@testable import Core

/// Sizes in bytes determine the memory per saga and the memory accesses per event. These tests are upper bounds.
@Suite("Memory per saga")
struct SagaMemoryTests {
  @Test("the memory per event, unit of work and id is limited")
  func parts() {
    #expect(MemoryLayout<EventRecord>.stride <= 64)
    #expect(MemoryLayout<NodeWork>.stride <= 32)
    #expect(MemoryLayout<StepDuration>.stride <= 16)
    #expect(MemoryLayout<SagaKey>.stride <= 24)
    #expect(MemoryLayout<SagaSummary>.stride <= 128)
    #expect(MemoryLayout<EventPlace>.stride <= 32)
  }

  @Test("a saga with few events has no cached state; a long one has it while it is active")
  func state() throws {
    var maker = EventMaker()
    var state = StoreState(
      ShopFixture.system, context: "test", limits: StoreLimits(), lagRules: LagRules(), symbols: maker.symbols)
    func fold(_ event: Event) {
      state.fold(event, arena: [])
      state.deriveChanged(at: ShopFixture.start)
    }
    fold(maker.event("order-created", at: 0))
    let saga = try #require(state.sagas.slots.first ?? nil)
    for number in 1...5 { fold(maker.event("noise", at: Int64(number))) }
    #expect(saga.state == nil)
    for number in 6...40 { fold(maker.event("noise", at: Int64(number))) }
    #expect(saga.state?.count == 41)
    fold(maker.event("noise", at: 3))
    #expect(saga.state?.count == 42 && saga.summary.updatedAt == ShopFixture.time(40))
    fold(maker.event("delivery-completed", at: 50))
    #expect(saga.state == nil && saga.summary.status == .completed)
  }

  @Test("durations are learned for at most a thousand steps")
  func steps() {
    var deadlines = StepDeadlines()
    for number in 0..<UInt32(3000) { deadlines.add(StepDuration(step: Symbol(number: number), nanoseconds: 1)) }
    #expect(deadlines.durations(of: Symbol(number: 999))?.count == 1)
    #expect(deadlines.durations(of: Symbol(number: 1000)) == nil)
    deadlines.remove(StepDuration(step: Symbol(number: 2999), nanoseconds: 1))
    deadlines.remove(StepDuration(step: Symbol(number: 999), nanoseconds: 1))
    #expect(deadlines.durations(of: Symbol(number: 999))?.count == 0)
  }
}
