import Configuration
import Core
import Reports
import Text

/// The sections and checks of a snapshot, and the sources to read for them.
struct SnapshotPlan {
  let format: Invocation.Format
  let sections: Set<SnapshotSection>
  let checks: [Check]
  /// Filter and order of the lists.
  let selection: SnapshotSelection
  private let subjects: Set<SourceKind>
  private let required: Set<SourceKind>

  init(_ invocation: Invocation, _ settings: Settings) throws(CommandFailure) {
    format = invocation.format
    checks = try Self.checks(invocation, settings, format)
    sections = Self.sections(invocation, format)
    selection = try Self.selection(invocation)
    required = invocation.required
    subjects = Set((checks.map(\.measure) + invocation.conditions.map(\.measure)).flatMap(\.kind.subject.sources))
    if sections == [.checks] || format == .nagios, checks.isEmpty {
      throw CommandFailure("there is no check: give --check, or `checks` in the configuration", code: ExitCode.usage)
    }
    try Self.check(required, settings)
  }

  private static func selection(_ invocation: Invocation) throws(CommandFailure) -> SnapshotSelection {
    do throws(SnapshotSelection.Invalid) { return try SnapshotUsage.selection(invocation) } catch {
      throw CommandFailure(error.message, code: ExitCode.usage)
    }
  }

  /// The configured checks if none are given. They are omitted if other sections are requested.
  private static func checks(
    _ invocation: Invocation, _ settings: Settings, _ format: Invocation.Format
  ) throws(CommandFailure) -> [Check] {
    if invocation.checks.isEmpty {
      let isWanted =
        format == .nagios || invocation.sections?.contains(.checks) ?? invocation.tables.tables.isEmpty
      return isWanted || invocation.tables.tables.contains("checks") ? settings.checks : []
    }
    var checks: [Check] = []
    for text in invocation.checks {
      let check = try check(text, settings)
      // Monitoring systems identify checks by name.
      if checks.contains(where: { $0.name == check.name }) {
        throw CommandFailure("--check: `\(check.name)` is given twice", code: ExitCode.usage)
      }
      checks.append(check)
    }
    return checks
  }

  private static func check(_ text: String, _ settings: Settings) throws(CommandFailure) -> Check {
    if let named = settings.checks.first(where: { $0.name == text }) { return named }
    do throws(CheckParser.Invalid) { return try CheckParser.check(text) } catch {
      let hint = NearestWord.to(text, among: settings.checks.map(\.name)).map { "; or `\($0)` of the configuration?" }
      throw CommandFailure("--check: \(error.message)\(hint ?? "")", code: ExitCode.usage)
    }
  }

  private static func sections(_ invocation: Invocation, _ format: Invocation.Format) -> Set<SnapshotSection> {
    // Nagios output contains only checks.
    if format == .nagios { return [.checks] }
    var sections = invocation.sections ?? Set(SnapshotSection.allCases)
    if !invocation.checks.isEmpty { sections.insert(.checks) }
    guard !invocation.tables.tables.isEmpty else { return sections }
    return Set(SnapshotTable.kinds.filter { invocation.tables.tables.contains($0.name) }.map(\.section))
  }

  /// Rejects required sources that are not configured.
  private static func check(_ required: Set<SourceKind>, _ settings: Settings) throws(CommandFailure) {
    let absent = required.filter { kind in
      switch kind {
      case .kafka, .lag: settings.kafka.brokers.isEmpty
      case .document: settings.system.documents.isEmpty
      case .command: settings.system.commands.isEmpty
      case .redis: settings.redis.servers.isEmpty
      case .services: settings.services.isEmpty
      case .kubernetes: settings.kubernetes == nil
      case .schemas: settings.schemas.registry == nil
      // A snapshot requests no traces.
      case .traces: true
      }
    }
    guard let kind = absent.map(\.rawValue).min() else { return }
    throw CommandFailure(
      "--require \(kind): the context `\(settings.context)` has no such source",
      code: ExitCode.configuration)
  }

  /// A picture may show any data, and the sources section alone covers all sources.
  private var readsAll: Bool { format.isPicture || sections == [.sources] }

  private func reads(_ kind: SourceKind, for sections: Set<SnapshotSection>) -> Bool {
    readsAll || required.contains(kind) || subjects.contains(kind) || !self.sections.isDisjoint(with: sections)
  }

  /// Consumer groups and services need no events; locks are shown with their sagas.
  var readsEvents: Bool {
    let beside: Set<SnapshotSection> = [.lag, .services, .sources, .checks]
    let hasOthers = required.contains(.document) || required.contains(.command)
    return hasOthers || reads(.kafka, for: Set(SnapshotSection.allCases).subtracting(beside))
  }

  var readsGroups: Bool { reads(.lag, for: [.lag, .nodes]) }
  var readsLocks: Bool { reads(.redis, for: [.locks]) }
  var readsServices: Bool { reads(.services, for: [.services]) }

  /// Causes of sagas may depend on pods.
  var readsPods: Bool { reads(.kubernetes, for: [.services, .nodes, .sagas]) }

  /// Without `--require`, all sources are required.
  func isRequired(_ source: SourceStatus) -> Bool {
    required.isEmpty || required.contains(source.kind)
  }
}
