import Testing

@testable import Clients

@Suite("Properties that librdkafka rejects")
struct KafkaConfigurationTests {
  @Test(
    "cause an error that names the property",
    arguments: [
      ([("security.protocol", "ssl"), ("ssl.ca.location", "/nonexistent")], "ssl.ca.location"),
      ([("security.protocol", "ssl"), ("ssl.key.location", "/nonexistent")], "ssl.key.location"),
      ([("security.protocol", "sasl_plaintext"), ("sasl.mechanism", "NOPE")], "NOPE"),
      ([("security.protocol", "sasl_plaintext"), ("sasl.mechanism", "SCRAM-SHA-256")], "sasl.username"),
    ])
  func refused(properties: [(String, String)], words: String) {
    let access = KafkaAccess(brokers: "127.0.0.1:1", properties: properties.map { (name: $0.0, value: $0.1) })
    for _ in 0..<3 {
      let error = #expect(throws: KafkaError.self) { _ = try GroupClient(access) }
      #expect(error?.description.contains(words) ?? false, "\(error?.description ?? "")")
      let other = #expect(throws: KafkaError.self) { try Self.makeConsumer(access) }
      #expect(other?.description.contains(words) ?? false)
    }
  }

  private static func makeConsumer(_ access: KafkaAccess) throws(KafkaError) { _ = try KafkaClient(access) }
}
