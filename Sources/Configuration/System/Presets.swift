import Core

/// The systems that the program knows from the start. They are configuration like any other, carried inside the binary.
package enum Presets {
  private static let files: [(name: String, bytes: [UInt8])] = [("spring", PackageResources.spring_yaml)]

  package static var names: [String] { files.map(\.name) }

  /// A shipped preset by its name, or any other by the path of its file.
  package static func load(
    _ name: String, environment: [String: String]
  ) throws(ConfigurationError) -> SystemDefinition {
    if let file = files.first(where: { $0.name == name }) {
      return try read(file.bytes, file: "\(name).yaml", environment: environment)
    }
    guard name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      let known = "known are \(names.joined(separator: ", ")), or the path of a YAML file"
      throw ConfigurationError(["unknown preset `\(name)`\(NearestWord.hint(name, among: names)) (\(known))"])
    }
    switch TextFile.read(name, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return try read(bytes, file: name, environment: environment)
    case .failure(let error): throw ConfigurationError([error.message])
    }
  }

  package static func read(
    _ bytes: [UInt8], file: String, environment: [String: String]
  ) throws(ConfigurationError) -> SystemDefinition {
    let diagnostics = Diagnostics(file: file)
    let root = try YamlDocument.root(bytes, file: file)
    let system = SystemReader(diagnostics: diagnostics, secrets: SecretResolver(environment: environment)).read(root)
    if system.sagas.isEmpty { diagnostics.add(root.mark, "a preset needs `sagas`") }
    try diagnostics.check()
    return system
  }
}
