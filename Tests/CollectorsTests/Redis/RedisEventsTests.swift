import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("Keyspace events of a Redis server", .timeLimit(.minutes(2)))
struct RedisEventsTests {
  @Test("with keyspace events, every short holding is counted exactly")
  func exact() async throws {
    let server = try await RedisServer.start(["--notify-keyspace-events", "KA"])
    let client = try server.client()
    let scene = try RedisScene(server.url, interval: .milliseconds(100))
    #expect(await waitUntil { scene.sink.locks.last?.isExact == true })
    for _ in 0..<50 {
      try client.send("SET", "lock:1", "node-1", "NX", "PX", "3000")
      try client.send("DEL", "lock:1")
    }
    try client.send("SET", "lock:2", "node-1", "PX", "20")
    try client.send("SET", "other:1", "node-1")
    let isTold = await waitUntil {
      scene.sink.locks.flatMap(\.events).contains { $0.key == "lock:2" && $0.kind == .expired }
    }
    #expect(isTold)
    let events = scene.sink.locks.flatMap(\.events)
    #expect(events.count { $0.key == "lock:1" && $0.kind == .written } == 50)
    #expect(events.count { $0.key == "lock:1" && $0.kind == .released } == 50)
    #expect(!events.contains { $0.key.hasPrefix("other") })
    #expect(events.map(\.time) == events.map(\.time).sorted())
  }

  @Test(
    "with missing or partial events, counts are sampled; the server's setting is not changed",
    arguments: ["", "Kx", "EA"])
  func sampled(_ flags: String) async throws {
    let server = try await RedisServer.start(flags.isEmpty ? [] : ["--notify-keyspace-events", flags])
    let client = try server.client()
    try client.send("SET", "lock:1", "node-1")
    let scene = try RedisScene(server.url)
    #expect(await scene.waitForLock("lock:1") != nil)
    #expect(scene.sink.locks.allSatisfy { !$0.isExact && $0.events.isEmpty })
  }

  @Test(
    "if CONFIG GET is denied, events are used when the configuration says that they are enabled",
    arguments: [true, false])
  func told(isTold: Bool) async throws {
    let server = try await RedisServer.start(["--notify-keyspace-events", "KA"])
    let client = try server.client()
    try client.send("ACL", "SETUSER", "watcher", "on", ">w0rd", "~*", "&*", "+@all", "-config")
    try client.send("SET", "lock:1", "node-1")
    let scene = try RedisScene("redis://watcher:w0rd@127.0.0.1:\(server.port)", interval: .milliseconds(100)) {
      $0.publishesKeyEvents = isTold
    }
    #expect(await scene.waitForLock("lock:1") != nil)
    try #require(await waitUntil { scene.sink.locks.count > 2 })
    #expect(scene.sink.locks.last?.isExact == isTold)
  }

  @Test("a lock is known from its event on, regardless of the duration of the next pass")
  func known() async throws {
    let server = try await RedisServer.start(["--notify-keyspace-events", "KA"])
    let client = try server.client()
    try client.send("DEBUG", "POPULATE", "50000")
    let scene = try RedisScene(server.url) {
      $0.scanCount = 1
      $0.scanTime = .milliseconds(1)
    }
    #expect(await waitUntil { scene.sink.locks.last?.isExact == true })
    try client.send("SET", "lock:1", "node-1")
    #expect(await scene.waitForLock("lock:1") != nil)
    #expect(scene.sink.locks.last?.passes == 0)
  }

  @Test(
    "only complete events give exact counts",
    arguments: [("AKE", true), ("Kg$hx", true), ("KA", true), ("Kgx", false), ("EA", false), ("", false), ("A", false)])
  func flags(_ flags: String, _ isWhole: Bool) {
    #expect(KeyEvents.isWholeStory(flags) == isWhole)
  }
}
