import Testing

@testable import Configuration

@Suite("The documentation of the configuration")
struct DocumentationTests {
  private let page: String

  init() throws {
    page = try FixtureFiles.text("\(FixtureFiles.project)/docs/configuration.md")
  }

  /// The fenced code blocks of this language under a heading.
  private func blocks(_ language: String, under heading: String) throws -> [String] {
    let start = try #require(page.firstRange(of: "\n## \(heading)\n"), "no such heading")
    let section = page[start.upperBound...].split(separator: "\n## ", maxSplits: 1)[0]
    return section.split(separator: "```\(language)\n").dropFirst().map { rest in
      String(rest.prefix(upTo: rest.firstRange(of: "```")?.lowerBound ?? rest.endIndex))
    }
  }

  private func read(_ text: String, as choice: ContextChoice) throws -> ConfigurationFile {
    try ConfigurationFile(
      Array(text.utf8), path: "config.yaml", choice: choice,
      environment: [
        "KAFKA_PASSWORD": "s3cret-word", "KEY_PASSWORD": "s3cret-key", "SHOP_TOKEN": "s3cret-token",
        "LEGACY_PASSWORD": "s3cret-old", "REGISTRY_PASSWORD": "s3cret-reg",
      ])
  }

  @Test("the complete example is valid and has the documented meaning")
  func example() throws {
    let example = try #require(try blocks("yaml", under: "A complete example").first)
    let file = try read(example, as: .current)
    #expect(file.context?.name == "prod" && file.context?.secrets.mask("s3cret-word") == "***")
    #expect(file.theme?.name == "default" && file.limits.maxSagas == 100_000)
    let travel = try #require(try read(example, as: .named("travel")).context)
    let trip = try #require(travel.sagas.first)
    #expect(travel.topics.count == 3)
    #expect(trip.steps.map(\.name) == ["flight", "hotel", "insurance", "upgrade"])
    #expect(trip.identities.map(\.isEach) == [false, true] && trip.parentSources == [.path(["data", "journeyId"])])
    #expect(trip.events.count == 17)
    #expect(trip.stepSources == [.path(["stepName"]), .path(["data", "step"])])
  }

  @Test("the documented error message is the actual one")
  func error() throws {
    let heading = "What an error looks like"
    let file = try #require(try blocks("yaml", under: heading).first)
    let expected = try #require(try blocks("text", under: heading).first)
    let error = try #require(throws: ConfigurationError.self) { try read(file, as: .current) }
    #expect("\(error)\n" == expected)
  }

  /// Every mapping has an unknown key, so that the errors list all known keys. `count` is the number of unknown keys.
  static let unknown: [(text: String, count: Int)] = [
    (
      """
      zzzzzz: 1
      ui: {zzzzzz: 1}
      notify: {zzzzzz: 1, webhook: {url: "http://a", zzzzzz: 1}}
      contexts:
        c:
          zzzzzz: 1
          kafka: {brokers: a, zzzzzz: 1}
          services:
            s:
              zzzzzz: 1
              basic: {zzzzzz: 1}
              body: {zzzzzz: 1}
              instances: [{url: "http://a", zzzzzz: 1}]
          traces: {zipkin: "http://a", zzzzzz: 1}
          kubernetes: {zzzzzz: 1}
          fields: {zzzzzz: 1}
          redis: {servers: "redis://a", zzzzzz: 1}
          locks: [{key: "a{b}", zzzzzz: 1}]
          sagas:
            s:
              zzzzzz: 1
              ids: {id: {from: id, zzzzzz: 1}}
              steps: [{name: a, zzzzzz: 1}]
              events: {e: {ends: completed, zzzzzz: 1}}
      """, 19
    ),
    (
      """
      contexts:
        c:
          kafka: {brokers: a}
          sagas:
            s:
              ids: {id: id}
              events: {e: {ends: completed}}
              actions:
                zzzzzz: 1
                retry: {http: {url: "http://a/b", zzzzzz: 1}, expect: {zzzzzz: 1}, zzzzzz: 1}
                compensate: {kafka: {republish: input, zzzzzz: 1}}
          actions: {zzzzzz: 1}
          schemaRegistry: {url: "http://a", zzzzzz: 1}
          apis: {a: {url: "http://a", zzzzzz: 1, login: {path: /a, body: {a: b}, zzzzzz: 1}}}
      """, 9
    ),
    (
      """
      contexts:
        c:
          http: {server: "http://a", zzzzzz: 1}
          documents:
            d:
              zzzzzz: 1
              url: /a
              messages: [{zzzzzz: 1}]
              paging: {parameter: a, member: b, zzzzzz: 1}
              order: {member: a, per: b, zzzzzz: 1}
          commands:
            c: {run: a, zzzzzz: 1, messages: [{begins: {member: a, zzzzzz: 1}, zzzzzz: 1}]}
      """, 8
    ),
  ]

  @Test("every known key is documented and used in the example", arguments: unknown)
  func everyKey(_ text: String, count: Int) throws {
    let example = try #require(try blocks("yaml", under: "A complete example").first)
    let error = try #require(throws: ConfigurationError.self) { try read(text, as: .current) }
    #expect(error.problems.count == count)
    for problem in error.problems {
      let known = try #require(problem.split(separator: "known here: ").last).split(separator: ", ")
      #expect(known.count > 1)
      for key in known {
        #expect(page.contains("`\(key)`"), "\(key) is not on the page")
        let isUsed = ["{", " ", "\n"].contains { example.contains("\($0)\(key):") }
        #expect(isUsed, "\(key) is not in the example")
      }
    }
  }

  @Test("every shipped preset and theme is documented")
  func shipped() {
    for name in Presets.names + ThemeFile.names { #expect(page.contains("`\(name)`")) }
  }
}
