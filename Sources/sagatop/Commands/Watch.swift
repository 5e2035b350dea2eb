import Collectors
import Configuration
import Core

/// The store and the sources that fill it, put together from settings.
struct Watch {
  let store: Store
  private let kafka: KafkaSource

  /// Properties that librdkafka does not take are an error here, before anything is started.
  init(_ settings: Settings, onChange: @escaping @Sendable () -> Void) throws(ConfigurationError) {
    let symbols = SymbolTable()
    store = Store(
      settings.system,
      context: .init(
        name: settings.context, isProtected: settings.isProtected, isReadOnly: settings.isReadOnly),
      limits: settings.limits, symbols: symbols, now: SystemClock.now, onChange: onChange)
    let kafkaSettings = try Self.kafka(settings)
    let sink = MaskingSink(store, secrets: settings.secrets)
    kafka = KafkaSource(kafkaSettings, system: settings.system, symbols: symbols, sink: sink)
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
  func start() { kafka.start() }

  /// Ends them, in about a second at most.
  func stop() { kafka.stop() }
}
