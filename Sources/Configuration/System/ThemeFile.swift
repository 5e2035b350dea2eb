import Core

/// A theme as its file has it. What roles and colours there are is not known here.
package struct ThemeFile: Sendable {
  package var name: String
  package var roles: [(name: String, attributes: [(name: String, value: String)])]

  private static let files: [(name: String, bytes: [UInt8])] = [
    ("default", PackageResources.default_yaml), ("mono", PackageResources.mono_yaml),
  ]

  /// The shipped ones, in the order in which a key goes through them.
  package static var names: [String] { files.map(\.name) }

  /// A shipped theme by its name, or any other by the path of its file.
  package static func load(_ name: String) throws(ConfigurationError) -> ThemeFile {
    if let file = files.first(where: { $0.name == name }) {
      return try read(file.bytes, file: "\(name).yaml", name: name)
    }
    guard name.contains("/") || name.hasSuffix(".yaml") else {
      throw ConfigurationError([
        "unknown theme `\(name)`\(NearestWord.hint(name, among: names)) (known are \(names.joined(separator: ", ")), or a file)"
      ])
    }
    switch TextFile.read(name, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return try read(bytes, file: name, name: name)
    case .failure(let error): throw ConfigurationError([error.message])
    }
  }

  package static func read(_ bytes: [UInt8], file: String, name: String) throws(ConfigurationError) -> ThemeFile {
    let diagnostics = Diagnostics(file: file)
    let secrets = SecretResolver(environment: [:])
    var reader = MappingReader(try YamlDocument.root(bytes, file: file), "a theme", diagnostics, secrets)
    var theme = ThemeFile(name: name, roles: [])
    for (role, style) in reader.takeAll() {
      var attributes = MappingReader(style, "a style", diagnostics, secrets)
      let pairs = attributes.takeAll().compactMap { key, value in
        attributes.text(value, "`\(key.scalar ?? "")`").map { (name: key.scalar ?? "", value: $0) }
      }
      theme.roles.append((role.scalar ?? "", pairs))
    }
    try diagnostics.check()
    return theme
  }
}
