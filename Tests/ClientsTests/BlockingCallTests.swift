import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Clients

@Suite("Blocking calls", .serialized)
struct BlockingCallTests {
  private final class Gate: Sendable {
    let isOpen = Atomic(false)
  }

  private static func answer<Answer>(of call: BlockingCall<Answer>, _ bell: WakeUp) -> Answer? {
    let end = ContinuousClock.now + .seconds(20)
    while call.answer == nil, ContinuousClock.now < end { bell.wait(until: end) }
    return call.answer
  }

  @Test("sequential calls share a few threads")
  func reuse() throws {
    let bell = try #require(WakeUp())
    var threads: Set<UInt> = []
    for number in 0..<200 {
      let call = BlockingCall(bell: bell) { (number, UInt(pthread_self())) }
      let answer = try #require(Self.answer(of: call, bell))
      #expect(answer.0 == number)
      threads.insert(answer.1)
    }
    #expect(threads.count < 20, "\(threads.count) threads for 200 calls")
  }

  @Test("a call that does not return does not block other calls")
  func blocked() throws {
    let bell = try #require(WakeUp())
    let gate = Gate()
    let stuck = BlockingCall(bell: bell) {
      while !gate.isOpen.load(ordering: .relaxed) { usleep(1000) }
      return 0
    }
    for number in 1...20 {
      let call = BlockingCall(bell: bell) { number }
      #expect(Self.answer(of: call, bell) == number)
    }
    #expect(stuck.answer == nil)
    gate.isOpen.store(true, ordering: .relaxed)
    #expect(Self.answer(of: stuck, bell) == 0)
  }
}
