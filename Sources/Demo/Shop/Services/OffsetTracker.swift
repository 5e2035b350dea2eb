/// Tracks which messages of the assigned partitions are in progress. Messages are processed concurrently, but an offset may be committed
/// only when all messages before it are processed.
struct OffsetTracker {
  struct Partition: Hashable {
    let topic: String
    let number: Int32
  }

  private struct Progress {
    /// Offsets in the order of reading, and whether they are processed.
    var offsets: [(offset: Int64, isDone: Bool)] = []
  }

  private var partitions: [Partition: Progress] = [:]
  private(set) var inProgress = 0

  mutating func begin(_ partition: Partition, _ offset: Int64) {
    partitions[partition, default: Progress()].offsets.append((offset, false))
    inProgress += 1
  }

  /// Marks a message as processed. Returns the offset to commit if all earlier messages are processed too; otherwise `nil`.
  mutating func finish(_ partition: Partition, _ offset: Int64) -> Int64? {
    guard let index = partitions[partition]?.offsets.firstIndex(where: { $0.offset == offset && !$0.isDone })
    else { return nil }
    partitions[partition]?.offsets[index].isDone = true
    inProgress -= 1
    guard index == 0, let offsets = partitions[partition]?.offsets else { return nil }
    let done = offsets.prefix { $0.isDone }
    partitions[partition]?.offsets.removeFirst(done.count)
    return done.last.map { $0.offset + 1 }
  }

  /// Clears everything after the partitions were assigned to another member.
  mutating func reset() {
    partitions = [:]
    inProgress = 0
  }
}
