/// The stuck and failed sagas, in groups that probably have one cause: the same step, failure, partition and node. All changes take
/// constant time, so that grouping does not depend on the number of sagas.
struct TroubleIndex {
  struct Key: Hashable, Sendable {
    var definition: Int
    var bucket: SagaBucket
    var step: Symbol
    var failure: FailurePatternID?
    /// Origin and node of the last event; empty for a failed saga.
    var topic = Symbol.none
    var partition: Int32 = -1
    var node = Symbol.none

    /// Without origin and node: the parts that a filter can express.
    var filtered: Key { Key(definition: definition, bucket: bucket, step: step, failure: failure) }
  }

  private struct Link {
    var previous: Int32 = -1
    var next: Int32 = -1
    var group: Int32 = -1
  }

  private struct Group {
    var key: Key
    var first: Int32 = -1
    var last: Int32 = -1
    var count = 0
  }

  /// Above this number, groups are no longer separated by origin and node; above twice this number, only by type and bucket.
  private static let mostGroups = 2000
  /// Maximum number of sagas of one group that are searched for the one that blocks a consumer group.
  private static let mostHeads = 100

  private var links: [Link] = []
  private var groups: [Group] = []
  private var places: [Key: Int32] = [:]
  private var free: [Int32] = []

  /// Moves the saga to its group, as the last or the oldest; a saga that is no longer in trouble is removed.
  mutating func update(_ saga: Saga, isOldest: Bool = false) {
    let slot = saga.handle.slot
    guard let key = Self.key(of: saga) else { return remove(slot) }
    while links.count <= Int(slot) { links.append(Link()) }
    let place = place(of: key)
    guard links[Int(slot)].group != place else { return }
    remove(slot)
    // Computed again: its old group may have been removed if the saga was its last.
    append(slot, to: self.place(of: key), isOldest: isOldest)
  }

  mutating func remove(_ slot: Int32) {
    guard Int(slot) < links.count, links[Int(slot)].group >= 0 else { return }
    let link = links[Int(slot)]
    let place = Int(link.group)
    if link.previous >= 0 { links[Int(link.previous)].next = link.next } else { groups[place].first = link.next }
    if link.next >= 0 { links[Int(link.next)].previous = link.previous } else { groups[place].last = link.previous }
    groups[place].count -= 1
    links[Int(slot)] = Link()
    guard groups[place].count == 0 else { return }
    places[groups[place].key] = nil
    free.append(link.group)
  }

  private static func key(of saga: Saga) -> Key? {
    let bucket = SagaBucket(saga.summary)
    guard bucket == .stuck || bucket == .failed else { return nil }
    let isStuck = bucket == .stuck
    var key = Key(
      definition: saga.definition, bucket: bucket, step: isStuck ? saga.summary.step : saga.summary.failedStep,
      failure: saga.failures.first?.pattern)
    guard isStuck, let last = saga.events.records.last else { return key }
    (key.topic, key.partition, key.node) = (last.origin.topic, last.origin.partition, last.node)
    return key
  }

  private mutating func place(of key: Key) -> Int32 {
    for known in [key, key.filtered] {
      if let place = places[known] { return place }
      if places.count < Self.mostGroups || known == key.filtered && places.count < 2 * Self.mostGroups {
        return makeGroup(known)
      }
    }
    let rest = Key(definition: key.definition, bucket: key.bucket, step: .none)
    return places[rest] ?? makeGroup(rest)
  }

  private mutating func makeGroup(_ key: Key) -> Int32 {
    let place = free.popLast() ?? Int32(groups.count)
    if Int(place) == groups.count { groups.append(Group(key: key)) } else { groups[Int(place)] = Group(key: key) }
    places[key] = place
    return place
  }

  private mutating func append(_ slot: Int32, to place: Int32, isOldest: Bool) {
    let (first, last) = (groups[Int(place)].first, groups[Int(place)].last)
    links[Int(slot)] = Link(previous: isOldest ? -1 : last, next: isOldest ? first : -1, group: place)
    if isOldest, first >= 0 { links[Int(first)].previous = slot }
    if !isOldest, last >= 0 { links[Int(last)].next = slot }
    if isOldest || first < 0 { groups[Int(place)].first = slot }
    if !isOldest || last < 0 { groups[Int(place)].last = slot }
    groups[Int(place)].count += 1
  }
}

/// Sagas of one type with the same trouble at the same place.
struct TroubleGroup: Sendable {
  var key: TroubleIndex.Key
  var type: String
  var step: String?
  var count: Int
  /// The last progress of its oldest saga.
  var since: Timestamp?
  /// The oldest and the newest saga.
  var samples: [SagaHandle]

  /// Matches this group and the groups that differ only by place.
  var filter: String {
    let words =
      [("status", key.bucket == .failed ? "failed" : "stuck"), ("type", type)] + (step.map { [("step", $0)] } ?? [])
    return words.map { Filter.text($0.0, $0.1) }.joined(separator: " ")
  }
}

extension TroubleIndex {
  /// Largest group first.
  func all(in sagas: borrowing SagaState) -> [TroubleGroup] {
    var all: [TroubleGroup] = []
    for group in groups where group.count > 0 {
      guard let first = sagas[slot: group.first], let last = sagas[slot: group.last] else { continue }
      all.append(
        TroubleGroup(
          key: group.key, type: sagas.definitions[group.key.definition].definition.type,
          step: sagas.symbols.name(group.key.step), count: group.count, since: first.summary.progressAt,
          samples: first === last ? [first.handle] : [first.handle, last.handle]))
    }
    return all.sorted { ($1.count, $0.filter) < ($0.count, $1.filter) }
  }

  /// The saga with the message at `origin` as its last event.
  func saga(from origin: Origin, in sagas: borrowing SagaState) -> Saga? {
    for group in groups
    where group.count > 0 && group.key.topic == origin.topic && group.key.partition == origin.partition {
      var slot = group.first
      for _ in 0..<Self.mostHeads where slot >= 0 {
        if let saga = sagas[slot: slot], saga.events.records.last?.origin == origin { return saga }
        slot = links[Int(slot)].next
      }
    }
    return nil
  }
}
