import Core
import Text

/// The rules of a system, compiled for decoding messages. Immutable and thread-safe.
package final class CompiledFields: Sendable {
  struct Condition: Sendable {
    var sources: SourceList
    /// One of them must match; empty if no value may be found.
    var values: [[UInt8]]
    var patterns: [NamePattern]
    var matchesNothing: Bool
  }

  /// A class to avoid copies, because each message uses it several times.
  final class Definition: Sendable {
    final class Identity: Sendable {
      let sources: SourceList
      let ignored: Set<SagaKey>

      init(_ identity: SagaDefinition.Identity, place: Int, _ compiler: SourceCompiler) {
        sources = compiler.compile(identity.sources)
        ignored = Set(
          identity.ignored.map { SagaKey(identity: UInt8(clamping: place), value: MessageID.canonical($0) ?? $0) })
      }
    }

    let identities: [Identity]
    /// Index of the kind of id of which each value identifies a separate saga; `nil` if there is none.
    let each: Int?
    let parent: SourceList
    let steps: SourceList
    let error: SourceList
    let product: SourceList
    var hasNoDetails: Bool { steps.isEmpty && error.isEmpty && product.isEmpty }
    let rules: RuleIndex
    /// By rule; all conditions must hold.
    let conditions: [[Condition]]
    /// Alternative names of steps.
    let aliases: [(pattern: NamePattern, step: Symbol)]

    init(_ saga: SagaDefinition, _ compiler: SourceCompiler, _ symbols: SymbolTable) {
      identities = saga.identities.prefix(255).enumerated().map { Identity($1, place: $0, compiler) }
      each = saga.identities.prefix(255).firstIndex(where: \.isEach)
      parent = compiler.compile(saga.parentSources)
      steps = compiler.compile(saga.stepSources)
      error = compiler.compile(saga.errorSources, whole: true)
      product = compiler.compile(saga.productSources)
      rules = RuleIndex(saga.events, symbols: symbols)
      conditions = saga.events.map { rule in rule.conditions.map { Condition($0, compiler) } }
      aliases = saga.steps.flatMap { step in
        step.aliases.compactMap { alias in (try? NamePattern(alias)).map { ($0, symbols.symbol(step.name)) } }
      }
    }
  }

  /// Data used for each message, without references.
  struct Shortcuts: Sendable {
    struct Definition: Sendable {
      /// Path of the id if it is the only one, accepts any value and identifies one saga; otherwise negative.
      var onlyID: Int32 = -1
      var hasParent: Bool
      var hasDetails: Bool
      /// Path of the error if the definition reads no steps and no product; otherwise negative.
      var onlyError: Int32 = -1
    }

    var type: SourceShortcut
    var time: SourceShortcut
    var id: SourceShortcut
    var node: SourceShortcut
    var version: SourceShortcut
    var trace: SourceShortcut
    var hasTimeFormat: Bool
    var hasTimeZone: Bool
    var definitions: [Definition]
  }

  let plan: JSONPlan
  /// Fields that contain JSON as text, and the paths to read in this text; `nil` if there are none.
  let envelope: [CompiledSource]
  let openedPlan: JSONPlan?
  /// The paths to read in JSON keys; `nil` if there are none.
  let keyPlan: JSONPlan?
  let type: SourceList
  let time: SourceList
  let timeFormat: TimeFormat?
  let timeZone: ZoneOffsets?
  let id: SourceList
  let node: SourceList
  let version: SourceList
  let trace: SourceList
  let definitions: [Definition]
  let shortcuts: Shortcuts
  /// Names of events that have rules, at most 1,000.
  let eventNames: [String]
  /// CloudEvents in structured mode. The other members count only if `specversion` is present.
  let cloudVersion: CompiledSource
  let cloudType: CompiledSource
  let cloudTime: CompiledSource
  let cloudID: CompiledSource
  let cloudSource: CompiledSource

  package init(_ system: SystemDefinition, symbols: SymbolTable) {
    let compiler = SourceCompiler(envelopes: system.fields.envelope)
    let plan = compiler.plan
    envelope = SourceCompiler.plain(system.fields.envelope, plan)
    type = compiler.compile(system.fields.type)
    time = compiler.compile(system.fields.time, whole: true)
    timeFormat = system.fields.timeFormat
    timeZone = system.fields.timeZone
    id = compiler.compile(system.fields.id)
    node = compiler.compile(system.fields.node)
    version = compiler.compile(system.fields.version)
    trace = compiler.compile(system.fields.trace)
    definitions = system.sagas.map { Definition($0, compiler, symbols) }
    eventNames = Array(system.sagas.flatMap(\.events).map(\.type).prefix(1000))
    let cloud = SourceCompiler.plain(["specversion", "type", "time", "id", "source"].map { .path([$0]) }, plan)
    (cloudVersion, cloudType, cloudTime, cloudID, cloudSource) = (cloud[0], cloud[1], cloud[2], cloud[3], cloud[4])
    shortcuts = Shortcuts(
      type: type.shortcut, time: time.shortcut, id: id.shortcut, node: node.shortcut, version: version.shortcut,
      trace: trace.shortcut, hasTimeFormat: timeFormat != nil, hasTimeZone: timeZone != nil,
      definitions: definitions.map(\.shortcut))
    self.plan = plan
    openedPlan = compiler.openedPlan.pathCount > 0 ? compiler.openedPlan : nil
    keyPlan = compiler.keyPlan.pathCount > 0 ? compiler.keyPlan : nil
  }
}

extension CompiledFields.Definition {
  fileprivate var shortcut: CompiledFields.Shortcuts.Definition {
    var shortcut = CompiledFields.Shortcuts.Definition(hasParent: !parent.isEmpty, hasDetails: !hasNoDetails)
    if identities.count == 1, each == nil, identities[0].ignored.isEmpty {
      shortcut.onlyID = Int32(clamping: identities[0].sources.onlyPath)
    }
    if steps.isEmpty, product.isEmpty { shortcut.onlyError = Int32(clamping: error.onlyPath) }
    return shortcut
  }
}

extension CompiledFields.Condition {
  init(_ condition: EventRule.Condition, _ compiler: SourceCompiler) {
    let texts = condition.values.filter { !$0.isEmpty }
    self.init(
      sources: compiler.compile([condition.source]),
      values: texts.filter { RuleIndex.glob($0) == nil }.map { Array($0.utf8) },
      patterns: texts.compactMap(RuleIndex.glob),
      matchesNothing: texts.count < condition.values.count)
  }

  func holds(_ view: borrowing MessageView) -> Bool {
    guard let value = view.first(sources) else { return matchesNothing }
    if values.contains(where: { Bytes.equal(value, $0) }) { return true }
    guard !patterns.isEmpty else { return false }
    let text = Bytes.string(value)
    return patterns.contains { $0.matches(text) }
  }
}
