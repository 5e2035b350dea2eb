/// When the latest messages of each partition happened, as far as their events were read.
struct RecordTimes {
  /// The times of one partition's messages, by offset.
  private struct Partition {
    /// The offset of the oldest time that is kept.
    var base: Int64 = 0
    var times: [Timestamp] = []

    /// Keeps the latest `kept` at least.
    mutating func note(_ time: Timestamp, at offset: Int64, kept: Int) {
      let next = base + Int64(times.count)
      if offset < next { return }
      // A few offsets that are no messages (transaction markers, compaction) are passed over; after a larger gap it begins anew.
      if offset - next > 16 || times.count >= 2 * kept {
        shrink(to: offset - next > 16 ? 0 : kept)
      }
      if times.isEmpty { base = offset }
      while base + Int64(times.count) < offset { times.append(time) }
      times.append(time)
    }

    private mutating func shrink(to kept: Int) {
      let extra = times.count - kept
      guard extra > 0 else { return }
      times.removeFirst(extra)
      base += Int64(extra)
    }

    func time(_ offset: Int64) -> Timestamp? {
      guard offset >= base, offset - base < Int64(times.count) else { return nil }
      return times[Int(offset - base)]
    }
  }

  private static let mostPerPartition = 1024
  /// Of all partitions together, about: eight megabytes twice over.
  private static let most = 1_000_000
  private static let mostPartitions = 20_000

  /// The place in `partitions` where a topic's list of them is, by the topic's number.
  private var topics: [[Int32: Partition]] = []
  private var places: [Int32] = []
  private var count = 0

  mutating func note(_ time: Timestamp, of origin: Origin) {
    let (place, kept) = (place(of: origin.topic), kept)
    if topics[place][origin.partition]?.note(time, at: origin.offset, kept: kept) != nil { return }
    guard count < Self.mostPartitions else { return }
    count += 1
    topics[place][origin.partition] = Partition()
    topics[place][origin.partition]?.note(time, at: origin.offset, kept: kept)
  }

  /// Per partition, the fewer the more partitions there are.
  private var kept: Int { min(Self.mostPerPartition, max(25, Self.most / max(1, 2 * count))) }

  /// `nil` when that message was not read, or long ago.
  func time(of key: TopicPartitionKey, _ offset: Int64) -> Timestamp? {
    guard Int(key.topic.number) < places.count, places[Int(key.topic.number)] >= 0 else { return nil }
    return topics[Int(places[Int(key.topic.number)])][key.partition]?.time(offset)
  }

  /// The log was made anew: what was known of it holds no longer.
  mutating func forget(_ key: TopicPartitionKey) {
    guard Int(key.topic.number) < places.count, places[Int(key.topic.number)] >= 0 else { return }
    if topics[Int(places[Int(key.topic.number)])].removeValue(forKey: key.partition) != nil { count -= 1 }
  }

  private mutating func place(of topic: Symbol) -> Int {
    let number = Int(topic.number)
    if number >= places.count {
      places.append(contentsOf: repeatElement(-1, count: number + 1 - places.count))
    }
    if places[number] < 0 {
      places[number] = Int32(topics.count)
      topics.append([:])
    }
    return Int(places[number])
  }
}
