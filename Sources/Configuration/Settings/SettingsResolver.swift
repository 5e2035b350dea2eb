import Core

/// Lays flags over environment over context over file over what is built in.
package struct SettingsResolver {
  private let overrides: Overrides
  private let environment: [String: String]
  private let paths: ConfigurationPaths

  package init(overrides: Overrides, environment: [String: String]) {
    self.overrides = overrides
    self.environment = environment
    paths = ConfigurationPaths(environment: environment)
  }

  /// Reads the configuration file and the preset. Throws everything that is wrong with them.
  package func resolve() throws(ConfigurationError) -> Settings {
    let file = try file()
    let context = file?.context
    let brokers = try brokers(context, file)
    var settings = Settings(
      context: context?.name ?? brokers, kafka: .init(brokers: brokers, properties: context?.properties ?? []),
      system: try system(context, file))
    settings.kafka.groups = context?.groups ?? []
    settings.kafka.lagInterval = context?.lagInterval
    settings.kafka.allowedLag = context?.allowedLag ?? []
    settings.checks = context?.checks ?? []
    settings.isProtected = context?.isProtected ?? false
    settings.since = overrides.since ?? context?.since
    settings.secrets = context?.secrets ?? Secrets()
    settings.redis = try redis(context)
    for password in settings.redis.servers.compactMap(\.password) { settings.secrets.insert(password) }
    settings.services = try services(context, path: settings.system.healthPath, secrets: &settings.secrets)
    settings.isReadOnly = overrides.isReadOnly ?? flag("SAGATOP_READONLY")
    settings.log = overrides.log
    settle(&settings, file)
    return settings
  }

  private func settle(_ settings: inout Settings, _ file: ConfigurationFile?) {
    if let limits = file?.limits { settings.limits = limits }
    // What is asked to be read is also kept.
    if let since = settings.since { settings.limits.retention = max(settings.limits.retention, since) }
    settings.theme = overrides.theme ?? variable("SAGATOP_THEME") ?? file?.theme ?? settings.theme
    settings.isASCII = overrides.isASCII ?? file?.isASCII
    settings.hasColor = overrides.hasColor ?? (variable("NO_COLOR") != nil ? false : file?.hasColor ?? true)
    settings.hasMouse = overrides.hasMouse ?? file?.hasMouse ?? false
  }

  /// An empty variable says nothing.
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
    // Brokers given by flag stand for themselves: no context's password or protection may slip in.
    let choice = wanted.map(ContextChoice.named) ?? (overrides.brokers == nil ? .current : .none)
    return try ConfigurationFile(bytes, path: path, choice: choice, environment: environment)
  }

  private func brokers(_ context: Context?, _ file: ConfigurationFile?) throws(ConfigurationError) -> String {
    if let text = overrides.brokers {
      do throws(BrokerList.Invalid) { return try BrokerList.parse(text).joined(separator: ",") } catch {
        throw ConfigurationError(["--brokers: \(error.message)"])
      }
    }
    if let context { return context.brokers }
    throw ConfigurationError([
      "no Kafka brokers to read from.",
      file.map { "\($0.path) has no contexts." } ?? "No configuration was found (looked for \(paths.looked)).",
      "The shortest way to start:  sagatop --brokers HOST:9092 --preset \(Presets.names.first ?? "FILE")",
    ])
  }

  private func redis(_ context: Context?) throws(ConfigurationError) -> Settings.Redis {
    var redis = context?.redis ?? Settings.Redis()
    guard let text = overrides.redis else { return redis }
    redis.servers = []
    for url in text.split(separator: ",", omittingEmptySubsequences: false) {
      do throws(RedisAddress.Invalid) { redis.servers.append(try RedisAddress(String(url))) } catch {
        throw ConfigurationError(["--redis: \(error.message)"])
      }
    }
    return redis
  }

  /// Those of the command line take the place of the context's of the same name, or come last.
  private func services(
    _ context: Context?, path: String?, secrets: inout Secrets
  ) throws(ConfigurationError) -> [ServiceSettings] {
    var services = context?.services ?? []
    for flag in overrides.services {
      guard let url = ServiceURL(flag.url) else {
        throw ConfigurationError(["--service \(flag.name): expected a URL such as http://host:8080/health"])
      }
      if let password = url.password { secrets.insert(password) }
      let service = ServiceSettings(name: flag.name, url: url)
      if let place = services.firstIndex(where: { $0.definition.name == flag.name }) {
        services[place] = service
      } else {
        services.append(service)
      }
    }
    if let path { for place in services.indices { services[place].complete(path: path) } }
    return services
  }

  /// The context's own description over the preset's.
  private func system(
    _ context: Context?, _ file: ConfigurationFile?
  ) throws(ConfigurationError) -> SystemDefinition {
    guard let preset = overrides.preset ?? context?.preset else {
      guard let context, !context.sagas.isEmpty, !context.topics.isEmpty else { throw missingSystem(context, file) }
      return SystemDefinition(
        name: context.name, topics: context.topics, fields: context.fields, sagas: context.sagas,
        locks: context.locks, counts: context.counts)
    }
    var system = try Presets.load(preset, environment: environment)
    guard let context else { return system }
    if !context.topics.isEmpty { system.topics = context.topics }
    system.fields.replace(with: context.fields)
    for saga in context.sagas { system.replace(saga) }
    if !context.locks.isEmpty { system.locks = context.locks }
    if !context.counts.isEmpty { system.counts = context.counts }
    return system
  }

  private func missingSystem(_ context: Context?, _ file: ConfigurationFile?) -> ConfigurationError {
    let place = context.flatMap { context in file.map { "\($0.path): the context `\(context.name)`: " } } ?? ""
    return ConfigurationError([
      "\(place)nothing says what the topics mean.",
      "Name a preset with --preset (\(Presets.names.joined(separator: ", ")), or a YAML file), or give a context "
        + "`sagas`, and `topics` of `kafka`.",
    ])
  }
}

extension EventFields {
  /// What `other` says of a field takes the place of all that was said of it.
  fileprivate mutating func replace(with other: EventFields) {
    if !other.type.isEmpty { type = other.type }
    if !other.time.isEmpty { time = other.time }
    if !other.id.isEmpty { id = other.id }
    if !other.node.isEmpty { node = other.node }
  }
}

extension SystemDefinition {
  /// Takes the place of the saga of the same type, or comes last.
  fileprivate mutating func replace(_ saga: SagaDefinition) {
    if let place = sagas.firstIndex(where: { $0.type == saga.type }) {
      sagas[place] = saga
    } else {
      sagas.append(saga)
    }
  }
}
