import Core
import Text

/// Converts lag samples to and from lines of a recording. Partitions are stored as flat lists by topic, because a sample can have
/// hundreds of thousands of them.
struct RecordedLag {
  let symbols: SymbolTable

  func node(_ reading: LagSample) -> JSONNode {
    RecordedObject.make { object in
      object.time("time", reading.time)
      object.duration("took", reading.took)
      object.whole("requests", reading.requests)
      object.flag("listed", reading.isListed)
      object.text("incompleteness", reading.incompleteness)
      object.list(
        "ends",
        lists(reading.partitions, \.topic) { [Self.whole($0.partition), Self.whole($0.start), Self.whole($0.end)] })
      if reading.partitions.contains(where: { $0.stable != nil }) {
        let others = reading.partitions.filter { $0.stable == nil || $0.stable != $0.end }
        // An empty list is written too: it means that the stable offset of every partition is its end. Without a list they are unknown.
        object.set("stable", .array(lists(others, \.topic) { [Self.whole($0.partition), Self.whole($0.stable)] }))
      }
      object.list("gone", lists(reading.gone, \.topic) { [Self.whole($0.partition)] })
      object.list("found", reading.found.map(node))
      object.list("groups", reading.groups.map(node))
    }
  }

  private func node(_ found: FirstMessage) -> JSONNode {
    .array([
      .string(symbols.text(found.key.topic)), Self.whole(found.key.partition), Self.whole(found.from),
      Self.whole(found.offset), .bool(found.hasMessage), Self.whole(found.time?.nanoseconds),
    ])
  }

  private func node(_ group: GroupSample) -> JSONNode {
    RecordedObject.make { object in
      object.text("name", group.name)
      object.text("state", group.state?.rawValue)
      if let isSimple = group.isSimple { object.set("simple", .bool(isSimple)) }
      object.set("members", group.members.map { .array($0.map(node)) })
      object.set(
        "commits",
        group.commits.map { .array(lists($0, \.topic) { [Self.whole($0.partition), Self.whole($0.offset)] }) })
      object.text("error", group.error)
    }
  }

  private func node(_ member: GroupSample.Member) -> JSONNode {
    RecordedObject.make { object in
      object.text("id", member.id)
      object.text("client", member.clientID)
      object.text("host", member.host)
      object.list("partitions", lists(member.partitions, \.topic) { [Self.whole($0.partition)] })
    }
  }

  /// One list `["topic", …]` per run of items with the same topic; the order is preserved.
  private func lists<Item>(
    _ items: [Item], _ topic: (Item) -> Symbol, _ fields: (Item) -> [JSONNode]
  ) -> [JSONNode] {
    var lists: [JSONNode] = []
    var rest = items[...]
    while let first = rest.first {
      let run = rest.prefix { topic($0) == topic(first) }
      rest = rest.dropFirst(run.count)
      lists.append(.array([.string(symbols.text(topic(first)))] + run.flatMap(fields)))
    }
    return lists
  }

  private static func whole(_ value: (some FixedWidthInteger)?) -> JSONNode {
    value.map { .number(String($0)) } ?? .null
  }

  func reading(_ node: JSONNode) throws(DamagedLine) -> LagSample {
    var reading = LagSample(
      time: try DamagedLine.need(node.time("time")), took: node.duration("took") ?? .zero,
      requests: node.whole("requests") ?? 0, isListed: node.flag("listed"),
      incompleteness: node.text("incompleteness"))
    reading.partitions = try items(node.list("ends"), width: 3) { (topic, partition, fields) throws(DamagedLine) in
      PartitionOffsets(
        topic: topic, partition: partition, start: try Self.offset(fields[0]), end: try Self.offset(fields[1]))
    }
    if let stable = node["stable"]?.elements { try note(stable, in: &reading) }
    reading.gone = try items(node.list("gone"), width: 1) { (topic, partition, _) throws(DamagedLine) in
      TopicPartitionKey(topic: topic, partition: partition)
    }
    for found in node.list("found") { reading.found.append(try self.found(found)) }
    for group in node.list("groups") { reading.groups.append(try self.group(group)) }
    return reading
  }

  /// Sets the last stable offsets. Only those that differ from the end are listed.
  private func note(_ stable: [JSONNode], in reading: inout LagSample) throws(DamagedLine) {
    let others = try items(stable, width: 2) { (topic, partition, fields) throws(DamagedLine) in
      (TopicPartitionKey(topic: topic, partition: partition), try Self.offset(fields[0]))
    }
    let known = Dictionary(others, uniquingKeysWith: { $1 })
    for place in reading.partitions.indices {
      let other = known[reading.partitions[place].key]
      reading.partitions[place].stable = other ?? reading.partitions[place].end
    }
  }

  private func found(_ node: JSONNode) throws(DamagedLine) -> FirstMessage {
    let fields = node.elements ?? []
    guard fields.count == 6, let name = fields[0].text, let partition: Int32 = fields[1].whole(),
      let from: Int64 = fields[2].whole(), let offset: Int64 = fields[3].whole(), 0 <= from, from <= offset,
      case .bool(let hasMessage) = fields[4]
    else { throw DamagedLine() }
    let time: Int64? = fields[5].whole()
    return FirstMessage(
      key: TopicPartitionKey(topic: symbols.symbol(name), partition: partition), from: from, offset: offset,
      hasMessage: hasMessage, time: time.map { Timestamp(nanoseconds: $0) })
  }

  private func group(_ node: JSONNode) throws(DamagedLine) -> GroupSample {
    var group = GroupSample(
      name: try DamagedLine.need(node.text("name")), state: node.text("state").flatMap(GroupSample.State.init),
      isSimple: node["simple"].map { $0 == .bool(true) },
      error: node.text("error"))
    if let members = node["members"]?.elements {
      group.members = []
      for member in members { group.members?.append(try self.member(member)) }
    }
    if let commits = node["commits"]?.elements {
      group.commits = try items(commits, width: 2) { (topic, partition, fields) throws(DamagedLine) in
        GroupSample.Commit(topic: topic, partition: partition, offset: try Self.offset(fields[0]))
      }
    }
    return group
  }

  private func member(_ node: JSONNode) throws(DamagedLine) -> GroupSample.Member {
    GroupSample.Member(
      id: node.text("id") ?? "", clientID: node.text("client") ?? "", host: node.text("host") ?? "",
      partitions: try items(node.list("partitions"), width: 1) { (topic, partition, _) throws(DamagedLine) in
        TopicPartitionKey(topic: topic, partition: partition)
      })
  }

  /// `nil` if it was not known. No offset is negative.
  private static func offset(_ node: JSONNode) throws(DamagedLine) -> Int64? {
    guard let offset: Int64 = node.whole() else { return nil }
    guard offset >= 0 else { throw DamagedLine() }
    return offset
  }

  /// `make` gets the topic, the partition and the remaining fields.
  private func items<Item>(
    _ lists: [JSONNode], width: Int, _ make: (Symbol, Int32, [JSONNode]) throws(DamagedLine) -> Item
  ) throws(DamagedLine) -> [Item] {
    var items: [Item] = []
    for list in lists {
      let fields = list.elements ?? []
      guard let name = fields.first?.text, fields.count % width == 1 % width else { throw DamagedLine() }
      let topic = symbols.symbol(name)
      for start in stride(from: 1, to: fields.count, by: width) {
        guard let partition: Int32 = fields[start].whole() else { throw DamagedLine() }
        items.append(try make(topic, partition, Array(fields[(start + 1)..<(start + width)])))
      }
    }
    return items
  }
}
