/// Masters of a real cluster, each with an equal share of the slots.
package final class RedisTestCluster {
  private static let slots = 16_384

  package let servers: [RedisServer]
  private let clients: [RedisTestClient]

  package static func start(_ count: Int) async throws -> RedisTestCluster {
    var servers: [RedisServer] = []
    let busPorts = try (0..<count).map { _ in try LoopbackPort.free() }
    for busPort in busPorts {
      // The default port of the cluster bus is the server's plus 10,000, which may be too high.
      servers.append(
        try await RedisServer.start([
          "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no",
          "--cluster-port", "\(busPort)",
        ]))
    }
    let cluster = try RedisTestCluster(servers, busPorts)
    let isReady = await waitUntil { cluster.isReady }
    guard isReady else { throw TestFailure("the cluster does not agree") }
    return cluster
  }

  private init(_ servers: [RedisServer], _ busPorts: [UInt16]) throws {
    self.servers = servers
    clients = try servers.map { try $0.client() }
    let share = Self.slots / servers.count
    for (place, client) in clients.enumerated() {
      let end = place == servers.count - 1 ? Self.slots - 1 : (place + 1) * share - 1
      try client.send("CLUSTER", "ADDSLOTSRANGE", "\(place * share)", "\(end)")
      try client.send("CLUSTER", "SET-CONFIG-EPOCH", "\(place + 1)")
    }
    for (server, busPort) in zip(servers, busPorts).dropFirst() {
      try clients[0].send("CLUSTER", "MEET", "127.0.0.1", "\(server.port)", "\(busPort)")
    }
  }

  private var isReady: Bool {
    clients.allSatisfy { client in
      guard let text = try? client.send("CLUSTER", "INFO") else { return false }
      return text.contains("cluster_state:ok") && text.contains("cluster_known_nodes:\(servers.count)")
    }
  }

  package func slot(of key: String) throws -> Int { Int(try clients[0].send("CLUSTER", "KEYSLOT", key)) ?? 0 }

  /// Sets the key at its master, even during a migration.
  package func set(_ key: String, _ value: String) throws {
    for client in clients {
      do {
        try client.send("ASKING")
        try client.send("SET", key, value)
        return
      } catch { continue }
    }
    throw TestFailure("no master takes \(key)")
  }

  /// Moves a slot from its master to another one; `whileMoving` runs after the keys were moved and before the slot is.
  package func move(slot: Int, keys: [String], whileMoving: () throws -> Void) throws {
    let share = Self.slots / servers.count
    let from = min(slot / share, servers.count - 1)
    let target = (from + 1) % (servers.count - 1)
    let ids = try clients.map { try $0.send("CLUSTER", "MYID") }
    try clients[target].send("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", ids[from])
    try clients[from].send("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", ids[target])
    for key in keys {
      try clients[from].send("MIGRATE", "127.0.0.1", "\(servers[target].port)", key, "0", "5000")
    }
    try whileMoving()
    for client in [clients[target], clients[from]] {
      try client.send("CLUSTER", "SETSLOT", "\(slot)", "NODE", ids[target])
    }
  }
}
