import Collectors
import Configuration
import Core

/// The store and the sources that fill it, put together from settings.
struct Watch {
  let store: Store
  private let kafka: KafkaSource
  /// `nil` when no service is configured.
  private let http: HTTPSource?

  /// Properties that librdkafka does not take are an error here, before anything is started.
  init(_ settings: Settings, onChange: @escaping @Sendable () -> Void) throws(ConfigurationError) {
    let symbols = SymbolTable()
    store = Store(
      settings.system,
      context: .init(
        name: settings.context, isProtected: settings.isProtected, isReadOnly: settings.isReadOnly),
      limits: settings.limits, services: settings.services.map(\.definition), symbols: symbols, now: SystemClock.now,
      onChange: onChange)
    let kafkaSettings = try Self.kafka(settings)
    let sink = MaskingSink(store, secrets: settings.secrets)
    kafka = KafkaSource(kafkaSettings, system: settings.system, symbols: symbols, sink: sink)
    http = settings.services.isEmpty ? nil : HTTPSource(Self.endpoints(settings.services), sink: sink)
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

  private static func kafka(_ settings: Settings) throws(ConfigurationError) -> KafkaSettings {
    var patterns: [NamePattern] = []
    for topic in settings.system.topics {
      do throws(NamePattern.Invalid) { patterns.append(try NamePattern(topic)) } catch {
        throw ConfigurationError(["topics: \(error.message)"])
      }
    }
    let kafka = KafkaSettings(
      brokers: settings.kafka.brokers, properties: settings.kafka.properties, topics: patterns, since: settings.since)
    do throws(KafkaError) { try KafkaSource.check(kafka) } catch {
      throw ConfigurationError([settings.secrets.mask(error.description)])
    }
    return kafka
  }

  /// Starts the sources; each reads on its own thread.
  func start() {
    kafka.start()
    http?.start()
  }

  /// Ends them, in about a second each at most.
  func stop() {
    http?.stop()
    kafka.stop()
  }
}
