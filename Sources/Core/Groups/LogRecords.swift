/// Which offsets of each partition contain messages, and their timestamps, for the offsets that were read or fetched. An offset may
/// contain no message: transaction markers, aborted batches, compacted records.
struct LogRecords {
  /// The messages read from one partition: every message from the first to the last offset is listed. A class, so that the next message of
  /// the same partition needs no look-up.
  private final class Partition {
    private static let noTime = Timestamp.distantPast

    let topic: Symbol
    let number: Int32
    private(set) var offsets: [Int64] = []
    private var times: [Timestamp] = []
    /// No message lies between the last message and this offset.
    private(set) var tail: Int64 = 0
    /// Since when neither the last message nor the end of the readable log has changed.
    private var quiet: (end: Int64, last: Int64, since: Timestamp)?

    init(topic: Symbol, number: Int32) {
      self.topic = topic
      self.number = number
    }

    /// Stores at least the latest `kept` messages. Messages before the first one are ignored: messages in between may be missing.
    func note(_ time: Timestamp?, at offset: Int64, kept: Int) {
      let time = time ?? Self.noTime
      guard let last = offsets.last else { return append(time, at: offset) }
      if offset > last {
        append(time, at: offset)
        if offsets.count >= 2 * kept { shrink(to: kept) }
        return
      }
      let place = place(of: offset)
      guard place > 0, offsets[place] != offset else { return }
      offsets.insert(offset, at: place)
      times.insert(time, at: place)
    }

    private func append(_ time: Timestamp, at offset: Int64) {
      offsets.append(offset)
      times.append(time)
      tail = offset &+ 1
    }

    private func shrink(to kept: Int) {
      offsets.removeFirst(offsets.count - kept)
      times.removeFirst(times.count - kept)
    }

    /// Index of the first message at or after an offset.
    func place(of offset: Int64) -> Int {
      if let last = offsets.last, offset > last { return offsets.count }
      var (low, high) = (0, offsets.count)
      while low < high {
        let middle = (low + high) / 2
        if offsets[middle] < offset { low = middle + 1 } else { high = middle }
      }
      return low
    }

    func time(_ place: Int) -> Timestamp? { times[place] == Self.noTime ? nil : times[place] }

    /// The readable log ends at `end`, and the reader is up to date.
    func settle(_ end: Int64, at now: Timestamp) {
      guard let last = offsets.last, end > tail else { return }
      guard let quiet, quiet.end == end, quiet.last == last else { return quiet = (end, last, now) }
      if now - quiet.since >= LogRecords.settling { tail = end }
    }

    func unsettle() { quiet = nil }
  }

  /// After this time without a message, an up-to-date reader would have received any existing one.
  static let settling = Duration.seconds(20)
  private static let mostPerPartition = 1024
  /// Approximate maximum for all partitions together, about 16 MB.
  private static let most = 500_000
  private static let mostPartitions = 20_000
  /// Maximum fetch results per partition: each group may be at a different offset.
  private static let mostFound = 8

  /// Maps the topic's number to the index of its partitions in `topics`.
  private var topics: [[Int32: Partition]] = []
  private var places: [Int32] = []
  private var count = 0 {
    didSet { kept = min(Self.mostPerPartition, max(25, Self.most / max(1, 2 * count))) }
  }
  /// Messages stored per partition; fewer if there are more partitions.
  private var kept = mostPerPartition
  /// Cache of recently used partitions, by topic and number.
  private var recent = [Partition?](repeating: nil, count: recentCount)
  private static let recentCount = 64
  private var found: [TopicPartitionKey: [FirstMessage]] = [:]

  /// Records a message that was read. `time` is `nil` if the message has none.
  mutating func note(_ time: Timestamp?, of origin: Origin) {
    let place =
      Int(truncatingIfNeeded: UInt32(bitPattern: origin.partition) &+ origin.topic.number &* 7) % Self.recentCount
    if let partition = recent[place], partition.number == origin.partition, partition.topic == origin.topic {
      return partition.note(time, at: origin.offset, kept: kept)
    }
    guard let partition = partition(of: origin) else { return }
    recent[place] = partition
    partition.note(time, at: origin.offset, kept: kept)
  }

  /// `nil` if there are too many partitions.
  private mutating func partition(of origin: Origin) -> Partition? {
    let place = place(of: origin.topic)
    if let known = topics[place][origin.partition] { return known }
    guard count < Self.mostPartitions else { return nil }
    count += 1
    let partition = Partition(topic: origin.topic, number: origin.partition)
    topics[place][origin.partition] = partition
    return partition
  }

  mutating func note(_ message: FirstMessage) {
    guard found.count < Self.mostPartitions || found[message.key] != nil else { return }
    var list = found[message.key, default: []]
    list.removeAll { $0.from == message.from }
    if list.count == Self.mostFound { list.removeFirst() }
    list.append(message)
    found[message.key] = list
  }

  /// Called for every sample of the logs. `isWhole`: the reader reports that it is up to date.
  mutating func settle(_ key: TopicPartitionKey, end: Int64, isWhole: Bool, at now: Timestamp) {
    guard let place = known(key.topic) else { return }
    if isWhole {
      topics[place][key.partition]?.settle(end, at: now)
    } else {
      topics[place][key.partition]?.unsettle()
    }
  }

  /// The first offset at or after `offset` that contains or may contain a message, and the message's time; `nil` if unknown.
  func first(of key: TopicPartitionKey, from offset: Int64) -> (offset: Int64, time: Timestamp?) {
    var offset = offset
    if let read = partition(key), let low = read.offsets.first, low <= offset, offset < read.tail {
      let place = read.place(of: offset)
      if place < read.offsets.count { return (read.offsets[place], read.time(place)) }
      offset = read.tail
    }
    guard let list = found[key] else { return (offset, nil) }
    for message in list.sorted(by: { $0.from < $1.from }) where message.from <= offset && offset <= message.offset {
      if message.hasMessage { return (message.offset, message.time) }
      offset = message.offset
    }
    return (offset, nil)
  }

  /// Number of offsets of a range that are known to contain no message.
  func empty(of key: TopicPartitionKey, from start: Int64, to end: Int64) -> Int64 {
    guard start < end else { return 0 }
    var count: Int64 = 0
    var (low, high) = (Int64.max, Int64.max)
    if let read = partition(key), let first = read.offsets.first {
      (low, high) = (first, read.tail)
      let (begin, stop) = (max(start, low), min(end, high))
      if begin < stop { count = stop - begin - Int64(read.place(of: stop) - read.place(of: begin)) }
    }
    return count + fetched(key, from: start, to: end, outside: low, high)
  }

  /// The same from fetch results only, without the range that the reader has read itself.
  private func fetched(
    _ key: TopicPartitionKey, from start: Int64, to end: Int64, outside low: Int64, _ high: Int64
  ) -> Int64 {
    guard let list = found[key] else { return 0 }
    var (count, next) = (Int64(0), start)
    for message in list.sorted(by: { $0.from < $1.from }) {
      for part in [(message.from, min(message.offset, low)), (max(message.from, high), message.offset)] {
        let (begin, stop) = (max(part.0, next), min(part.1, end))
        guard begin < stop else { continue }
        count += stop - begin
        next = stop
      }
    }
    return count
  }

  /// The log was recreated or deleted: the stored data is no longer valid.
  mutating func forget(_ key: TopicPartitionKey) {
    found[key] = nil
    guard let place = known(key.topic) else { return }
    guard topics[place].removeValue(forKey: key.partition) != nil else { return }
    count -= 1
    recent = Array(repeating: nil, count: Self.recentCount)
  }

  /// Whether messages of a topic were read.
  func hasRead(_ topic: Symbol) -> Bool { known(topic).map { !topics[$0].isEmpty } ?? false }

  private func partition(_ key: TopicPartitionKey) -> Partition? {
    known(key.topic).flatMap { topics[$0][key.partition] }
  }

  private func known(_ topic: Symbol) -> Int? {
    guard Int(topic.number) < places.count, places[Int(topic.number)] >= 0 else { return nil }
    return Int(places[Int(topic.number)])
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
