import Core
import Text

/// The shipped system definitions. They are ordinary configuration, embedded in the binary.
package enum Presets {
  private static let files: [(name: String, bytes: [UInt8])] = [
    ("spring", PackageResources.spring_yaml),
    ("nest", PackageResources.nest_yaml),
    ("lab-mesh", PackageResources.lab_mesh_yaml),
    ("lab-native", PackageResources.lab_native_yaml),
    ("chat", PackageResources.chat_yaml),
  ]

  /// Used instead of a preset's name to request inference.
  package static let none = "none"

  package static var names: [String] { files.map(\.name) }

  /// A shipped preset by its name, or another one by the path of its file.
  package static func load(
    _ name: String, environment: [String: String]
  ) throws(ConfigurationError) -> SystemDefinition {
    let (file, bytes) = try bytes(name)
    return try read(bytes, file: file, environment: environment)
  }

  /// The preset's text, and its file name for errors.
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

  /// `file` is used in errors and as the base of relative paths.
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

/// Finds the parts of a preset that a context changes, for `doctor`.
enum PresetChanges {
  /// One line for the fields and one for each saga.
  static func lines(_ system: SystemDefinition, over preset: SystemDefinition) -> [String] {
    var lines: [String] = []
    func add(_ what: String, _ parts: [String]) {
      if !parts.isEmpty {
        lines.append("the context changes of \(what) of preset \(preset.name): \(parts.joined(separator: ", "))")
      }
    }
    add("`fields`", fields(system.fields, preset.fields))
    for saga in system.sagas {
      guard let base = preset.sagas.first(where: { $0.type == saga.type }) else {
        lines.append("the context adds the saga `\(saga.type)` to preset \(preset.name)")
        continue
      }
      add("the saga `\(saga.type)`", parts(saga, base))
    }
    return lines
  }

  private static func fields(_ new: EventFields, _ old: EventFields) -> [String] {
    let parts = [
      ("type", new.type == old.type), ("time", new.time == old.time), ("time.format", new.timeFormat == old.timeFormat),
      ("time.zone", new.timeZone == old.timeZone), ("id", new.id == old.id), ("node", new.node == old.node),
      ("version", new.version == old.version), ("envelope", new.envelope == old.envelope),
      ("trace", new.trace == old.trace),
    ]
    return parts.filter { !$0.1 }.map(\.0)
  }

  private static func parts(_ new: SagaDefinition, _ old: SagaDefinition) -> [String] {
    let single = [
      ("coordination", new.coordination == old.coordination), ("error", new.errorSources == old.errorSources),
      ("product", new.productSources == old.productSources), ("parent", new.parentSources == old.parentSources),
      ("compensationDeadline", new.compensationDeadline == old.compensationDeadline),
    ]
    let types = Set(new.events.map(\.type)).union(old.events.map(\.type)).sorted()
    let events = types.filter { type in
      new.events.filter { $0.type == type } != old.events.filter { $0.type == type }
    }
    return changed(new.identities, old.identities, \.name).map { "id \($0)" }
      + changed(new.steps, old.steps, \.name).map { "step \($0)" } + events.map { "event \($0)" }
      + changed(new.actions, old.actions, \.name.rawValue).map { "action \($0)" } + single.filter { !$0.1 }.map(\.0)
  }

  /// The names of new, removed and changed elements.
  private static func changed<Part: Equatable>(_ new: [Part], _ old: [Part], _ name: (Part) -> String) -> [String] {
    let names = new.map(name)
    return new.filter { !old.contains($0) }.map(name) + old.map(name).filter { !names.contains($0) }
  }
}
