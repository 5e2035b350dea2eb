import Core
import Text

/// The systems that the program knows from the start. They are configuration like any other, carried inside the binary.
package enum Presets {
  private static let files: [(name: String, bytes: [UInt8])] = [
    ("spring", PackageResources.spring_yaml),
    ("nest", PackageResources.nest_yaml),
    ("lab-mesh", PackageResources.lab_mesh_yaml),
    ("lab-native", PackageResources.lab_native_yaml),
    ("chat", PackageResources.chat_yaml),
  ]

  /// In place of a preset: what the topics mean is to be inferred.
  package static let none = "none"

  package static var names: [String] { files.map(\.name) }

  /// A shipped preset by its name, or any other by the path of its file.
  package static func load(
    _ name: String, environment: [String: String]
  ) throws(ConfigurationError) -> SystemDefinition {
    let (file, bytes) = try bytes(name)
    return try read(bytes, file: file, environment: environment)
  }

  /// What stands in it, and the name that errors give it.
  static func bytes(_ name: String) throws(ConfigurationError) -> (file: String, bytes: [UInt8]) {
    if let file = files.first(where: { $0.name == name }) { return ("presets/\(name).yaml", file.bytes) }
    guard TextFile.isPath(name) else {
      throw ConfigurationError([
        "unknown preset `\(name)`\(NearestWord.hint(name, among: names)) (known: \(names.joined(separator: ", ")), "
          + "or the path of a YAML file)"
      ])
    }
    switch TextFile.read(name, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return (name, bytes)
    case .failure(let error): throw ConfigurationError(["preset \(error.message)"])
    }
  }

  /// `file` is the name that errors give, and where its relative paths start.
  package static func read(
    _ bytes: [UInt8], file: String, environment: [String: String]
  ) throws(ConfigurationError) -> SystemDefinition {
    let reading = ParseContext(file: file, environment: environment)
    var system = SystemReader(reading: reading).preset(try YamlDocument.root(bytes, file: file))
    try reading.diagnostics.check()
    system.warnings = reading.diagnostics.warnings
    return system
  }
}
