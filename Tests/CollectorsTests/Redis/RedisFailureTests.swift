import Core
import TestSupport
import Testing

@testable import Clients
@testable import Collectors

@Suite("Redis failures", .timeLimit(.minutes(3)))
struct RedisFailureTests {
  /// Waits for an error that contains `words` and returns it; otherwise returns the last error.
  private func error(_ scene: RedisScene, _ words: String) async -> String? {
    let isSaid = await scene.waitForStatus { $0.phase == .down && $0.error?.contains(words) == true }
    return isSaid ? scene.sink.status.error : scene.sink.statuses.compactMap(\.error).last
  }

  @Test("if nothing listens, the status contains the server, the failure and the next retry")
  func refused() async throws {
    let port = try LoopbackPort.free()
    let scene = try RedisScene("redis://127.0.0.1:\(port)")
    let error = try #require(await error(scene, "onnection refused"))
    #expect(error.contains("127.0.0.1:\(port): connection refused; trying again"))
    #expect(scene.sink.status.retryAt != nil)
    #expect(!scene.sink.status.isComplete)
  }

  @Test("an unresolved name is reported")
  func unresolved() async throws {
    let scene = try RedisScene("redis://no-such-host.invalid")
    #expect(await waitUntil { scene.sink.status.phase == .down })
    #expect(scene.sink.status.error?.contains("no-such-host.invalid:6379") == true)
  }

  @Test("a password is required, rejected or accepted")
  func passwords() async throws {
    let server = try await RedisServer.start(["--requirepass", "s3cret-word"])
    let none = try RedisScene(server.url)
    #expect(try #require(await error(none, "NOAUTH")).contains("asks for a password"))
    let wrong = try RedisScene("redis://:wr0ng-word@127.0.0.1:\(server.port)")
    let text = try #require(await error(wrong, "WRONGPASS"))
    #expect(!text.contains("wr0ng-word"))
    let right = try RedisScene("redis://:s3cret-word@127.0.0.1:\(server.port)")
    #expect(await right.waitForStatus { $0.phase == .up })
    let needless = try await RedisServer.start()
    let given = try RedisScene("redis://:s3cret-word@127.0.0.1:\(needless.port)")
    let said = try #require(await error(given, "AUTH"))
    #expect(!said.contains("s3cret-word"))
  }

  @Test("permission for SCAN and reading is enough, and denied commands are reported")
  func permissions() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("ACL", "SETUSER", "watcher", "on", ">w0rd", "~*", "+scan", "+type", "+pttl", "+getrange", "+hscan")
    try client.send("SET", "lock:1", "node-1", "PX", "60000")
    let scene = try RedisScene("redis://watcher:w0rd@127.0.0.1:\(server.port)")
    #expect(await scene.waitForLock("lock:1")?.holders.first?.token == "node-1")
    #expect(await scene.waitForStatus { $0.phase == .up && $0.notes.contains { $0.contains("MEMORY, OBJECT") } })
    try client.send("ACL", "SETUSER", "blind", "on", ">w0rd", "~*", "+ping")
    let blind = try RedisScene("redis://blind:w0rd@127.0.0.1:\(server.port)")
    #expect(try #require(await error(blind, "NOPERM")).contains("scan"))
  }

  @Test("a lock whose TTL may not be read is not called immortal")
  func noTTL() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("ACL", "SETUSER", "watcher", "on", ">w0rd", "~*", "+scan", "+type", "+getrange")
    try client.send("SET", "lock:1", "node-1", "PX", "60000")
    let scene = try RedisScene("redis://watcher:w0rd@127.0.0.1:\(server.port)")
    #expect(await scene.waitForStatus { $0.notes.contains { $0.contains("PTTL") } })
    #expect(scene.sink.locks.flatMap(\.locks).isEmpty)
  }

  @Test("a killed server is down and read again after a restart; its locks are gone")
  func restart() async throws {
    let server = try await RedisServer.start()
    try server.client().send("SET", "lock:1", "node-1")
    let scene = try RedisScene(server.url)
    #expect(await scene.waitForLock("lock:1") != nil)
    server.end()
    #expect(await scene.waitForStatus { $0.phase == .down && $0.isComplete })
    let again = try await RedisServer.start(port: server.port)
    try again.client().send("SET", "lock:2", "node-1")
    #expect(await scene.waitForLock("lock:2") != nil)
    #expect(scene.sink.locks.contains { $0.gone == ["lock:1"] })
    #expect(await scene.waitForStatus { $0.phase == .up && $0.error == nil && $0.retryAt == nil })
  }

  @Test("a server that does not respond in time is reported, and is read again when it responds")
  func slow() async throws {
    let server = try await RedisServer.start()
    let scene = try RedisScene(server.url) { $0.timeout = .milliseconds(300) }
    #expect(await scene.waitForStatus { $0.phase == .up })
    let client = try server.client()
    try client.begin("DEBUG", "SLEEP", "2")
    #expect(await waitUntil { scene.sink.statuses.contains { $0.error?.contains("no answer within") == true } })
    #expect(await scene.waitForStatus { $0.phase == .up && $0.error == nil })
  }

  @Test("a response that announces more data than requested is refused before memory is allocated")
  func hugeArray() async throws {
    let server = try RudeRedis { _ in "*2147483647\r\n" }
    let scene = try RedisScene("redis://127.0.0.1:\(server.port)")
    #expect(try #require(await error(scene, "larger than")).contains("127.0.0.1:\(server.port)"))
  }

  @Test("a server that sends slowly has the same timeout as a silent one")
  func drip() async throws {
    let server = try RudeRedis(drips: true) { _ in "+" }
    let scene = try RedisScene("redis://127.0.0.1:\(server.port)") { $0.timeout = .milliseconds(300) }
    #expect(await error(scene, "no answer within") != nil)
    #expect(await scene.waitForStatus { $0.error?.contains("no answer within") == true })
  }

  @Test("keys that may not be read are counted, and the source is degraded with the reason")
  func unreadableKeys() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    try client.send("ACL", "SETUSER", "watcher", "on", ">w0rd", "~lock:open:*", "+@all")
    for key in ["lock:open:1", "lock:secret:1", "lock:secret:2"] { try client.send("SET", key, "node-1") }
    let scene = try RedisScene(
      "redis://watcher:w0rd@127.0.0.1:\(server.port)", locks: ["lock:open:{id}", "lock:secret:{id}"])
    #expect(await scene.waitForLock("lock:open:1") != nil)
    #expect(
      await scene.waitForStatus {
        $0.phase == .degraded && $0.error?.contains("2 keys of `lock:secret:*` may not be read (TYPE: NOPERM") == true
      })
    #expect(scene.locks["lock:secret:1"] == nil)
  }

  @Test("a server that is loading its data is reachable but not read")
  func loading() async throws {
    let server = try RudeRedis { _ in "-LOADING Redis is loading the dataset in memory\r\n" }
    let scene = try RedisScene("redis://127.0.0.1:\(server.port)")
    #expect(await scene.waitForStatus { $0.phase == .degraded && $0.error?.contains("still loading") == true })
    #expect(!scene.sink.status.isComplete)
  }

  @Test(
    "the server's errors are reported as sentences",
    arguments: [
      ("LOADING Redis is loading the dataset in memory", "still loading"),
      ("MOVED 3999 127.0.0.1:6381", "part of a cluster"), ("BUSY Redis is busy running a script", "a script"),
      ("MASTERDOWN Link with MASTER is down", "lost its master"), ("ERR invalid password", "refuses the password"),
      ("ERR DB index is out of range", "DB index is out of range"),
    ])
  func sentences(_ text: String, _ words: String) {
    #expect(RedisError.refused(text).sentence.contains(words))
  }
}
