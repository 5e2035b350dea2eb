/// The C libraries that the collectors use, with the versions that are in use now.
package enum Libraries {
  package static var versions: [(name: String, version: String)] {
    [
      ("librdkafka", KafkaExaminer.libraryVersion), ("hiredis", RedisConnection.version),
      ("libcurl", HTTPConnections.libraryVersion),
    ]
  }
}
