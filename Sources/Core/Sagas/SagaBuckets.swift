/// One list of slots per bucket, each in order of insertion. All changes take constant time.
struct SagaBuckets {
  private struct Link {
    var previous: Int32 = -1
    var next: Int32 = -1
    var bucket: SagaBucket?
  }

  private struct Ends {
    var first: Int32 = -1
    var last: Int32 = -1
    var count = 0
  }

  private var links: [Link] = []
  private var ends = [Ends](repeating: Ends(), count: SagaBucket.allCases.count)

  func count(of bucket: SagaBucket) -> Int { ends[Int(bucket.rawValue)].count }

  /// The slot that has been in the bucket for the longest time.
  func oldest(of bucket: SagaBucket) -> Int32? {
    let slot = ends[Int(bucket.rawValue)].first
    return slot < 0 ? nil : slot
  }

  /// The slot that entered the bucket last.
  func newest(of bucket: SagaBucket) -> Int32? {
    let slot = ends[Int(bucket.rawValue)].last
    return slot < 0 ? nil : slot
  }

  /// Moves the slot to the end of `bucket`, or to its start if `isOldest`. If it is already there, it keeps its position.
  mutating func move(_ slot: Int32, to bucket: SagaBucket, isOldest: Bool = false) {
    while links.count <= Int(slot) { links.append(Link()) }
    guard links[Int(slot)].bucket != bucket else { return }
    remove(slot)
    if isOldest { putFirst(slot, in: bucket) } else { putLast(slot, in: bucket) }
    ends[Int(bucket.rawValue)].count += 1
  }

  private mutating func putLast(_ slot: Int32, in bucket: SagaBucket) {
    let last = ends[Int(bucket.rawValue)].last
    links[Int(slot)] = Link(previous: last, next: -1, bucket: bucket)
    if last >= 0 { links[Int(last)].next = slot } else { ends[Int(bucket.rawValue)].first = slot }
    ends[Int(bucket.rawValue)].last = slot
  }

  private mutating func putFirst(_ slot: Int32, in bucket: SagaBucket) {
    let first = ends[Int(bucket.rawValue)].first
    links[Int(slot)] = Link(previous: -1, next: first, bucket: bucket)
    if first >= 0 { links[Int(first)].previous = slot } else { ends[Int(bucket.rawValue)].last = slot }
    ends[Int(bucket.rawValue)].first = slot
  }

  mutating func remove(_ slot: Int32) {
    guard Int(slot) < links.count, let bucket = links[Int(slot)].bucket else { return }
    let link = links[Int(slot)]
    if link.previous >= 0 {
      links[Int(link.previous)].next = link.next
    } else {
      ends[Int(bucket.rawValue)].first = link.next
    }
    if link.next >= 0 {
      links[Int(link.next)].previous = link.previous
    } else {
      ends[Int(bucket.rawValue)].last = link.previous
    }
    ends[Int(bucket.rawValue)].count -= 1
    links[Int(slot)] = Link()
  }

  /// Iterates over all slots in order of severity until `body` returns `false`.
  func walk(_ body: (Int32) -> Bool) {
    for bucket in SagaBucket.allCases where !walk(bucket, body) { return }
  }

  /// Iterates over one bucket in display order. Returns `false` if `body` stopped it.
  @discardableResult
  func walk(_ bucket: SagaBucket, _ body: (Int32) -> Bool) -> Bool {
    let end = ends[Int(bucket.rawValue)]
    var slot = bucket.isOldestFirst ? end.first : end.last
    while slot >= 0 {
      guard body(slot) else { return false }
      slot = bucket.isOldestFirst ? links[Int(slot)].next : links[Int(slot)].previous
    }
    return true
  }
}
