import Core

/// Lays flags over environment over context over file over what is built in.
package struct SettingsResolver {
  private let overrides: Overrides
  private let environment: [String: String]
  private let secrets: SecretResolver

  package init(overrides: Overrides, environment: [String: String]) {
    self.overrides = overrides
    self.environment = environment
    secrets = SecretResolver(environment: environment)
  }

  /// Texts that no output may show.
  package var secretValues: Set<String> { secrets.values }

  package func resolve() throws(ConfigurationError) -> Settings {
    let file = try file()
    let context = try context(of: file)
    guard let brokers = overrides.brokers ?? context?.brokers else { throw ConfigurationError([howToStart]) }
    var settings = Settings(
      context: context?.name ?? brokers, kafka: .init(brokers: brokers, properties: context?.properties ?? []),
      system: try system(context))
    if let topics = context?.topics, !topics.isEmpty { settings.system.topics = topics }
    settings.isProtected = context?.isProtected ?? false
    settings.isReadOnly = overrides.isReadOnly ?? flag("SAGATOP_READONLY") ?? false
    settings.since = overrides.since ?? context?.since
    settings.log = overrides.log
    settle(&settings, file)
    return settings
  }

  private func settle(_ settings: inout Settings, _ file: ConfigurationFile?) {
    if let limits = file?.limits { settings.limits = limits }
    settings.theme = overrides.theme ?? environment["SAGATOP_THEME"] ?? file?.theme ?? settings.theme
    settings.isASCII = overrides.isASCII ?? file?.isASCII
    let hasNoColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    settings.hasColor = overrides.hasColor ?? (hasNoColor ? false : file?.hasColor ?? true)
    settings.hasMouse = overrides.hasMouse ?? file?.hasMouse ?? false
  }

  private func flag(_ name: String) -> Bool? {
    environment[name].map { !["", "0", "false", "no"].contains($0) }
  }

  /// Where a configuration is looked for when none is named.
  private var defaultPaths: [String] {
    let home =
      environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? environment["HOME"].map { "\($0)/.config" }
    return (home.map { ["\($0)/sagatop/config.yaml"] } ?? []) + ["/etc/sagatop/config.yaml"]
  }

  private func file() throws(ConfigurationError) -> ConfigurationFile? {
    if let named = overrides.configuration ?? environment["SAGATOP_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 }) {
      switch TextFile.read(named, atMost: YamlParser.maxBytes) {
      case .success(let bytes): return try ConfigurationFile(bytes, path: named, secrets: secrets)
      case .failure(let error): throw ConfigurationError([error.message])
      }
    }
    for path in defaultPaths {
      switch TextFile.read(path, atMost: YamlParser.maxBytes) {
      case .success(let bytes): return try ConfigurationFile(bytes, path: path, secrets: secrets)
      case .failure(let error):
        if !error.isMissing { throw ConfigurationError([error.message]) }
      }
    }
    return nil
  }

  private func context(of file: ConfigurationFile?) throws(ConfigurationError) -> ConfigurationFile.Context? {
    let wanted = overrides.context ?? environment["SAGATOP_CONTEXT"].flatMap { $0.isEmpty ? nil : $0 }
    guard let file else {
      if let wanted {
        throw ConfigurationError(["no configuration file has a context `\(wanted)`: looked for \(looked)"])
      }
      return nil
    }
    // Brokers given by flag stand for themselves: no context's preset or password may slip in.
    if wanted == nil, overrides.brokers != nil { return nil }
    guard let name = wanted ?? file.currentContext ?? (file.contexts.count == 1 ? file.contexts[0].name : nil) else {
      throw ConfigurationError(["\(file.path): several contexts and no `currentContext`; choose one with --context"])
    }
    if let context = file.contexts.first(where: { $0.name == name }) { return context }
    let names = file.contexts.map(\.name)
    throw ConfigurationError(["\(file.path): no context `\(name)`\(NearestWord.hint(name, among: names))"])
  }

  /// The context's own description extends the preset's: a saga of the same type takes the place of the preset's.
  private func system(_ context: ConfigurationFile.Context?) throws(ConfigurationError) -> SystemDefinition {
    let own = context?.system
    guard let preset = overrides.preset ?? context?.preset else {
      if let own, !own.sagas.isEmpty, !own.topics.isEmpty { return own }
      let known = Presets.names.joined(separator: ", ")
      throw ConfigurationError([
        "nothing says what the topics mean: give --preset (\(known), or a file) or a `system` with `topics` and `sagas`"
      ])
    }
    var system = try Presets.load(preset, environment: environment)
    guard let own else { return system }
    if !own.topics.isEmpty { system.topics = own.topics }
    if own.fields != EventFields() { system.fields = own.fields }
    system.sagas = system.sagas.filter { saga in !own.sagas.contains { $0.type == saga.type } } + own.sagas
    return system
  }

  private var looked: String { defaultPaths.joined(separator: " and ") }

  private var howToStart: String {
    """
    no Kafka brokers to read from.
    No configuration was found (looked for \(looked)).
    The shortest way to start:  sagatop --brokers HOST:9092 --preset spring
    """
  }
}
