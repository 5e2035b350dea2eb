import Core
import Testing

@testable import Configuration

@Suite("Systems without Kafka")
struct SourcesChoiceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func resolve(_ text: String?, _ change: (inout Overrides) -> Void = { _ in }) throws -> Settings {
    var overrides = Overrides()
    overrides.configuration = try text.map { try folder.write($0, to: "config.yaml") }
    change(&overrides)
    return try SettingsResolver(overrides: overrides, environment: ["HOME": "/nowhere"]).resolve()
  }

  @Test("a preset with documents needs only a server, in a file or on the command line")
  func server() throws {
    let file = try resolve("contexts: {a: {preset: lab-mesh, http: {server: \"http://gate:80/x\", bearer: word}}}")
    let line = try resolve(nil) {
      $0.preset = "lab-mesh"
      $0.server = "http://gate:80"
    }
    for settings in [file, line] {
      #expect(settings.kafka.brokers.isEmpty && settings.http.server == "http://gate:80")
      #expect(settings.system.documents.map(\.url).contains("http://gate:80/api/events"))
      let projections = settings.services.first { $0.definition.name == "projections" }
      #expect(projections?.targets.map(\.url) == ["http://gate:80/api/projections/status"])
    }
    #expect(line.context == "http://gate:80" && file.services[0].targets[0].access.bearer == "word")
    #expect(file.http.access(for: "http://gate:80/api").bearer == "word" && file.secrets.mask("word") == "***")
    #expect(file.http.access(for: "http://other/api") == HTTPAccess())
    #expect(file.http.access(for: "http://gate:8080/api") == HTTPAccess())
  }

  @Test("a server from the command line does not get the credentials of the context's server")
  func otherServer() throws {
    let text = "contexts: {a: {preset: lab-mesh, http: {server: \"http://gate\", bearer: word}}}"
    let settings = try resolve(text) { $0.server = "http://elsewhere" }
    #expect(settings.http.server == "http://elsewhere" && settings.http.access == HTTPAccess())
  }

  @Test("a document path without a server is an error, and so are topics without brokers")
  func missing() throws {
    let documents = try #require(throws: ConfigurationError.self) {
      try resolve("contexts: {a: {preset: lab-mesh, commands: {c: {run: date}}}}")
    }
    #expect(documents.description.contains("--server"))
    let topics = try #require(throws: ConfigurationError.self) {
      try resolve("contexts: {a: {preset: spring, http: {server: \"http://gate\"}}}")
    }
    #expect(topics.description == "the system `spring` is read from Kafka, but no brokers are given.")
  }

  @Test("a context replaces the command of a preset and keeps its other settings")
  func laidOver() throws {
    let system = try resolve(
      """
      contexts:
        a:
          preset: lab-native
          commands:
            saga-orchestrator: {run: [tail, -F, log]}
            more: {run: [date]}
      """
    ).system
    #expect(system.commands.map(\.name) == ["saga-orchestrator", "event-processor", "more"])
    #expect(system.commands[0].run == ["tail", "-F", "log"])
    #expect(system.commands[0].prefix != nil && system.commands[0].messages.count == 6)
    #expect(system.commands[1].run.first == "kubectl")
  }

  @Test("a context overrides a service of the preset by its name")
  func services() throws {
    let settings = try resolve(
      """
      contexts:
        a:
          preset: chat
          kafka: {brokers: k}
          http: {server: "http://gate"}
          services: {circuits: "http://elsewhere/c"}
      """)
    #expect(settings.services.map(\.definition.name) == ["circuits", "gateway"])
    #expect(settings.services[0].targets[0].url == "http://elsewhere/c")
    #expect(settings.services[1].targets[0].url == "http://gate/health/services")
    #expect(settings.services[1].definition.timeout == .seconds(8))
    #expect(settings.services[1].targets[0].metrics == nil)
    #expect(try resolve("contexts: {a: {preset: chat, kafka: {brokers: k}}}").services.isEmpty)
  }
}
