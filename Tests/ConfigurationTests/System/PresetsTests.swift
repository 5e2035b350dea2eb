import Core
import Testing

@testable import Configuration

@Suite("Shipped presets and themes")
struct PresetsTests {
  @Test("every preset of the folder is built in, named after its file, and valid")
  func presets() throws {
    #expect(Presets.names.sorted() == FixtureFiles.names(in: "\(FixtureFiles.project)/presets", extension: ".yaml"))
    for name in Presets.names {
      let system = try Presets.load(name, environment: [:])
      #expect(system.name == name)
      #expect(!system.sagas.isEmpty)
    }
  }

  @Test("every theme of the folder is built in and valid")
  func themes() throws {
    #expect(ThemeFile.names.sorted() == FixtureFiles.names(in: "\(FixtureFiles.project)/themes", extension: ".yaml"))
    for name in ThemeFile.names { #expect(try !ThemeFile.load(ThemeSetting(name)).roles.isEmpty) }
  }

  @Test("the spring preset defines failures of steps and compensations")
  func spring() throws {
    let order = try #require(try Presets.load("spring", environment: [:]).sagas.first)
    #expect(order.steps.map(\.name) == ["order", "inventory", "payment", "delivery"])
    #expect(order.errorSources == [.path(["reason"])])
    let failed = try #require(order.events.first { $0.type == "payment-failed" })
    #expect(failed.effects == [.init(.fails, .named("payment"))])
  }

  @Test("without a list of steps, the rules define the steps in their order, a thousand at most")
  func namedSteps() throws {
    func preset(_ count: Int) -> [UInt8] {
      let events = (1...count).map { "e\($0): {completes: s\($0)}" }.joined(separator: ", ")
      return Array("{topics: t, sagas: {s: {ids: {id: id}, events: {end: {ends: completed}, \(events)}}}}".utf8)
    }
    let system = try Presets.read(preset(1000), file: "p.yaml", environment: [:])
    #expect(system.sagas[0].steps.map(\.name) == (1...1000).map { "s\($0)" })
    let error = try #require(throws: ConfigurationError.self) {
      try Presets.read(preset(1200), file: "p.yaml", environment: [:])
    }
    #expect(error.problems.count == 1)
    #expect(error.description.hasSuffix("expected at most 1000 steps, found another: `s1001`"))
  }
}
