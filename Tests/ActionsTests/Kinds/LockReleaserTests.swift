import Core
import TestSupport
import Testing

@testable import Actions

@Suite("Releasing a lock")
struct LockReleaserTests {
  private func release(_ server: RedisServer, _ key: String, _ token: String, isHash: Bool = false) throws
    -> ActionAnswer
  {
    LockReleaser.release(
      .init(source: "redis", key: key, token: token, isHash: isHash),
      at: try RedisAddress("redis://127.0.0.1:\(server.port)"), timeout: .seconds(5))
  }

  @Test("a lock is removed while its holder is the one that was seen, and never another's")
  func strings() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    _ = try client.send("SET", "lock:a", "token-1")
    #expect(try release(server, "lock:a", "token-2").outcome.name == "refused")
    #expect(try client.send("GET", "lock:a").contains("token-1"))
    let answer = try release(server, "lock:a", "token-1")
    #expect(answer.outcome == .accepted("released") && answer.isObserved)
    #expect(try client.send("EXISTS", "lock:a").contains("0"))
    #expect(try release(server, "lock:a", "token-1").outcome.name == "refused")
  }

  @Test("a lock of Redisson is removed by its holder's field")
  func hashes() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    _ = try client.send("HSET", "lock:b", "uuid:31", "1")
    #expect(try release(server, "lock:b", "uuid:32", isHash: true).outcome.name == "refused")
    #expect(try release(server, "lock:b", "uuid:31", isHash: true).outcome == .accepted("released"))
    #expect(try client.send("EXISTS", "lock:b").contains("0"))
  }

  @Test("a server that is not there was not asked")
  func unreachable() throws {
    let answer = LockReleaser.release(
      .init(source: "redis", key: "a", token: "b", isHash: false), at: try RedisAddress("redis://127.0.0.1:1"),
      timeout: .seconds(1))
    #expect(answer.outcome.detail?.hasPrefix("not sent: ") == true)
  }
}
