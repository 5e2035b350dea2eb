import Clients
import Core

/// Settings and dependencies of the action executor.
package struct ActionSettings: Sendable {
  static let noAudit = "there is no place for the audit log: HOME is not set"

  package var context: String
  package var isProtected: Bool
  package var isReadOnly: Bool
  package var system: SystemDefinition
  package var apis: [ActionAPI]
  package var kafka: KafkaAccess
  /// Redis addresses by the name of the source that reads the server.
  package var redis: [String: RedisAddress]
  /// `nil` if there is no path for the audit log; then no action is possible.
  package var audit: AuditSettings?
  package var `operator`: ActionRecord.Operator
  /// Hides secrets in a text.
  package var mask: @Sendable (String) -> String
  /// The secrets that `mask` hides.
  package var secrets: [String] = []
  package var now: @Sendable () -> Timestamp
  /// Maximum age of a plan. An older plan is not run.
  package var planAge = Duration.seconds(120)
  /// Returns a unique name for an intent.
  package var newIntent: @Sendable () -> String
  /// Version of this program, recorded with each run.
  package var version = ""

  package init(
    context: String, isProtected: Bool = false, isReadOnly: Bool = false, system: SystemDefinition,
    apis: [ActionAPI] = [], kafka: KafkaAccess, redis: [String: RedisAddress] = [:], audit: AuditSettings?,
    operator: ActionRecord.Operator, mask: @escaping @Sendable (String) -> String = { $0 },
    now: @escaping @Sendable () -> Timestamp, newIntent: @escaping @Sendable () -> String = Self.randomIntent
  ) {
    self.context = context
    self.isProtected = isProtected
    self.isReadOnly = isReadOnly
    self.system = system
    self.apis = apis
    self.kafka = kafka
    self.redis = redis
    self.audit = audit
    self.operator = `operator`
    self.mask = mask
    self.now = now
    self.newIntent = newIntent
  }

  /// 128 random bits in hexadecimal.
  @Sendable package static func randomIntent() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  func definition(of action: ActionName, type: String?) -> ActionDefinition? {
    let actions = type.map { type in system.sagas.first { $0.type == type }?.actions ?? [] } ?? system.actions
    return actions.first { $0.name == action }
  }

  /// The API that receives the action's request. `nil` if it is not an HTTP action.
  func api(of action: ActionDefinition) -> ActionAPI? {
    guard case .http(let http) = action.call else { return nil }
    return apis.first { $0.name == http.api }
  }

  /// The folder for plans and requests next to the audit log.
  var kept: RunFolder? { audit.map(RunFolder.init) }
  var keptRequest: KeptRequest { KeptRequest(secrets: secrets, apis: apis) }
}
