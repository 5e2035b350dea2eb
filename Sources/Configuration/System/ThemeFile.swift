import Core
import Text

/// The selected theme.
package struct ThemeSetting: Sendable, Equatable {
  /// A shipped theme's name, or the path of a file.
  package var name: String
  /// `file:line:column` in the configuration; `nil` if a flag or a variable selects it, or the program.
  package var place: String?

  package init(_ name: String, place: String? = nil) { (self.name, self.place) = (name, place) }
}

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
  package static func load(_ setting: ThemeSetting) throws(ConfigurationError) -> ThemeFile {
    let name = setting.name
    if let file = files.first(where: { $0.name == name }) {
      return try read(file.bytes, file: "themes/\(name).yaml", name: name)
    }
    if let problem = unknown(name) { throw ConfigurationError([problem]) }
    switch TextFile.read(name, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return try read(bytes, file: name, name: name)
    case .failure(let error):
      throw ConfigurationError(["\(setting.place.map { "\($0): " } ?? "")theme \(error.message)"])
    }
  }

  /// The error text for a name that is neither a shipped theme nor a path. `nil` if it is one of them.
  static func unknown(_ name: String) -> String? {
    guard !TextFile.isPath(name), !names.contains(name) else { return nil }
    return "unknown theme `\(name)`\(NearestWord.hint(name, among: names)) (known: \(names.joined(separator: ", ")), "
      + "or the path of a YAML file)"
  }

  /// `file` is the name used in errors.
  package static func read(_ bytes: [UInt8], file: String, name: String) throws(ConfigurationError) -> ThemeFile {
    let reading = ParseContext(file: file, environment: [:])
    var reader = MappingReader(try YamlDocument.root(bytes, file: file), "a theme", reading)
    let roles = reader.takeAll().map { key, name, style in
      var attributes = MappingReader(style, "the style of `\(key.plainName ?? "…")`", reading)
      if key.plainName == nil { reading.add(key.mark, "a role (not shown: it is no plain name) is unknown") }
      let pairs = attributes.takeAll().compactMap { _, attribute, value in
        reading.text(value, attribute).map { (name: attribute, value: $0) }
      }
      return Role(name: name, attributes: pairs, place: reading.diagnostics.place(key.mark))
    }
    try reading.diagnostics.check()
    return ThemeFile(name: name, roles: roles)
  }
}
