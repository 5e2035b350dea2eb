import Actions
import Clients
import Collectors
import Configuration
import Core

/// Creates the action executor from settings.
enum ActionWiring {
  static func gate(_ settings: Settings, store: Store) -> ActionExecutor {
    ActionExecutor(actions(settings), store: store)
  }

  private static func actions(_ settings: Settings) -> ActionSettings {
    var actions = ActionSettings(
      context: settings.context, isProtected: settings.isProtected, isReadOnly: settings.isReadOnly,
      system: settings.system, apis: settings.apis,
      kafka: .init(brokers: settings.kafka.brokers, properties: settings.kafka.properties),
      redis: redis(settings), audit: audit(settings, Environment.all),
      operator: OperatorIdentity.current(environment: Environment.all), mask: settings.secrets.mask,
      now: SystemClock.now)
    actions.version = Program.version
    actions.secrets = settings.secrets.texts
    return actions
  }

  /// By the source names that `Monitor` uses.
  private static func redis(_ settings: Settings) -> [String: RedisAddress] {
    Dictionary(settings.redis.servers.map { (Monitor.name(of: $0, in: settings), $0) }) { first, _ in first }
  }

  /// The configured audit log, else the operator's own. `nil` if there is no folder for it.
  static func audit(_ settings: Settings, _ environment: [String: String]) -> AuditSettings? {
    guard let path = settings.audit.path ?? auditPath(environment) else { return nil }
    return AuditSettings(path: path, group: settings.audit.group, requiresReason: settings.audit.requiresReason)
  }

  /// `$XDG_STATE_HOME/sagatop/audit.jsonl`. `nil` if neither XDG_STATE_HOME nor HOME is set.
  static func auditPath(_ environment: [String: String]) -> String? {
    func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let state = folder("XDG_STATE_HOME") ?? folder("HOME").map { "\($0)/.local/state" }
    return state.map { "\($0)/sagatop/audit.jsonl" }
  }
}
