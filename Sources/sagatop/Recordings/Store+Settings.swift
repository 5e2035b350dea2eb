import Collectors
import Configuration
import Core

extension Store {
  /// An empty store for the settings, with `now` as its clock.
  convenience init(
    _ settings: Settings, symbols: SymbolTable, now: @escaping @Sendable () -> Timestamp,
    onChange: @escaping @Sendable () -> Void = {}
  ) {
    self.init(
      settings.system,
      context: .init(
        name: settings.context, isProtected: settings.isProtected, isReadOnly: settings.isReadOnly,
        isInferred: settings.origin == .inference, inference: settings.inference),
      limits: settings.limits,
      lagRules: LagRules(
        interval: settings.kafka.lagInterval ?? LagSettings.interval, allowances: settings.kafka.allowedLag),
      services: settings.services.map(\.definition),
      traces: settings.evidence.traces.map { TraceRequests(link: $0.link.map(settings.secrets.mask)) },
      symbols: symbols,
      now: now, onChange: onChange)
  }
}
