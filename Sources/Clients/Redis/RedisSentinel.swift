/// Queries sentinels for the address of a master.
enum RedisSentinel {
  /// The first sentinel that responds is used. The servers' password is sent to a sentinel only if it requires authentication.
  static func master(
    _ name: String, _ sentinels: [RedisAddress.Host], _ address: RedisAddress, timeout: Duration,
    deadline: ContinuousClock.Instant?, stop: StopSignal
  ) throws(RedisError) -> RedisAddress.Host {
    var failures: [String] = []
    for sentinel in sentinels {
      do throws(RedisError) {
        let connection = try RedisConnection(
          .host(sentinel), address.tls, timeout: timeout, deadline: deadline, stop: stop)
        return try ask(connection, name, address)
      } catch {
        if error == .stopped { throw error }
        failures.append("sentinel \(sentinel.text): \(error.sentence)")
      }
    }
    throw .unreachable(failures.joined(separator: "; "))
  }

  private static func ask(
    _ connection: RedisConnection, _ name: String, _ address: RedisAddress
  ) throws(RedisError) -> RedisAddress.Host {
    let question = RedisPipeline("SENTINEL", "get-master-addr-by-name", name)
    var reply = try connection.send(question).first ?? .null
    if let error = reply.error, error.hasPrefix("NOAUTH"), let password = address.password {
      _ = try connection.send("AUTH", [address.user, password].compactMap { $0 })
      reply = try connection.send(question).first ?? .null
    }
    if let error = reply.error { throw .refused(error) }
    guard let parts = reply.array, parts.count == 2, let host = parts[0].text,
      let port = parts[1].text.flatMap({ Int($0) }), (1...65_535).contains(port)
    else { throw .unreachable("it knows no master `\(name)`") }
    return RedisAddress.Host(host, port: port)
  }
}
