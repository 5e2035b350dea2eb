import Testing

@testable import Clients

@Suite("Addresses of Redis servers")
struct RedisAddressTests {
  @Test(
    "an address consists of host, port, user, password and database",
    arguments: [
      ("redis://localhost", RedisAddress(place: .host(.init("localhost", port: 6379)))),
      ("redis://redis-1:7000/4", RedisAddress(place: .host(.init("redis-1", port: 7000)), database: 4)),
      ("redis://[::1]:7000", RedisAddress(place: .host(.init("::1", port: 7000)))),
      ("redis://[::1]", RedisAddress(place: .host(.init("::1", port: 6379)))),
      ("redis://:p%40ss:w@h", RedisAddress(place: .host(.init("h", port: 6379)), password: "p@ss:w")),
      ("redis://ada:pass@h:1", RedisAddress(place: .host(.init("h", port: 1)), user: "ada", password: "pass")),
      ("redis://a@b:p@ss@h", RedisAddress(place: .host(.init("h", port: 6379)), user: "a@b", password: "p@ss")),
      ("rediss://h", RedisAddress(place: .host(.init("h", port: 6379)), tls: .init())),
      (
        "rediss://h?cacert=/etc/ca.pem&cert=/c%20d.pem&key=/k.pem",
        RedisAddress(
          place: .host(.init("h", port: 6379)),
          tls: .init(authorities: "/etc/ca.pem", certificate: "/c d.pem", key: "/k.pem"))
      ),
      (
        "redis+sentinel://ada:p@s1,[::1]:26380/orders/3",
        RedisAddress(
          place: .sentinel([.init("s1", port: 26_379), .init("::1", port: 26_380)], master: "orders"), user: "ada",
          password: "p", database: 3)
      ),
      ("unix:///run/redis.sock", RedisAddress(place: .socket("/run/redis.sock"))),
    ])
  func parsing(_ text: String, _ address: RedisAddress) throws {
    #expect(try RedisAddress(text) == address)
  }

  @Test(
    "an invalid address is refused, and the error does not contain the password",
    arguments: [
      "", "localhost:6379", "http://h", "redis://", "redis://h:0", "redis://h:99999", "redis://h/x", "redis://h:1/-1",
      "redis://u:s3cret@", "redis://u:s3cret%zz@h", "redis://ada@h", "redis://a b", "unix://relative", "redis://h?x=1",
      "redis://h?cacert=/x", "rediss://h?cert=/x", "redis+sentinel://h:26379", "redis+sentinel://h,/m", "redis://h#x",
      "redis+sentinel://:s3cret%@h/m", "redis+sentinel://" + String(repeating: "h,", count: 32) + "h/m",
      "redis+sentinel://" + String(repeating: "h,", count: 200_000) + "h/m",
    ])
  func invalid(_ text: String) {
    let error = #expect(throws: RedisAddress.Invalid.self) { try RedisAddress(text) }
    #expect(error?.message.contains("s3cret") == false)
  }

  @Test("the displayed name contains neither user nor password")
  func names() throws {
    #expect(try RedisAddress("redis://ada:s3cret@h:7000/2").name == "h:7000/2")
    #expect(try RedisAddress("redis://[::1]").name == "[::1]:6379")
    #expect(try RedisAddress("unix:///run/redis.sock").name == "/run/redis.sock")
  }
}
