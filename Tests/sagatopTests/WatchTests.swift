import Core
import Testing

@testable import Configuration
@testable import sagatop

@Suite("Putting the sources together")
struct WatchTests {
  @Test("a value that librdkafka does not take is quoted, unless it is a secret")
  func masked() throws {
    func complaint(secret: String) throws -> String {
      var settings = Settings(
        context: "test", kafka: .init(brokers: "127.0.0.1:1", properties: [("security.protocol", "s3cret-word")]),
        system: SystemDefinition(name: "test", topics: ["t"], sagas: []))
      settings.secrets.insert(secret)
      return try #require(throws: ConfigurationError.self) { _ = try Watch(settings) {} }.description
    }
    #expect(try complaint(secret: "another").contains("\"s3cret-word\""))
    #expect(try complaint(secret: "s3cret-word").contains("\"***\""))
  }
}
