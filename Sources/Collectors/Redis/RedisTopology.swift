import Clients

/// Which servers store the keys of a cluster.
struct RedisTopology {
  private static let slots = 16_384
  /// Redis recommends at most this number of nodes.
  private static let mostMasters = 1000

  /// The masters that have slots, ordered by their first slot.
  var masters: [RedisAddress.Host]
  /// Number of slots that no master serves.
  var unserved: Int
  /// The number of masters beyond `mostMasters`, which are not asked, and the number of their slots.
  var unasked = (masters: 0, slots: 0)

  /// All slots are stored by masters that are asked.
  var isWhole: Bool { unserved == 0 && unasked.masters == 0 }

  /// The slots whose locks are not known although all asked masters respond, one sentence each.
  var unknown: [String] {
    var sentences: [String] = []
    if unserved > 0 { sentences.append("\(unserved) of the cluster's slots have no master: their locks are not known") }
    if unasked.masters > 0 {
      sentences.append(
        "the cluster has more than \(Self.mostMasters) masters: \(unasked.masters) of them are not asked, and the locks "
          + "in their \(unasked.slots) slots are not known")
    }
    return sentences
  }

  /// `nil` if the server is not part of a cluster, or denies the request.
  static func ask(_ connection: RedisConnection, host: String) throws(RedisError) -> RedisTopology? {
    var pipeline = RedisPipeline()
    // A range can be a single slot, and lists a master and its replicas.
    pipeline.add("CLUSTER", words: ["SLOTS"], elements: slots * 16)
    guard let ranges = try connection.send(pipeline).first?.array else { return nil }
    return RedisTopology(ranges, host: host)
  }

  /// Each range is `[first, last, [host, port, …], …]`. An empty host means the queried server.
  init(_ ranges: [RedisReply], host: String) {
    (masters, unserved) = ([], Self.slots)
    var (asked, others) = (Set<RedisAddress.Host>(), Set<RedisAddress.Host>())
    for range in ranges {
      guard let parts = range.array, parts.count >= 3, let first = parts[0].integer, let last = parts[1].integer,
        (0..<Self.slots).contains(first), (first..<Self.slots).contains(last), let node = parts[2].array,
        node.count >= 2, let port = node[1].integer, (1...65_535).contains(port)
      else { continue }
      let name = node[0].text.flatMap { $0.isEmpty || $0 == "?" ? nil : $0 } ?? host
      let master = RedisAddress.Host(name, port: port)
      // Ranges may overlap in a false reply.
      let slots = min(unserved, last - first + 1)
      unserved -= slots
      if !asked.contains(master), masters.count == Self.mostMasters {
        others.insert(master)
        unasked = (others.count, unasked.slots + slots)
      } else if asked.insert(master).inserted {
        masters.append(master)
      }
    }
  }
}

/// The redirection of a cluster node: `MOVED 3999 127.0.0.1:6381`, or `ASK` while the slot is being migrated.
struct RedisRedirection {
  var host: RedisAddress.Host
  var isAsking: Bool

  /// `nil` for any other error. An empty host means the queried server.
  init?(_ error: String, asked: String) {
    let words = error.split(separator: " ")
    guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK", let colon = words[2].lastIndex(of: ":"),
      let port = Int(words[2][words[2].index(after: colon)...]), (1...65_535).contains(port)
    else { return nil }
    let name = String(words[2][..<colon])
    host = RedisAddress.Host(name.isEmpty ? asked : name, port: port)
    isAsking = words[0] == "ASK"
  }
}
