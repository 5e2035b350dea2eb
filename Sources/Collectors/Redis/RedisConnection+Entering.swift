import Core

extension RedisConnection {
  /// Connects, authenticates and chooses the database.
  static func entered(_ settings: RedisSettings, stop: StopSignal) throws(RedisError) -> RedisConnection {
    let address = settings.address
    if address.isTLS {
      throw .unsupported(
        "hiredis \(version), with which this program is built, has no TLS: use redis:// through a TLS tunnel")
    }
    let connection = try RedisConnection(address.place, timeout: settings.timeout, stop: stop)
    if let password = address.password {
      _ = try connection.send("AUTH", [address.user, password].compactMap { $0 })
    }
    if address.database != 0 { _ = try connection.send("SELECT", [String(address.database)]) }
    var name = RedisPipeline()
    name.add("CLIENT", words: ["SETNAME", "sagatop"])
    // Only a name in the server's list of clients: where it is not allowed nothing is lost, unless nothing at all is.
    if let error = try connection.send(name).first?.error, error.hasPrefix("NOAUTH") || error.hasPrefix("LOADING") {
      throw .refused(error)
    }
    return connection
  }
}
