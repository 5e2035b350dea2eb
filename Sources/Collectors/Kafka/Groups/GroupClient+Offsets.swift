import Core

extension GroupClient {
  /// For the offsets of so many partitions as are asked for at once.
  private static let offsetsTimeout = Duration.seconds(1)
  private static let mostQuestions = 40

  /// As `offsets(of:at:timeout:)`. Partitions for which there is no answer are missing; after one that is late no more are asked for.
  func offsets(of partitions: [TopicPartition], at position: Int64) -> [TopicPartition: Int64] {
    var found: [TopicPartition: Int64] = [:]
    var budget = Self.mostQuestions
    for part in PartitionList.parts(of: partitions) {
      let answer = LogOffsetsResponse.search(Array(part), budget: &budget) {
        offsets(of: $0, at: position, timeout: Self.offsetsTimeout)
      }
      guard case .offsets(let offsets) = answer else { break }
      for (id, offset) in zip(part, offsets) where offset != nil { found[id] = offset }
    }
    return found
  }
}
