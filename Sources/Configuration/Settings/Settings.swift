import Clients
import Core
import Text

/// The effective settings of the program, merged from flags, environment, context and file.
package struct Settings: Sendable {
  package struct Kafka: Sendable {
    /// `host:port`, separated by commas. Empty without Kafka.
    package var brokers: String
    /// librdkafka properties, passed on unchanged.
    package var properties: [(name: String, value: String)]
    /// Patterns of the watched consumer groups. Empty for all groups.
    package var groups: [String] = []
    /// The poll interval for consumer groups. `nil` for the collector's default.
    package var lagInterval: Duration?
    /// By pattern of the group's name. The first match is used.
    package var allowedLag: [(pattern: NamePattern, allowance: LagRules.Allowance)] = []
  }

  package struct Redis: Sendable {
    /// Each server is polled separately.
    package var servers: [RedisAddress] = []
    /// The poll interval. `nil` for the collector's default.
    package var interval: Duration?
    /// Keyspace events are enabled although CONFIG GET is denied.
    package var publishesKeyEvents = false
  }

  /// Settings of the audit log for operators' actions.
  package struct Audit: Sendable, Equatable {
    /// `nil` for the operator's own file in the state folder.
    package var path: String?
    /// A system group with write access to the file.
    package var group: String?
    package var requiresReason = false
  }

  package struct HTTP: Sendable {
    /// `http://host:port`, the base URL for paths of documents and services.
    package var server: String?
    package var access = HTTPAccess()

    /// The credentials for `url`. Those of the server are sent to no other server.
    package func access(for url: String) -> HTTPAccess {
      server.map { ServiceURL.sibling(of: url, path: "") == $0 } ?? false ? access : HTTPAccess()
    }
  }

  /// The origin of the saga definitions.
  package enum Origin: Sendable {
    case configuration
    /// No definitions yet: they must be inferred from messages first.
    case none
    case inference
  }

  /// The context's name. Without a context, the brokers.
  package var context: String
  package var isProtected = false
  package var isReadOnly = false
  package var kafka: Kafka
  package var redis = Redis()
  package var http = HTTP()
  package var schemas = SchemaSettings()
  /// The time span to read at the start.
  package var since = ReadSpan.usual
  /// The topic that stores saga state, read instead of the system's topics. `nil` to read those topics.
  package var stateTopic: String?
  /// The folder in which a session stores its events for the next one. `nil` to store nothing.
  package var stateFolder: String?
  package var system: SystemDefinition
  package var origin = Origin.configuration
  /// Hints for a system that is inferred.
  package var hints = InferenceHints()
  /// The result of the inference. `nil` if nothing was inferred.
  package var inference: InferenceView?
  package var services: [ServiceSettings] = []
  package var evidence = EvidenceSettings()
  /// The servers that receive action requests.
  package var apis: [ActionAPI] = []
  package var audit = Audit()
  /// The default checks of a snapshot, which may also be selected by name.
  package var checks: [Check] = []
  package var limits = StoreLimits()
  /// Saved filters by name.
  package var filters: [String: String] = [:]
  /// A shipped theme's name, or a file path.
  package var theme = "default"
  /// Where a configuration file sets it, for errors; `nil` if no file does.
  package var themePlace: String?
  /// `nil` to detect it from the terminal's locale.
  package var isASCII: Bool?
  package var hasColor = true
  package var hasMouse = false
  /// Path of the log file for library messages. `nil` to discard them.
  package var log: String?
  /// Differences between the context and its preset, one line each.
  package var changes: [String] = []
  /// Warnings about probable mistakes, one line each.
  package var warnings: [String] = []
  /// Warnings about probable literal secrets in commands and requests, one line each.
  package var literalSecrets: [String] = []
  package var secrets = Secrets()
  /// Notifications about changed checks. `nil` for none.
  package var notify: NotifySettings?
  /// Configured key bindings.
  package var keys: [KeySetting] = []
  /// The names of the file's contexts.
  package var contexts: [String] = []
  /// The files that were read.
  package var files: [String] = []
  /// Settings with the same digest and the same flags need no new sources: they differ at most in the screen and the notifications.
  package var sourceDigest = ""

  package var themeSetting: ThemeSetting { ThemeSetting(theme, place: themePlace) }

  /// Takes everything that needs no new sources.
  package mutating func takeScreen(of new: Settings) {
    (theme, themePlace) = (new.theme, new.themePlace)
    (isASCII, hasColor, hasMouse) = (new.isASCII, new.hasColor, new.hasMouse)
    (notify, checks, keys, filters) = (new.notify, new.checks, new.keys, new.filters)
    (contexts, files, warnings, literalSecrets) = (new.contexts, new.files, new.warnings, new.literalSecrets)
    secrets.merge(new.secrets)
  }
}
