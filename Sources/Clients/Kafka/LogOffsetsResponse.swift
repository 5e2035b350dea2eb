/// What the leader of some partitions said of where their logs begin or end.
package enum LogOffsetsResponse: Sendable, Equatable {
  /// In the order of the partitions; `nil` without an answer for one.
  case offsets([Int64?])
  /// It did not answer in time.
  case silence
  /// Something is wrong with a partition, and librdkafka keeps back what was said of the others.
  case refusal(String)

  /// Asks for all at once and, where some partition spoils it, for halves until that one is found. Asks `budget` times at most.
  package static func search(
    _ partitions: [TopicPartition], budget: inout Int, ask: ([TopicPartition]) -> LogOffsetsResponse
  ) -> LogOffsetsResponse {
    guard budget > 0 else { return .silence }
    budget -= 1
    let answer = ask(partitions)
    guard case .refusal = answer else { return answer }
    guard partitions.count > 1 else { return .offsets([nil]) }
    let middle = partitions.count / 2
    guard
      case .offsets(let left) = search(Array(partitions[..<middle]), budget: &budget, ask: ask),
      case .offsets(let right) = search(Array(partitions[middle...]), budget: &budget, ask: ask)
    else { return .silence }
    return .offsets(left + right)
  }
}
