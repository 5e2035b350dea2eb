import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("Locks of a Redis server", .timeLimit(.minutes(3)))
struct RedisSourceTests {
  private static let uuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

  @Test("a string lock is found with holder, acquisition time and TTL")
  func string() async throws {
    let server = try await RedisServer.start()
    try server.client().send("SET", "lock:1", "1769508000000-abc", "PX", "60000")
    let scene = try RedisScene(server.url)
    let lock = try #require(await scene.waitForLock("lock:1"))
    #expect(lock.kind == .string)
    #expect(lock.holders.first?.takenAt == Timestamp(milliseconds: 1_769_508_000_000))
    let ttl = try #require(lock.ttl)
    #expect(ttl > .seconds(30) && ttl <= .seconds(60))
    #expect(await scene.waitForStatus { $0.phase == .up && $0.isComplete && !$0.carriesEvents })
  }

  @Test("a lock without a TTL has none, and a released lock is gone")
  func immortalAndGone() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("SET", "lock:1", "node-1")
    let scene = try RedisScene(server.url)
    let lock = try #require(await scene.waitForLock("lock:1"))
    #expect(lock.ttl == nil)
    try client.send("DEL", "lock:1")
    #expect(await waitUntil { scene.sink.locks.contains { $0.gone == ["lock:1"] } })
    #expect(await waitUntil { scene.locks.isEmpty })
  }

  @Test("a Redisson lock gives client, thread, reentrance count and waiters; renewals are detected")
  func redisson() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    let waiter = try server.client()
    try client.send("HSET", "lock:7", "\(Self.uuid):31", "2")
    try client.send("PEXPIRE", "lock:7", "5000")
    try waiter.send("SUBSCRIBE", "redisson_lock__channel:{lock:7}")
    let scene = try RedisScene(server.url)
    let lock = try #require(await scene.waitForLock("lock:7") { $0.waiters == 1 })
    #expect(lock.kind == .redisson)
    #expect(lock.holders == [LockHolder(token: Self.uuid, thread: "31", count: 2)])
    try client.send("PEXPIRE", "lock:7", "30000")
    #expect(await scene.waitForLock("lock:7") { $0.ttl ?? .zero > .seconds(20) } != nil)
  }

  @Test("a fair lock has a queue, a read lock several holders, a write lock one, and a set one holder per value")
  func otherKinds() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("HSET", "lock:fair", "\(Self.uuid):31", "1")
    try client.send("RPUSH", "redisson_lock_queue:{lock:fair}", "\(Self.uuid):32", "\(Self.uuid):33")
    try client.send("HSET", "lock:read", "mode", "read", "\(Self.uuid):1", "1", "\(Self.uuid):2", "1")
    try client.send("HSET", "lock:write", "mode", "write", "\(Self.uuid):9:write", "1")
    let owner = "\(Self.uuid):7"
    try client.send(
      "HSET", "lock:group", "jack", owner, "mary", owner, "jack:\(owner):lock_count", "1", "mary:\(owner):lock_count",
      "2",
      "jack:\(owner):expire_time", "1769508000000")
    try client.send("HSET", "lock:else", "name", "value")
    try client.send("LPUSH", "lock:list", "value")
    let scene = try RedisScene(server.url)
    let fair = try #require(await scene.waitForLock("lock:fair"))
    #expect(fair.kind == .fairQueue)
    #expect(fair.waiters == 2)
    let read = try #require(await scene.waitForLock("lock:read"))
    #expect(read.kind == .readWrite)
    #expect(read.holders.count == 2)
    #expect(read.holders.map(\.isReader) == [true, true])
    let write = try #require(await scene.waitForLock("lock:write"))
    #expect(write.holders.map(\.thread) == ["9"])
    let group = try #require(await scene.waitForLock("lock:group"))
    #expect(group.kind == .multi)
    #expect(group.holders == [LockHolder(token: Self.uuid, thread: "7", count: 2)])
    for key in ["lock:else", "lock:list"] {
      let other = try #require(await scene.waitForLock(key))
      #expect(other.kind == .other)
      #expect(other.holders.isEmpty)
    }
  }

  @Test(
    "for a lock with a small number as value the age is the time since first seen, because Redis shares such values")
  func sharedNumber() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("SET", "other", "1")
    try client.send("SET", "lock:number", "1", "PX", "60000")
    try client.send("SET", "lock:text", "one", "PX", "60000")
    let scene = try RedisScene(server.url)
    #expect(await scene.waitForLock("lock:text")?.idle != nil)
    #expect(try #require(await scene.waitForLock("lock:number")).idle == nil)
  }

  @Test("locks of other libraries are recognised by their format, which gives holder and age if available")
  func shapes() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("SET", "lock:shed", "ADDED:2026-01-27T10:00:00.500Z@worker-7", "PX", "60000")
    try client.send("SET", "lock:spring", Self.uuid, "PX", "60000")
    try client.send("SET", "lock:redis-py", "b1946ac92492d2347c6235b4d2611184", "PX", "60000")
    try client.send("HSET", "lock:jobs", "0123456789abcdef01234567", "1769508000.25")
    try client.send("HSET", "lock:fenced", "\(Self.uuid):31", "1")
    try client.send("SET", "redisson_lock_token:{lock:fenced}", "34")
    let scene = try RedisScene(server.url)
    #expect(
      await scene.waitForLock("lock:shed")?.holders == [
        LockHolder(token: "worker-7", takenAt: Timestamp(milliseconds: 1_769_508_000_500))
      ])
    #expect(await scene.waitForLock("lock:spring")?.holders == [LockHolder(token: Self.uuid)])
    #expect(
      await scene.waitForLock("lock:redis-py")?.holders == [LockHolder(token: "b1946ac92492d2347c6235b4d2611184")])
    let jobs = try #require(await scene.waitForLock("lock:jobs"))
    #expect(jobs.kind == .jobs && jobs.waiters == nil)
    #expect(
      jobs.holders == [
        LockHolder(token: "0123456789abcdef01234567", takenAt: Timestamp(milliseconds: 1_769_508_000_250))
      ])
    #expect(await scene.waitForLock("lock:fenced")?.kind == .fenced)
  }

  @Test("binary keys and values, a value of 5 MB, a huge hash and keys with ESC are read within limits")
  func hostile() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    let big = [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
    try client.send([Array("SET".utf8), Array("lock:big".utf8), big])
    try client.send([Array("SET".utf8), Array("lock:".utf8) + [0xff, 0x00, 0x1b], [0xfe, 0x00, 0x0a]])
    try client.send("SET", "lock:\u{1b}[31m", "\u{1b}]0;x\u{7}")
    try client.send([Array("HSET".utf8), Array("lock:hash".utf8), Array("a".utf8), big])
    try client.send("SET", "lock:" + String(repeating: "k", count: 5000), "long")
    let scene = try RedisScene(server.url)
    let large = try #require(await scene.waitForLock("lock:big"))
    #expect(large.holders.first.map { $0.token.utf8.count < 120 } == true)
    #expect(await scene.waitForLock("lock:\\xff\u{0}\u{1b}")?.holders.first?.token == "\\xfe\u{0}\n")
    #expect(await scene.waitForLock("lock:\u{1b}[31m") != nil)
    #expect(await scene.waitForLock("lock:hash")?.kind == .other)
    #expect(await waitUntil { scene.sink.locks.last?.dropped == 1 })
  }

  @Test("a key that changes its type is read with the new type")
  func changedType() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("SET", "lock:1", "node-1")
    let scene = try RedisScene(server.url)
    #expect(await scene.waitForLock("lock:1") { $0.kind == .string } != nil)
    try client.send("DEL", "lock:1")
    try client.send("HSET", "lock:1", "\(Self.uuid):31", "1")
    #expect(await scene.waitForLock("lock:1") { $0.kind == .redisson } != nil)
  }

  @Test("ten thousand locks among a million keys are all found, a part in each round")
  func many() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("DEBUG", "POPULATE", "990000", "user:online")
    try client.sendAll(10_000) { ["SET", "lock:\($0)", "node-\($0)", "PX", "600000"] }
    let scene = try RedisScene(server.url, counts: ["user:online:*"], interval: .milliseconds(200)) {
      $0.scanTime = .milliseconds(100)
    }
    #expect(await completes(scene))
    #expect(Set(scene.sink.locks.flatMap { $0.locks.map(\.key) }).count == 10_000)
    let readings = scene.sink.locks
    let progress = readings.prefix { $0.passes == 0 }.map(\.progress)
    #expect(progress.count > 1, "the first pass took several rounds")
    #expect(progress == progress.sorted(), "the cursor goes on")
    #expect(await waitUntil(.seconds(60)) { scene.sink.locks.last?.counts == [990_000] })
    #expect(try client.send("DBSIZE") == "1000000", "nothing was written")
  }

  /// Waits for the first pass without a time limit while it makes progress, because its duration depends on the machine.
  private func completes(_ scene: RedisScene) async -> Bool {
    func reached() -> Double { scene.sink.locks.last.map { Double($0.passes) + $0.progress } ?? 0 }
    while !scene.sink.status.isComplete {
      let before = reached()
      guard before < 4, await waitUntil(.seconds(30), { scene.sink.status.isComplete || reached() > before }) else {
        return false
      }
    }
    return true
  }

  @Test("a source stops immediately, regardless of its server")
  func stops() async throws {
    let server = try await RedisServer.start()
    let scene = try RedisScene(server.url) { $0.timeout = .seconds(30) }
    #expect(await scene.waitForStatus { $0.phase == .up })
    try server.client().begin("DEBUG", "SLEEP", "10")
    let rounds = scene.sink.locks.count
    _ = await waitUntil(.milliseconds(200)) { scene.sink.locks.count > rounds + 3 }
    let start = ContinuousClock.now
    scene.source.stop()
    #expect(ContinuousClock.now - start < .seconds(1))
  }

  @Test("locks are read through a Unix socket and from a numbered database")
  func places() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("SET", "lock:0", "node-1")
    try client.send("SELECT", "3")
    try client.send("SET", "lock:3", "node-1")
    let socket = try RedisScene("unix://\(server.socket)")
    #expect(await socket.waitForLock("lock:0") != nil, "\(socket.sink.statuses.compactMap(\.error))")
    let third = try RedisScene("\(server.url)/3")
    #expect(await third.waitForLock("lock:3") != nil)
    #expect(third.locks["lock:0"] == nil)
  }
}
