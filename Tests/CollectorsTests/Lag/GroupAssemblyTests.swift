import Core
import Testing

@testable import Clients
@testable import Collectors

@Suite("assembling a group's data from responses")
struct GroupAssemblyTests {
  private static let orders = Symbol(number: 1)

  private func commit(_ partition: Int32, _ offset: Int64?) -> GroupSample.Commit {
    .init(topic: Self.orders, partition: partition, offset: offset)
  }

  private func description(_ partitions: [Int32]) -> GroupAdminResponse.Description {
    .init(
      state: .stable, isSimple: false,
      members: [
        .init(
          id: "1", clientID: "a", host: "h", partitions: partitions.map { .init(topic: Self.orders, partition: $0) })
      ])
  }

  @Test("an assigned partition without a commit is listed once, without an offset")
  func neverCommitted() {
    var assembly = GroupAssembly(canDescribe: true)
    let group = assembly.group("g", commits: .success([commit(0, 5)]), description: .success(description([0, 1])))
    #expect(group.commits == [commit(0, 5), commit(1, nil)])
    #expect(group.state == .stable && group.members?.count == 1 && group.error == nil)
    #expect(assembly.troubles.isEmpty)
  }

  @Test("a failed part does not affect the other one; a retryable failure is a trouble, a refusal is not")
  func failures() {
    var assembly = GroupAssembly(canDescribe: true)
    let refusal = GroupAdminResponse.Failure(kind: .refused, text: "not allowed")
    let first = assembly.group("a", commits: .failure(refusal), description: .success(description([])))
    #expect(first.commits == nil && first.state == .stable && first.error == "no offsets: not allowed")
    #expect(assembly.troubles.isEmpty)
    let second = assembly.group("b", commits: .success([commit(0, 1)]), description: nil)
    #expect(second.commits == [commit(0, 1)] && second.state == nil && second.members == nil)
    #expect(second.error == "no members: no answer in time")
    _ = assembly.group("c", commits: nil, description: nil)
    #expect(
      assembly.troubles == [
        "no members of group b (no answer in time) and 1 more", "no offsets of group c (no answer in time)",
      ])
  }

  @Test("missing support for members is reported once and is no trouble")
  func undescribed() {
    var assembly = GroupAssembly(canDescribe: false)
    let group = assembly.group("g", commits: .success([]), description: nil)
    #expect(group.members == nil && group.error == "the broker does not tell of its state and members")
    #expect(assembly.troubles.isEmpty)
  }
}
