/// The C libraries that clients use, with their versions at run time.
package enum Libraries {
  package static var versions: [(name: String, version: String)] {
    [
      ("librdkafka", KafkaConfiguration.version), ("hiredis", RedisConnection.version),
      ("libcurl", HTTPConnections.libraryVersion),
    ]
  }
}
