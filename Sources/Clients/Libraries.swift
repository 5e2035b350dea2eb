/// The C libraries that clients use, with the versions that are in use now.
package enum Libraries {
  package static var versions: [(name: String, version: String)] {
    [
      ("librdkafka", KafkaConfiguration.version), ("hiredis", RedisConnection.version),
      ("libcurl", HTTPConnections.libraryVersion),
    ]
  }
}
