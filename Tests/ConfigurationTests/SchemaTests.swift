import Testing
import Text

@testable import Configuration

/// Every mapping of the test texts has an unknown key, so that the errors list all known keys.
@Suite("The JSON schema contains exactly the keys that the reader knows")
struct SchemaTests {
  private let schema: JSONValue

  init() throws {
    schema = try #require(JSONValue(FixtureFiles.bytes("\(FixtureFiles.project)/docs/config.schema.json")))
  }

  static let configurations =
    DocumentationTests.unknown.map(\.text) + [
      """
      contexts:
        c:
          kafka: {brokers: a, allowedLag: {"*": {zzzzzz: 1}}}
          fields: {time: {zzzzzz: 1}}
          words: {zzzzzz: 1}
          audit: {zzzzzz: 1}
        d:
          preset: spring
          kafka: {brokers: a}
          sagas: {order: {steps: {payment: {zzzzzz: 1}}}}
      """
    ]

  static let preset = """
    name: p
    zzzzzz: 1
    topics: [a]
    services: {s: {path: /a, body: {zzzzzz: 1}, zzzzzz: 1}}
    sagas: {s: {ids: {id: id}, events: {e: {ends: completed}}}}
    """

  /// The path of an unknown key, and the keys known at this path.
  private struct Place {
    var path: [String]
    var known: Set<String>
  }

  private func places(_ text: String, asPreset: Bool = false) throws -> [Place] {
    let error = try #require(throws: ConfigurationError.self) {
      if asPreset {
        _ = try Presets.read(Array(text.utf8), file: "x", environment: [:])
      } else {
        _ = try ConfigurationFile(Array(text.utf8), path: "x", choice: .named("c"), environment: [:])
      }
    }
    let paths = Self.paths(try YamlDocument.root(Array(text.utf8), file: "x"), [])
    return try error.problems.map { problem in
      let parts = problem.split(separator: ":")
      let path = try #require(paths["\(parts[1]):\(parts[2])"], "\(problem)")
      let known = try #require(problem.split(separator: "known here: ").last)
      return Place(path: path, known: Set(known.split(separator: ", ").map(String.init)))
    }
  }

  /// Paths of the unknown keys by their line and column; `#` is a list element.
  private static func paths(_ node: YamlNode, _ path: [String]) -> [String: [String]] {
    var result: [String: [String]] = [:]
    for (key, value) in node.members {
      let name = key.scalar ?? ""
      if name == "zzzzzz" { result["\(key.mark.line):\(key.mark.column)"] = path }
      result.merge(paths(value, path + [name])) { $1 }
    }
    if case .sequence(let items) = node.content {
      for item in items { result.merge(paths(item, path + ["#"])) { $1 } }
    }
    return result
  }

  /// A schema node with references resolved and alternatives expanded.
  private func alternatives(_ node: JSONValue) -> [JSONValue] {
    if let name = node["$ref"]?.text?.split(separator: "/").last, let part = schema["$defs"]?[String(name)] {
      return alternatives(part)
    }
    if let any = node["anyOf"]?.elements { return any.flatMap(alternatives) }
    return [node]
  }

  /// The schema nodes with properties at a path.
  private func mappings(at path: [String], from root: JSONValue) -> [JSONValue] {
    var nodes = alternatives(root)
    for name in path {
      nodes = nodes.flatMap { node -> [JSONValue] in
        if name == "#" { return node["items"].map(alternatives) ?? [] }
        if let member = node["properties"]?[name] { return alternatives(member) }
        guard let other = node["additionalProperties"], other.members != nil else { return [] }
        return alternatives(other)
      }
    }
    return nodes.filter { $0["properties"] != nil }
  }

  @Test("in every mapping of every kind of file")
  func keys() throws {
    var seen: Set<String> = []
    let presetRoot = try #require(schema["$defs"]?["preset"])
    let all =
      try Self.configurations.flatMap { try places($0).map { ($0, schema) } }
      + places(Self.preset, asPreset: true).map { ($0, presetRoot) }
    #expect(all.count > 40)
    for (place, root) in all {
      let found = mappings(at: place.path, from: root)
      try #require(found.count == 1, "\(place.path): \(found.count) mappings")
      let names = Set(found[0]["properties"]?.members?.map(\.name) ?? [])
      #expect(names == place.known, "\(place.path): \(names.symmetricDifference(place.known).sorted())")
      #expect(found[0]["additionalProperties"]?.truth == false, "\(place.path)")
      seen.insert(String(decoding: found[0].bytes, as: UTF8.self))
    }
    let missed = Self.mappings(in: schema).filter { !seen.contains(String(decoding: $0.bytes, as: UTF8.self)) }
    let names = missed.map { $0["properties"]?.members?.map(\.name) ?? [] }
    #expect(missed.isEmpty, "nothing was held against the mappings with \(names)")
  }

  /// All schema nodes with properties.
  private static func mappings(in node: JSONValue) -> [JSONValue] {
    let inner = (node.members?.map(\.value) ?? []) + (node.elements ?? [])
    let own = node["properties"]?.members != nil && node["type"]?.text == "object" ? [node] : []
    return own + inner.flatMap(mappings)
  }

  @Test("a configuration written by `init` starts with the schema comment for editors")
  func header() throws {
    let example = try FixtureFiles.text("\(FixtureFiles.project)/packaging/examples/config.yaml")
    #expect(example.hasPrefix("# yaml-language-server: $schema="))
  }
}
