import Clients
import Core
import Text

/// Merges settings in this order of priority: flags, environment, context, file, defaults.
package struct SettingsResolver {
  private let overrides: Overrides
  private let environment: [String: String]
  private let paths: ConfigurationPaths

  package init(overrides: Overrides, environment: [String: String]) {
    self.overrides = overrides
    self.environment = environment
    paths = ConfigurationPaths(environment: environment)
  }

  /// Reads the configuration file and the preset. Throws all their errors.
  package func resolve() throws(ConfigurationError) -> Settings {
    let file = try file()
    let context = file?.context
    let brokers = try brokers(context, file)
    var settings = Settings(
      context: context?.name ?? overrides.recordedContext ?? brokers,
      kafka: .init(brokers: brokers, properties: context?.properties ?? []),
      system: try system(context, file))
    settings.secrets = context?.secrets ?? Secrets()
    if isUnknown(context) {
      settings.origin = .none
      settings.hints = try hints(context)
    }
    settings.http = try http(context)
    // Without the path and the query, which may hold a secret.
    if settings.context.isEmpty { settings.context = settings.http.server ?? "" }
    try settle(&settings.system, settings.http, hasBrokers: !brokers.isEmpty)
    settings.schemas = try schemas(context, secrets: &settings.secrets)
    settings.kafka.groups = context?.groups ?? []
    settings.kafka.lagInterval = context?.lagInterval
    settings.kafka.allowedLag = context?.allowedLag ?? []
    settings.checks = context?.checks ?? []
    settings.isProtected = context?.isProtected ?? false
    settings.since = overrides.since ?? context?.since ?? .usual
    settings.redis = try redis(context)
    for password in settings.redis.servers.compactMap(\.password) { settings.secrets.insert(password) }
    settings.services = try services(context, system: settings.system, settings.http, secrets: &settings.secrets)
    settings.evidence = context?.evidence ?? .init()
    settings.apis = context?.apis ?? []
    settings.audit = context?.audit ?? .init()
    settings.isReadOnly = overrides.isReadOnly ?? flag("SAGATOP_READONLY")
    settings.log = overrides.log
    settings.stateTopic = overrides.stateTopic
    settings.stateFolder = overrides.stateFolder
    settle(&settings, file)
    settings.changes = changes(context, settings.system)
    settings.warnings = (file?.warnings ?? []) + settings.system.warnings + EventNames.doubts(settings.system)
    settings.sourceDigest = digest(settings, file)
    settings.warnings = settings.files.compactMap(TextFile.writers) + settings.warnings
    for file in file?.files ?? [] where file.isOpenToOthers && settings.secrets.stand(in: file.text) {
      settings.warnings.append(
        "\(file.path): other users may read it, and it contains secrets: use `chmod 600`, or write them as ${file:PATH} or ${env:NAME}"
      )
    }
    return settings
  }

  /// Of the context's name, the values in the files, the preset's file and the schemas.
  private func digest(_ settings: Settings, _ file: ConfigurationFile?) -> String {
    let preset = overrides.preset ?? file?.context?.preset
    let bytes = preset.flatMap { try? Presets.bytes($0).bytes } ?? []
    let parts =
      [settings.context, file?.sourceText ?? ""].map { Array($0.utf8) } + [bytes] + settings.schemas.files.map(\.bytes)
    return parts.map { SHA256.hex($0) }.joined()
  }

  /// The default paths of the configuration, for a message.
  package var looked: String { paths.looked }

  /// The paths of themes and the keys in a file that has errors. Empty if it cannot be read.
  package func appearance() -> (themes: [ThemeSetting], keys: [KeySetting]) {
    guard let (path, bytes) = try? paths.read(named: overrides.configuration),
      let tree = try? ConfigurationTree(bytes, path: path, environment: environment)
    else { return ([], []) }
    let reading = ParseContext(files: tree.files.map(\.path), environment: environment)
    let nodes = [tree.root["theme"]] + (tree.root["contexts"]?.members ?? []).map { $0.value["theme"] }
    let themes = nodes.compactMap { node -> ThemeSetting? in
      guard let node, let name = node.scalar, TextFile.isPath(name) else { return nil }
      return ThemeSetting(reading.path(name, node.mark), place: reading.diagnostics.place(node.mark))
    }
    return (themes, tree.root["keys"].map { KeySetting.read($0, reading) } ?? [])
  }

  private func settle(_ settings: inout Settings, _ file: ConfigurationFile?) {
    if let limits = file?.limits { settings.limits = limits }
    settings.filters = file?.filters ?? [:]
    // Events within the requested time span must not be removed by the retention.
    if let since = settings.since.duration { settings.limits.retention = max(settings.limits.retention, since) }
    let chosen = (overrides.theme ?? variable("SAGATOP_THEME")).map { ThemeSetting($0) }
    if let theme = chosen ?? file?.context?.theme ?? file?.theme {
      (settings.theme, settings.themePlace) = (theme.name, theme.place)
    }
    settings.isASCII = overrides.isASCII ?? file?.isASCII
    settings.hasColor = overrides.hasColor ?? (variable("NO_COLOR") != nil ? false : file?.hasColor ?? true)
    settings.hasMouse = overrides.hasMouse ?? file?.hasMouse ?? false
    settings.notify = file?.notify
    settings.keys = file?.keys ?? []
    settings.contexts = file?.contexts ?? []
    settings.secrets.merge(file?.secrets ?? Secrets())
    settings.literalSecrets = file?.literalSecrets ?? []
    let own = [overrides.preset ?? file?.context?.preset, settings.theme].compactMap { $0 }.filter(TextFile.isPath)
    settings.files = (file?.files ?? []).map(\.path) + own
  }

  /// An empty variable counts as not set.
  private func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func flag(_ name: String) -> Bool {
    variable(name).map { !["0", "false", "no", "off"].contains($0.lowercased()) } ?? false
  }

  private func file() throws(ConfigurationError) -> ConfigurationFile? {
    let wanted = overrides.context ?? variable("SAGATOP_CONTEXT")
    guard let (path, bytes) = try paths.read(named: overrides.configuration) else {
      if let wanted {
        throw ConfigurationError(["no context `\(wanted)`: no configuration was found (looked for \(paths.looked))"])
      }
      return nil
    }
    // If brokers are given by a flag, no context is used: its password or protection must not apply to them.
    let choice = wanted.map(ContextChoice.named) ?? (overrides.brokers == nil ? .current : .none)
    return try ConfigurationFile(bytes, path: path, choice: choice, preset: overrides.preset, environment: environment)
  }

  private static let beginnings = [
    "Three ways to begin:",
    "  sagatop --brokers HOST:9092                  your system: its sagas are inferred",
    "  sagatop init --brokers HOST:9092 --to FILE   write a configuration for it, to edit",
    "  sagatop-demo -- sagatop                      a demo system on this machine",
  ]

  private func brokers(_ context: Context?, _ file: ConfigurationFile?) throws(ConfigurationError) -> String {
    if let text = overrides.brokers {
      do throws(BrokerList.Invalid) { return try BrokerList.parse(text).joined(separator: ",") } catch {
        throw ConfigurationError(["--brokers: \(error.message)"])
      }
    }
    if let context { return context.brokers }
    if overrides.server != nil || !overrides.documents.isEmpty || overrides.recordedSystem != nil { return "" }
    throw ConfigurationError(
      [
        "no Kafka brokers to read from.",
        file.map { "\($0.path) has no contexts." }
          ?? "No configuration was found (looked for \(paths.looked)); name one with --config FILE or SAGATOP_CONFIG.",
      ], hints: Self.beginnings)
  }

  private func http(_ context: Context?) throws(ConfigurationError) -> Settings.HTTP {
    var http = context?.http ?? Settings.HTTP()
    guard let text = overrides.server else { return http }
    guard let url = ServiceURL(text), url.user == nil else {
      throw ConfigurationError(["--server: expected a server such as http://host:8080"])
    }
    let server = ServiceURL.sibling(of: url.text, path: "")
    // Credentials for another server must not be sent to this one.
    if server != http.server { http.access = HTTPAccess() }
    http.server = server
    return http
  }

  /// Completes the URLs of documents. Throws if there is no source to read.
  private func settle(
    _ system: inout SystemDefinition, _ http: Settings.HTTP, hasBrokers: Bool
  ) throws(ConfigurationError) {
    for place in system.documents.indices where system.documents[place].url.hasPrefix("/") {
      guard let server = http.server else {
        if overrides.recordedSystem != nil { continue }
        let document = system.documents[place]
        throw ConfigurationError([
          "the document `\(document.name)` has the path \(document.url), and no server is configured.",
          "Add `http` with `server` to the context, or use --server http://HOST:PORT.",
        ])
      }
      system.documents[place].url = server + system.documents[place].url
    }
    let isRead = hasBrokers || !system.documents.isEmpty || !system.commands.isEmpty
    guard !isRead, overrides.recordedSystem == nil else { return }
    guard system.topics.isEmpty || !system.sagas.isEmpty else {
      throw ConfigurationError([
        "a system is inferred from messages, and no brokers are given.",
        "To read a list of events over HTTP, use `sagatop init --document PATH`; for the output of commands, write a definition: "
          + "see docs/configuration.md.",
      ])
    }
    throw ConfigurationError(["the system `\(system.name)` is read from Kafka, but no brokers are given."])
  }

  private func schemas(_ context: Context?, secrets: inout Secrets) throws(ConfigurationError) -> SchemaSettings {
    var schemas = context?.schemas ?? SchemaSettings()
    for place in schemas.files.indices {
      let file = schemas.files[place]
      switch TextFile.read(file.path, atMost: 16 << 20, mustBeFile: true) {
      case .success(let bytes) where bytes.isEmpty:
        throw ConfigurationError(["\(file.place): \(file.path) is empty"])
      case .success(let bytes): schemas.files[place].bytes = bytes
      case .failure(let error): throw ConfigurationError(["\(file.place): \(error.message)"])
      }
    }
    guard let text = overrides.schemaRegistry else { return schemas }
    guard let url = ServiceURL(text), url.query == nil, !url.text.contains("#") else {
      throw ConfigurationError(["--schema-registry: expected a URL such as http://host:8081, without a query"])
    }
    secrets.insert(url)
    let registry = SchemasReader.registry(url, HTTPAccess())
    // Credentials for another registry must not be sent to this one.
    if registry.url != schemas.registry?.url || url.user != nil { schemas.registry = registry }
    return schemas
  }

  private func redis(_ context: Context?) throws(ConfigurationError) -> Settings.Redis {
    var redis = context?.redis ?? Settings.Redis()
    guard let text = overrides.redis else { return redis }
    redis.servers = []
    for url in RedisAddress.urls(text) {
      do throws(RedisAddress.Invalid) { redis.servers.append(try RedisAddress(url)) } catch {
        throw ConfigurationError(["--redis: \(error.message)"])
      }
    }
    return redis
  }

  /// Services of the command line replace those of the context with the same name, or are appended.
  private func services(
    _ context: Context?, system: SystemDefinition, _ http: Settings.HTTP, secrets: inout Secrets
  ) throws(ConfigurationError) -> [ServiceSettings] {
    var services = context?.services ?? []
    let named = Set(services.map(\.definition.name))
    for service in system.services where !named.contains(service.name) {
      if let service = ServiceSettings(service, of: http) { services.append(service) }
    }
    for flag in overrides.services {
      guard let url = ServiceURL(flag.url) else {
        throw ConfigurationError(["--service \(flag.name): expected a URL such as http://host:8080/health"])
      }
      secrets.insert(url)
      var service = ServiceSettings(name: flag.name, url: url)
      service.hide(secrets)
      if let place = services.firstIndex(where: { $0.definition.name == flag.name }) {
        services[place] = service
      } else {
        services.append(service)
      }
    }
    if let path = system.healthPath { for place in services.indices { services[place].complete(path: path) } }
    return services
  }

  /// Merges the context's definitions over the preset's.
  private func system(
    _ context: Context?, _ file: ConfigurationFile?
  ) throws(ConfigurationError) -> SystemDefinition {
    if isUnknown(context) {
      let topics = overrides.topics.isEmpty ? context?.topics ?? [] : overrides.topics
      return SystemDefinition(
        name: context?.name ?? "inferred", topics: topics.isEmpty ? ["*"] : topics, sagas: [],
        locks: context?.locks ?? [], counts: context?.counts ?? [], documents: try documents())
    }
    guard let preset = overrides.preset ?? context?.preset ?? recordedSystem(context) else {
      guard let context, !context.sagas.isEmpty,
        !context.topics.isEmpty || !context.documents.isEmpty || !context.commands.isEmpty
      else { throw missingSystem(context, file) }
      var system = SystemDefinition(
        name: context.name, topics: context.topics, fields: context.fields, sagas: context.sagas,
        locks: context.locks, counts: context.counts, documents: context.documents, commands: context.commands)
      system.actions = context.actions
      return system
    }
    var system = try Presets.load(preset, environment: environment)
    if !overrides.topics.isEmpty { system.topics = overrides.topics }
    guard let context else { return system }
    if !context.topics.isEmpty, overrides.topics.isEmpty { system.topics = context.topics }
    system.fields = context.fields.laid(over: system.fields)
    for saga in context.sagas { system.sagas.replace(with: saga) { $0.type } }
    if !context.locks.isEmpty { system.locks = context.locks }
    if !context.counts.isEmpty { system.counts = context.counts }
    for document in context.documents {
      let known = system.documents.first { $0.name == document.name }
      system.documents.replace(with: known.map(document.laid) ?? document) { $0.name }
    }
    for command in context.commands {
      let known = system.commands.first { $0.name == command.name }
      system.commands.replace(with: known.map(command.laid) ?? command) { $0.name }
    }
    let names = context.actions.map(\.name)
    system.actions = system.actions.filter { !names.contains($0.name) } + context.actions
    return system
  }

  private func changes(_ context: Context?, _ system: SystemDefinition) -> [String] {
    guard let context, let name = overrides.preset ?? context.preset,
      let preset = try? Presets.load(name, environment: environment)
    else { return [] }
    return PresetChanges.lines(system, over: preset)
  }

  /// The recorded system's name, if the context defines no sagas. A recording is outside data, so it must not choose a file to open.
  private func recordedSystem(_ context: Context?) -> String? {
    guard context?.sagas.isEmpty ?? true, let name = overrides.recordedSystem, !TextFile.isPath(name) else {
      return nil
    }
    return name
  }

  private func isUnknown(_ context: Context?) -> Bool {
    let preset = overrides.preset ?? context?.preset ?? recordedSystem(context)
    guard preset == nil else { return preset == Presets.none }
    guard let context else { return overrides.brokers != nil }
    let isDescribed = !context.sagas.isEmpty || !context.documents.isEmpty || !context.commands.isEmpty
    return !isDescribed && !context.brokers.isEmpty
  }

  /// The command line overrides the context.
  private func hints(_ context: Context?) throws(ConfigurationError) -> InferenceHints {
    var hints = context?.hints ?? InferenceHints()
    hints.type = context?.fields.type ?? []
    if !overrides.ids.isEmpty { hints.ids = try sources(overrides.ids, "--id") }
    if let type = overrides.type { hints.type = try sources([type], "--type") }
    return hints
  }

  private func sources(_ texts: [String], _ option: String) throws(ConfigurationError) -> [FieldSource] {
    var sources: [FieldSource] = []
    for text in texts {
      do throws(FieldSourceText.Invalid) { sources.append(try FieldSourceText.parse(text)) } catch {
        throw ConfigurationError(["\(option): \(error.message)"])
      }
    }
    return sources
  }

  /// Documents of the command line, named after the last component of their paths.
  private func documents() throws(ConfigurationError) -> [DocumentDefinition] {
    var documents: [DocumentDefinition] = []
    for text in overrides.documents {
      guard text.hasPrefix("/") || (ServiceURL(text).map { $0.user == nil } ?? false) else {
        throw ConfigurationError(["--document: expected a path such as /api/events, or a URL\(Secrets.found(text))"])
      }
      let path = text.prefix { $0 != "?" && $0 != "#" }
      let name = path.split(separator: "/").last.map(String.init) ?? "document"
      let namesakes = documents.count { $0.name == name || $0.name.hasPrefix("\(name)-") }
      documents.append(DocumentDefinition(name: namesakes == 0 ? name : "\(name)-\(namesakes + 1)", url: text))
    }
    return documents
  }

  private func missingSystem(_ context: Context?, _ file: ConfigurationFile?) -> ConfigurationError {
    let place = context.flatMap { context in file.map { "\($0.path): the context `\(context.name)`: " } } ?? ""
    return ConfigurationError([
      "\(place)no saga definitions for the topics.",
      "Choose a preset with --preset (\(Presets.names.joined(separator: ", ")), or a YAML file), or give a context "
        + "`sagas`, and `topics` of `kafka`; with --preset \(Presets.none) sagas are inferred from the messages.",
    ])
  }
}

extension EventFields {
  /// Parts that are not set are taken from `system`.
  fileprivate func laid(over system: EventFields) -> EventFields {
    var result = EventFields(
      type: type.isEmpty ? system.type : type, time: time.isEmpty ? system.time : time, id: id.isEmpty ? system.id : id,
      node: node.isEmpty ? system.node : node, version: version.isEmpty ? system.version : version,
      envelope: envelope.isEmpty ? system.envelope : envelope)
    result.timeFormat = timeFormat ?? system.timeFormat
    result.timeZone = timeZone ?? system.timeZone
    result.trace = trace.isEmpty ? system.trace : trace
    return result
  }
}

extension DocumentDefinition {
  /// Parts that are not set are taken from `system`.
  fileprivate func laid(over system: DocumentDefinition) -> DocumentDefinition {
    var result = self
    if messages.isEmpty { result.messages = system.messages }
    result.paging = paging ?? system.paging
    result.order = order ?? system.order
    return result
  }
}

extension CommandDefinition {
  /// Parts that are not set are taken from `system`.
  fileprivate func laid(over system: CommandDefinition) -> CommandDefinition {
    var result = self
    if messages.isEmpty { result.messages = system.messages }
    result.prefix = prefix ?? system.prefix
    return result
  }
}
