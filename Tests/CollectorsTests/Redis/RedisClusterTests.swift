import Core
import TestSupport
import Testing

@testable import Clients
@testable import Collectors

@Suite("Redis with TLS, a sentinel or a cluster", .timeLimit(.minutes(3)))
struct RedisClusterTests {
  @Test("rediss:// works with a trusted certificate and is refused with an untrusted one")
  func tls() async throws {
    let directory = try TemporaryDirectory()
    let files = try await TestCertificate(in: directory, name: "redis", days: 30)
    let port = try LoopbackPort.free()
    let server = try await RedisServer.start([
      "--tls-port", "\(port)", "--tls-cert-file", files.certificate, "--tls-key-file", files.key,
      "--tls-ca-cert-file", files.certificate,
    ])
    try server.client().send("SET", "lock:1", "node-1", "PX", "60000")
    let trusted = "rediss://localhost:\(port)?cacert=\(files.certificate)&cert=\(files.certificate)&key=\(files.key)"
    let scene = try RedisScene(trusted)
    #expect(await scene.waitForLock("lock:1")?.holders.first?.token == "node-1")
    #expect(await scene.waitForStatus { $0.phase == .up })
    let stranger = try RedisScene("rediss://localhost:\(port)")
    #expect(await stranger.waitForStatus { $0.error?.contains("its certificate is not trusted") == true })
    // The certificate is valid for `localhost` only.
    let otherName = try RedisScene("rediss://127.0.0.1:\(port)?cacert=\(files.certificate)")
    #expect(await otherName.waitForStatus { $0.error?.contains("IP address mismatch") == true })
    let missing = try RedisScene("rediss://localhost:\(port)?cacert=/nowhere.pem")
    #expect(await missing.waitForStatus { $0.error?.contains("the CA file /nowhere.pem") == true && $0.retryAt == nil })
  }

  @Test("a replica is read, and the status says that it is one")
  func replica() async throws {
    let master = try await RedisServer.start()
    try master.client().send("SET", "lock:1", "node-1", "PX", "60000")
    let replica = try await RedisServer.start(["--replicaof", "127.0.0.1", "\(master.port)"])
    let scene = try RedisScene(replica.url)
    #expect(await scene.waitForLock("lock:1") != nil)
    #expect(
      await scene.waitForStatus {
        $0.notes.contains { $0.contains("it is a replica of 127.0.0.1:\(master.port)") }
      })
  }

  @Test("the master named by a sentinel is read, and the new one after a failover")
  func sentinel() async throws {
    let master = try await RedisServer.start()
    let replica = try await RedisServer.start(["--replicaof", "127.0.0.1", "\(master.port)"])
    let directory = try TemporaryDirectory()
    let port = try LoopbackPort.free()
    let file = "\(directory.path)/sentinel.conf"
    try directory.write(
      """
      port \(port)
      dir \(directory.path)
      sentinel monitor orders 127.0.0.1 \(master.port) 1
      sentinel down-after-milliseconds orders 500
      sentinel failover-timeout orders 2000

      """, to: "sentinel.conf")
    let sentinel = try Server(["redis-server", file, "--sentinel"])
    defer { sentinel.end() }
    #expect(await waitUntil { LoopbackPort.accepts(port) })
    // The sentinel discovers the replica through the master.
    let asker = try RedisTestClient(port: port)
    #expect(await waitUntil { (try? asker.send("SENTINEL", "CKQUORUM", "orders").contains("usable")) ?? false })
    try master.client().send("SET", "lock:1", "node-1")
    let scene = try RedisScene("redis+sentinel://127.0.0.1:\(port)/orders")
    #expect(await scene.waitForLock("lock:1")?.holders.first?.token == "node-1")
    #expect(await waitUntil { (try? replica.client().send("GET", "lock:1")) == "node-1" })
    master.end()
    #expect(await waitUntil(.seconds(40)) { (try? replica.client().send("SET", "lock:2", "node-2")) == "OK" })
    #expect(await waitUntil(.seconds(40)) { scene.locks["lock:2"]?.holders.first?.token == "node-2" })
    #expect(await scene.waitForStatus { $0.phase == .up && $0.error == nil })
  }

  @Test("all masters of a cluster are read; a failed one makes its share unknown; a moved slot is followed")
  func cluster() async throws {
    let nodes = try await RedisTestCluster.start(3)
    for number in 0..<30 { try nodes.set("lock:\(number)", "node-1") }
    let scene = try RedisScene(nodes.servers[0].url)
    #expect(await waitUntil { scene.locks.count == 30 && scene.sink.status.phase == .up })
    // A slot moves to another node; reads during and after the move must succeed.
    let slot = try nodes.slot(of: "lock:7")
    try nodes.move(
      slot: slot, keys: ["lock:7"],
      whileMoving: {
        try nodes.set("lock:7", "node-9")
      })
    #expect(await waitUntil { scene.locks["lock:7"]?.holders.first?.token == "node-9" && scene.locks.count == 30 })
    nodes.servers[2].end()
    #expect(
      await scene.waitForStatus {
        $0.phase == .degraded && $0.error?.contains("127.0.0.1:\(nodes.servers[2].port)") == true
          && $0.error?.contains("locks are not known") == true
      })
    #expect(scene.locks.count < 30 && scene.sink.locks.flatMap(\.gone).isEmpty)
  }

  @Test("while a slot has no master, no round is exact, and no pass over all keys is complete")
  func unservedSlot() async throws {
    let nodes = try await RedisTestCluster.start(2)
    for server in nodes.servers { try server.client().send("CLUSTER", "DELSLOTS", "5") }
    try nodes.set("lock:1", "node-1")
    let scene = try RedisScene(nodes.servers[0].url)
    #expect(await scene.waitForStatus { $0.error?.contains("1 of the cluster's slots have no master") ?? false })
    let before = scene.sink.locks.count
    #expect(await waitUntil { scene.sink.locks.count >= before + 10 && scene.locks["lock:1"] != nil })
    #expect(scene.sink.locks.suffix(9).allSatisfy { !$0.isExact && $0.passes == 0 })
  }

  @Test("masters beyond the limit are counted as not asked, with their slots")
  func manyMasters() {
    let ranges = (0..<1024).map { place in
      RedisReply.array([
        .integer(place * 16), .integer(place * 16 + 15 - (place == 0 ? 1 : 0)),
        .array([.bytes(Array("10.0.\(place / 256).\(place % 256)".utf8)), .integer(6379)]),
      ])
    }
    let topology = RedisTopology(ranges, host: "redis")
    #expect(topology.masters.count == 1000 && topology.unserved == 1)
    #expect(topology.unasked == (24, 24 * 16))
    #expect(
      topology.unknown == [
        "1 of the cluster's slots have no master: their locks are not known",
        "the cluster has more than 1000 masters: 24 of them are not asked, and the locks in their 384 slots are not known",
      ])
    let few = RedisTopology(Array(ranges[1...1000]), host: "redis")
    let master = RedisReply.array([.bytes(Array("10.0.0.1".utf8)), .integer(6379)])
    let whole = RedisTopology([.array([.integer(0), .integer(16_383), master])], host: "redis")
    #expect(!topology.isWhole && !few.isWhole && whole.isWhole)
    #expect(few.masters.count == 1000 && few.unasked == (0, 0) && few.unserved == 24 * 16)
    #expect(few.unknown == ["384 of the cluster's slots have no master: their locks are not known"])
  }
}
