import Core
import Text

/// A theme as its file defines it. Roles and colours are validated elsewhere.
package struct ThemeFile: Sendable {
  package struct Role: Sendable {
    package var name: String
    package var attributes: [(name: String, value: String)]
    /// `file:line:column`, for errors.
    package var place: String
  }

  package var name: String
  package var roles: [Role]

  private static let files: [(name: String, bytes: [UInt8])] = [
    ("default", PackageResources.default_yaml), ("light", PackageResources.light_yaml),
    ("high-contrast", PackageResources.high_contrast_yaml), ("deuteranopia", PackageResources.deuteranopia_yaml),
    ("mono", PackageResources.mono_yaml), ("solarized", PackageResources.solarized_yaml),
    ("nord", PackageResources.nord_yaml),
  ]

  /// The shipped themes, in the order in which the theme key cycles through them.
  package static var names: [String] { files.map(\.name) }

  /// A shipped theme by its name, or another one by the path of its file.
  package static func load(_ name: String) throws(ConfigurationError) -> ThemeFile {
    if let file = files.first(where: { $0.name == name }) {
      return try read(file.bytes, file: "themes/\(name).yaml", name: name)
    }
    guard TextFile.isPath(name) else {
      throw ConfigurationError([
        "unknown theme `\(name)`\(NearestWord.hint(name, among: names)) (known: \(names.joined(separator: ", ")), "
          + "or the path of a YAML file)"
      ])
    }
    switch TextFile.read(name, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return try read(bytes, file: name, name: name)
    case .failure(let error): throw ConfigurationError(["theme \(error.message)"])
    }
  }

  /// `file` is the name used in errors.
  package static func read(_ bytes: [UInt8], file: String, name: String) throws(ConfigurationError) -> ThemeFile {
    let reading = ParseContext(file: file, environment: [:])
    var reader = MappingReader(try YamlDocument.root(bytes, file: file), "a theme", reading)
    let roles = reader.takeAll().map { key, name, style in
      var attributes = MappingReader(style, "the style of `\(name)`", reading)
      let pairs = attributes.takeAll().compactMap { _, attribute, value in
        reading.text(value, attribute).map { (name: attribute, value: $0) }
      }
      return Role(name: name, attributes: pairs, place: reading.diagnostics.place(key.mark))
    }
    try reading.diagnostics.check()
    return ThemeFile(name: name, roles: roles)
  }
}
