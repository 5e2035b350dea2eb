import Clients
import Collectors
import Configuration
import Core
import Text

/// The store and its sources, created from settings.
struct Monitor {
  let store: Store
  /// Receives the messages instead of the store until the system is inferred.
  let sampler: Sampler?
  private let sources: [any Source]
  /// `nil` if nothing is stored for the next session.
  private let session: Session?

  /// `reads` selects the sources by their kind; one kind of event source selects all of them. `recorder` returns a sink to insert before
  /// the store. `now` is the store's clock. Throws if librdkafka rejects a property, before anything is started.
  init(
    _ settings: Settings, reads: Set<SourceKind> = SourceKind.all, symbols: SymbolTable = SymbolTable(),
    recorder: ((Store) throws(ConfigurationError) -> any ObservationSink)? = nil,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now, onChange: @escaping @Sendable () -> Void
  ) throws(ConfigurationError) {
    store = Store(settings, symbols: symbols, now: now, onChange: onChange)
    let readsEvents = !reads.isDisjoint(with: SourceKind.eventSources)
    let kafkaSettings = settings.has(.kafka) ? try Self.kafka(settings) : nil
    let sink = MaskingSink(try recorder?(store) ?? store, secrets: settings.secrets)
    let sampler = settings.origin == .none ? Sampler(symbols: symbols, hints: settings.hints, next: sink) : nil
    self.sampler = sampler
    let events: any ObservationSink = sampler ?? sink
    var sources: [any Source] = []
    var session: Session?
    if let kafkaSettings, readsEvents { session = Self.session(settings, kafkaSettings, store, symbols, now: now) }
    self.session = session
    if let topic = settings.stateTopic, readsEvents {
      guard let kafkaSettings, settings.origin != .none else {
        throw ConfigurationError(["--from-state: needs brokers and a description of the sagas, as `aggregate` had"])
      }
      sources.append(
        StateTopicSource(kafkaSettings, topic: topic, system: settings.system, symbols: symbols, sink: sink))
    } else if let kafkaSettings, readsEvents {
      let registry = kafkaSettings.schemas.registry.map { SchemaRegistry($0, sink: events) }
      if let registry { sources.append(registry) }
      sources.append(
        KafkaSource(
          kafkaSettings, system: settings.system, symbols: symbols, registry: registry, session: session, sink: events))
    }
    if let kafkaSettings, reads.contains(.lag) {
      sources.append(LagSource(try Self.lag(settings, kafkaSettings), symbols: symbols, sink: sink))
    }
    if reads.contains(.redis) { sources += Self.redis(settings).map { RedisSource($0, sink: sink) } }
    if reads.contains(.services), settings.has(.services) {
      sources.append(HTTPSource(Self.endpoints(settings.services), sink: sink))
    }
    let readsPods = reads.contains(.kubernetes)
    if let kubernetes = settings.evidence.kubernetes, readsPods || (readsEvents && kubernetes.jobs != nil) {
      sources.append(
        KubernetesSource(
          kubernetes, readsPods: readsPods, readsJobs: readsEvents, system: settings.system, symbols: symbols,
          since: settings.since.duration, sink: sink))
    }
    if reads.contains(.traces), let traces = settings.evidence.traces, let requests = store.traceRequests {
      sources.append(TraceSource(traces, requests: requests, sink: sink))
    }
    if readsEvents {
      if settings.has(.document) {
        sources.append(
          DocumentSource(
            Self.documents(settings), system: settings.system, symbols: symbols, since: settings.since.duration,
            sink: events, hide: settings.secrets.hide))
      }
      sources += settings.system.commands.map {
        CommandSource(
          $0, system: settings.system, symbols: symbols, since: settings.since.duration, sink: sink,
          hide: settings.secrets.hide)
      }
    }
    self.sources = sources
  }

  /// `nil` for inferred sagas, because the next inference may differ.
  private static func session(
    _ settings: Settings, _ kafka: KafkaSettings, _ store: Store, _ symbols: SymbolTable,
    now: @escaping @Sendable () -> Timestamp
  ) -> Session? {
    guard let folder = settings.stateFolder, settings.stateTopic == nil, settings.origin == .configuration else {
      return nil
    }
    let name = settings.context.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." ? $0 : "_" }
    let path = "\(folder)/\(String(name.prefix(100)))-\(SHA256.hex(settings.context).prefix(8)).state"
    return Session(path, kafka, system: settings.system, store: store, symbols: symbols, now: now)
  }

  private static func endpoints(_ services: [ServiceSettings]) -> [HTTPEndpoint] {
    services.flatMap { service in
      service.targets.enumerated().flatMap { place, target in
        let metrics = target.metrics.map { ($0, HTTPEndpoint.Purpose.metrics(PrometheusText(gauges: service.gauges))) }
        return [(target.url, .health(service.body)), metrics].compactMap { $0 }.map { url, purpose in
          HTTPEndpoint(
            service: service.definition.name, instance: place, purpose: purpose, url: url,
            interval: service.definition.interval, timeout: service.definition.timeout, access: target.access)
        }
      }
    }
  }

  /// With several servers, the name contains the address.
  static func name(of server: RedisAddress, in settings: Settings) -> String {
    settings.redis.servers.count == 1 ? "redis" : "redis \(server.name)"
  }

  private static func redis(_ settings: Settings) -> [RedisSettings] {
    settings.redis.servers.map { server in
      RedisSettings(
        address: server, name: name(of: server, in: settings), peers: settings.redis.servers,
        locks: settings.system.locks, counts: settings.system.counts,
        interval: settings.redis.interval ?? RedisSettings.interval,
        publishesKeyEvents: settings.redis.publishesKeyEvents)
    }
  }

  private static let sampledBody = 65_536

  /// Settings for reading events. Throws if librdkafka rejects a property.
  static func kafka(_ settings: Settings) throws(ConfigurationError) -> KafkaSettings {
    var kafka = KafkaSettings(
      brokers: settings.kafka.brokers, properties: settings.kafka.properties,
      topics: try patterns(settings.system.topics, "topics"), since: settings.since)
    // Inference needs complete message bodies.
    if settings.origin == .none {
      kafka.bodyLimit = Self.sampledBody
      kafka.sample = (SampleSet.most * 3 / 4, SampleSet.mostPerTopic * 3 / 4)
    }
    kafka.schemas = settings.schemas
    for file in settings.schemas.files {
      if let problem = file.problem {
        throw ConfigurationError(["\(file.place): \(file.path) is no schema: \(problem)"])
      }
    }
    do throws(KafkaError) { try KafkaSource.check(kafka) } catch {
      throw ConfigurationError([settings.secrets.mask(error.description)])
    }
    return kafka
  }

  static func documents(_ settings: Settings) -> [DocumentTarget] {
    settings.system.documents.map {
      DocumentTarget(definition: $0, url: $0.url, access: settings.http.access(for: $0.url))
    }
  }

  private static func lag(_ settings: Settings, _ kafka: KafkaSettings) throws(ConfigurationError) -> LagSettings {
    let names = settings.kafka.groups.isEmpty ? ["*"] : settings.kafka.groups
    return LagSettings(
      kafka: kafka, patterns: try patterns(names, "groups"),
      groups: settings.system.sagas.flatMap { $0.steps.compactMap(\.group) },
      interval: settings.kafka.lagInterval ?? LagSettings.interval)
  }

  private static func patterns(_ texts: [String], _ key: String) throws(ConfigurationError) -> [NamePattern] {
    var patterns: [NamePattern] = []
    for text in texts {
      do throws(NamePattern.Invalid) { patterns.append(try NamePattern(text)) } catch {
        throw ConfigurationError(["\(key): \(error.message)"])
      }
    }
    return patterns
  }

  /// Whether there is any source.
  var hasSources: Bool { !sources.isEmpty }

  /// Starts the sources. Each reads on its own thread.
  func start() { for source in sources { source.start() } }

  /// Stops reading older events.
  func stopHistory() { for source in sources { (source as? KafkaSource)?.stopHistory() } }

  /// Stops all sources in parallel, within about one second. A source that takes longer is not waited for.
  func stop() {
    let threads = sources.map { source in
      let thread = WorkerThread()
      if !thread.start({ source.stop() }) { source.stop() }
      return thread
    }
    let end = ContinuousClock.now + .seconds(1)
    for thread in threads { thread.join(patience: max(.zero, end - .now)) }
    if let problem = session?.save() { Output.complain(problem) }
  }
}

extension Settings {
  /// Whether a source of this kind is configured.
  func has(_ kind: SourceKind) -> Bool {
    switch kind {
    case .kafka, .lag: !kafka.brokers.isEmpty
    case .schemas: schemas.registry != nil
    case .document: !system.documents.isEmpty
    case .command: !system.commands.isEmpty
    case .redis: !redis.servers.isEmpty
    case .services: !services.isEmpty
    case .traces: evidence.traces != nil
    case .kubernetes: evidence.kubernetes != nil
    }
  }
}
