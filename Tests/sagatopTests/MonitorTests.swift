import Clients
import Collectors
import Core
import TUI
import Testing

@testable import Configuration
@testable import sagatop

@Suite("Start of all sources")
struct MonitorTests {
  private func settings(_ properties: [(name: String, value: String)] = [], secret: String) -> Settings {
    var settings = Settings(
      context: "test", kafka: .init(brokers: "127.0.0.1:1", properties: properties),
      system: SystemDefinition(name: "test", topics: ["t"], sagas: []))
    settings.secrets.insert(secret)
    return settings
  }

  @Test("a property value that librdkafka rejects is quoted unless it is a secret")
  func maskedProperty() throws {
    func complaint(secret: String) throws -> String {
      let settings = settings([("security.protocol", "s3cret-word")], secret: secret)
      return try #require(throws: ConfigurationError.self) { _ = try Monitor(settings) {} }.description
    }
    #expect(try complaint(secret: "another").contains("\"s3cret-word\""))
    #expect(try complaint(secret: "s3cret-word").contains("\"***\""))
  }

  @Test("librdkafka's log messages reach the store without secrets")
  func maskedStatus() throws {
    // No password is in what it says of a closed port, so the address plays one.
    let wakeup = try WakeUp.make()
    let watch = try Monitor(settings(secret: "127.0.0.1:1")) { wakeup.ring() }
    watch.start()
    defer { watch.stop() }
    let end = SystemClock.now() + .seconds(30)
    while watch.store.sources.first?.error == nil, SystemClock.now() < end { wakeup.wait(atMost: .seconds(1)) }
    let error = try #require(watch.store.sources.first?.error)
    #expect(error.contains("***") && !error.contains("127.0.0.1:1"), "\(error)")
  }
}
