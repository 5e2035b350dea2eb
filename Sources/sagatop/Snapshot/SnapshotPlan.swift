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
    let absent = required.filter { !isRead($0) || !settings.has($0) }
    guard let kind = absent.map(\.rawValue).min() else { return }
    throw CommandFailure(
      "--require \(kind): the context `\(settings.context)` has no such source",
      code: ExitCode.configuration)
  }

  /// A picture may show any data, and the sources section alone covers all sources.
  private var readsAll: Bool { format.isPicture || sections == [.sources] }

  /// A snapshot requests no traces.
  private static func isRead(_ kind: SourceKind) -> Bool { kind != .traces }

  /// The sections that are made from a source of this kind.
  private static func sections(of kind: SourceKind) -> Set<SnapshotSection> {
    switch kind {
    case .lag: [.lag, .nodes]
    case .redis: [.locks]
    case .services: [.services]
    // Causes of sagas may depend on pods.
    case .kubernetes: [.services, .nodes, .sagas]
    // Consumer groups and services need no events; locks are shown with their sagas.
    case _ where kind.carriesEvents:
      Set(SnapshotSection.allCases).subtracting([.lag, .services, .sources, .checks])
    default: [.sources]
    }
  }

  func reads(_ kind: SourceKind) -> Bool {
    guard Self.isRead(kind) else { return false }
    return readsAll || required.contains(kind) || subjects.contains(kind)
      || !sections.isDisjoint(with: Self.sections(of: kind))
  }

  /// The kinds of source to read.
  var kinds: Set<SourceKind> { SourceKind.all.filter(reads) }

  /// One kind of event source is read with all others of this use.
  var readsEvents: Bool { !kinds.isDisjoint(with: SourceKind.eventSources) }

  /// Without `--require`, all sources are required.
  func isRequired(_ source: SourceStatus) -> Bool {
    required.isEmpty || required.contains(source.kind)
  }
}
