import Clients
import Core
import Text

/// What the program runs with, after flags, environment, context and file were laid over each other.
package struct Settings: Sendable {
  package struct Kafka: Sendable {
    /// `host:port`, several separated by commas; empty where there is no Kafka.
    package var brokers: String
    /// librdkafka's, as they are to be handed on.
    package var properties: [(name: String, value: String)]
    /// Patterns of the consumer groups that are looked at; none means all.
    package var groups: [String] = []
    /// How often they are looked at; `nil` lets the collector decide.
    package var lagInterval: Duration?
    /// By pattern of the group's name; the first that matches counts.
    package var allowedLag: [(pattern: NamePattern, allowance: LagRules.Allowance)] = []
  }

  package struct Redis: Sendable {
    /// Each is looked at by itself.
    package var servers: [RedisAddress] = []
    /// How often; `nil` lets the collector decide.
    package var interval: Duration?
    /// They publish keyspace events, though they may not be asked.
    package var publishesKeyEvents = false
  }

  /// Of the actions of operators.
  package struct Audit: Sendable, Equatable {
    /// `nil` is the operator's own file.
    package var path: String?
    /// The system's group whose members write to it too.
    package var group: String?
    package var requiresReason = false
  }

  package struct HTTP: Sendable {
    /// `http://host:port`: where paths start that documents and services have.
    package var server: String?
    package var access = HTTPAccess()

    /// How `url` is asked: what is meant for the server goes to no other.
    package func access(for url: String) -> HTTPAccess {
      server.map { ServiceURL.sibling(of: url, path: "") == $0 } ?? false ? access : HTTPAccess()
    }
  }

  /// Where the description of the system's sagas comes from.
  package enum Origin: Sendable {
    case configuration
    /// From nowhere yet: it has to be inferred from messages before there are sagas.
    case none
    case inference
  }

  /// The context's name; without one, the brokers.
  package var context: String
  package var isProtected = false
  package var isReadOnly = false
  package var kafka: Kafka
  package var redis = Redis()
  package var http = HTTP()
  package var schemas = SchemaSettings()
  /// How far back to read at the start.
  package var since = ReadSpan.usual
  /// The topic that holds the state of sagas and is read in place of the system's topics; `nil` reads those.
  package var stateTopic: String?
  /// Where a session leaves what it has read for the next one; `nil` leaves nothing.
  package var stateFolder: String?
  package var system: SystemDefinition
  package var origin = Origin.configuration
  /// What is said of a system whose rest is to be inferred.
  package var hints = InferenceHints()
  /// How its sagas were inferred.
  package var inference: InferenceView?
  package var services: [ServiceSettings] = []
  /// `nil` where no trace store is configured.
  package var traces: TraceStoreSettings?
  /// `nil` where no cluster is watched.
  package var kubernetes: KubernetesSettings?
  /// Where actions are asked for.
  package var apis: [ActionAPI] = []
  package var audit = Audit()
  /// What a snapshot checks where the command line names no check; also the names that it knows.
  package var checks: [Check] = []
  package var limits = StoreLimits()
  /// Filters that the configuration has a name for.
  package var filters: [String: String] = [:]
  /// A shipped theme's name, or a file's path.
  package var theme = "default"
  /// `nil` lets the terminal's locale decide.
  package var isASCII: Bool?
  package var hasColor = true
  package var hasMouse = false
  /// Where libraries' messages go; `nil` is nowhere.
  package var log: String?
  /// What the context changes of its preset, a line each.
  package var changes: [String] = []
  /// What the configuration says and probably does not mean, a line each.
  package var warnings: [String] = []
  package var secrets = Secrets()
  /// What is told when a check changes its state; `nil` is nothing.
  package var notify: NotifySettings?
  /// What keys are to do instead.
  package var keys: [KeySetting] = []
  /// The names of the file's contexts.
  package var contexts: [String] = []
  /// The files that all this was read from.
  package var files: [String] = []
}
