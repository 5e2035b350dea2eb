import Core
import Testing

@testable import Clients
@testable import Collectors

@Suite("completion of the initial read")
struct FirstCatchUpTests {
  private static let orders = Symbol(number: 1)
  private static let start = Timestamp(milliseconds: 1_000_000)

  private static func id(_ partition: Int32) -> TopicPartition { TopicPartition(topic: "orders", partition: partition) }

  /// An assignment of one partition with one message.
  private func assignment(isRead: Bool) -> Assignment {
    var assignment = Assignment(since: nil)
    assignment.add(Self.id(0), topic: Self.orders, bounds: .init(start: 4, end: 5))
    _ = assignment.turn()
    if isRead { _ = assignment.received(topic: Self.orders, partition: 0, offset: 4, time: nil) }
    return assignment
  }

  @Test(
    "everything that was listed is read, and the list is recent",
    arguments: [
      ("something is still to be read", false, 0, .goOn),
      ("read at once", true, 100, .isWhole),
      ("reading took long: what came meanwhile has not been looked for", true, 6000, .lookAgain),
    ] as [(String, Bool, Int64, FirstCatchUp.Verdict)])
  func verdict(why: String, isRead: Bool, milliseconds: Int64, expected: FirstCatchUp.Verdict) {
    var catchUp = FirstCatchUp()
    let verdict = catchUp.judge(
      assignment(isRead: isRead), lookedAt: Self.start, now: Self.start + .milliseconds(milliseconds))
    #expect(verdict == expected, Comment(rawValue: why))
  }

  @Test("partitions read before that wait for their turn are waited for, up to a limit")
  func waiting() {
    var catchUp = FirstCatchUp()
    var assignment = Assignment(since: nil)
    for partition in 0..<Int32(Assignment.mostFollowed + 1) {
      assignment.add(Self.id(partition), topic: Self.orders, bounds: .init(start: 4, end: 4))
    }
    _ = assignment.turn()
    assignment.wake(Self.id(Int32(Assignment.mostFollowed)), end: 5)
    #expect(assignment.isComplete && assignment.isAnyBehind)
    #expect(catchUp.judge(assignment, lookedAt: Self.start, now: Self.start) == .goOn)
    _ = assignment.turn()
    #expect(catchUp.judge(assignment, lookedAt: Self.start, now: Self.start) == .goOn, "followed, and not read")
    let later = Self.start + FirstCatchUp.patience + .seconds(1)
    #expect(catchUp.judge(assignment, lookedAt: later, now: later) == .isWhole)
    _ = assignment.received(
      topic: Self.orders, partition: Int32(Assignment.mostFollowed), offset: 4, time: nil)
    var another = FirstCatchUp()
    #expect(another.judge(assignment, lookedAt: Self.start, now: Self.start) == .isWhole)
  }
}
