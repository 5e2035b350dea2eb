import Core
import Text

/// Reads the definition of one saga type, or the differences to a preset's, and checks its consistency.
struct SagaReader {
  private static let mostIdentities = 255
  static let mostSteps = 1000

  let type: String
  let reading: ParseContext
  /// The defaults. `nil` if there is no base definition.
  var base: SagaDefinition?
  /// Added to errors about missing parts: why there is no base definition.
  var hint = ""

  func read(_ node: YamlNode) -> SagaDefinition {
    var reader = MappingReader(node, "the saga `\(type)`", reading)
    defer { reader.finish() }
    var saga = base ?? SagaDefinition(type: type, identities: [])
    readIdentities(reader.take("ids"), into: &saga, node.mark)
    saga.coordination = reader.oneOf("coordination", SagaDefinition.Coordination.self) ?? saga.coordination
    if let steps = reader.take("steps") { saga.steps = self.steps(steps) }
    if let sources = reader.given("error") { saga.errorSources = sources }
    if let sources = reader.given("product") { saga.productSources = sources }
    if let sources = reader.given("parent") { saga.parentSources = sources }
    saga.isCompletedBySteps = reader.bool("completedBySteps") ?? saga.isCompletedBySteps
    saga.compensationDeadline = reader.duration("compensationDeadline") ?? saga.compensationDeadline
    readEvents(reader.take("events"), into: &saga, node.mark)
    if let actions = reader.take("actions") {
      for action in ActionsReader(saga: saga, reading: reading).read(actions) {
        saga.actions.replace(with: action) { $0.name.rawValue }
      }
    }
    return saga
  }

  private func readEvents(_ node: YamlNode?, into saga: inout SagaDefinition, _ mark: YamlNode.Mark) {
    guard let node else {
      if base == nil { reading.add(mark, "the saga `\(type)` needs `events`\(hint)") }
      return
    }
    var rules = EventRuleReader(steps: saga.steps, stepSources: saga.stepSources, reading: reading)
    saga.events = Self.laid(rules.read(node), over: saga.events)
    saga.stepSources = rules.stepSources
    if saga.steps.isEmpty { saga.steps = rules.namedSteps.map { StepDefinition(name: $0) } }
    if !canComplete(saga) {
      reading.add(
        node.mark,
        "the saga `\(type)` never completes: an event needs `ends: completed`, or each step that is not optional one that `completes` it; "
          + "`completedBySteps: false` says that nothing tells it"
      )
    }
  }

  /// Whether a saga can complete: by an event or by its mandatory steps. True if completion by steps is disabled.
  private func canComplete(_ saga: SagaDefinition) -> Bool {
    if !saga.isCompletedBySteps { return true }
    if saga.events.contains(where: { $0.ends == .completed || $0.ends == .ended }) { return true }
    let completed = saga.events.flatMap(\.effects).filter { $0.transition == .completes }.map(\.step)
    let mandatory = saga.steps.filter { !$0.isOptional }
    let isCarried = completed.contains(.carried) && !saga.stepSources.isEmpty
    return !mandatory.isEmpty && (isCarried || mandatory.allSatisfy { completed.contains(.named($0.name)) })
  }

  /// The rules of a type replace all existing rules of that type, or are appended.
  private static func laid(_ new: [(type: String, rules: [EventRule])], over old: [EventRule]) -> [EventRule] {
    let rules = Dictionary(new, uniquingKeysWith: { $1 })
    var placed: Set<String> = []
    let kept = old.flatMap { rule -> [EventRule] in
      guard let others = rules[rule.type] else { return [rule] }
      return placed.insert(rule.type).inserted ? others : []
    }
    return kept + new.filter { !placed.contains($0.type) }.flatMap(\.rules)
  }

  private func readIdentities(_ node: YamlNode?, into saga: inout SagaDefinition, _ mark: YamlNode.Mark) {
    guard let node else {
      if base == nil { reading.add(mark, "the saga `\(type)` needs `ids`, such as {orderId: [orderId, key]}\(hint)") }
      return
    }
    var reader = MappingReader(node, "`ids`", reading)
    let members = reader.takeAll()
    if members.isEmpty, case .mapping = node.content { reading.add(node.mark, "`ids`: expected at least one") }
    for (_, name, value) in members {
      guard case .null = value.content else {
        saga.identities.replace(with: identity(name, value)) { $0.name }
        continue
      }
      saga.identities.removeAll { $0.name == name }
    }
    if saga.identities.count > Self.mostIdentities {
      reading.add(node.mark, "`ids`: expected at most \(Self.mostIdentities), found \(saga.identities.count)")
    }
    if saga.identities.count(where: \.isEach) > 1 {
      reading.add(node.mark, "`ids`: only one id can have `each: true`")
    }
  }

  /// A list of sources, or a mapping that may omit them to use those of the preset.
  private func identity(_ name: String, _ node: YamlNode) -> SagaDefinition.Identity {
    guard case .mapping = node.content else {
      return SagaDefinition.Identity(name: name, sources: reading.sources(node, name))
    }
    var reader = MappingReader(node, "the id `\(name)`", reading)
    defer { reader.finish() }
    let known = base?.identities.first { $0.name == name }
    var identity = known ?? SagaDefinition.Identity(name: name, sources: [])
    if let sources = reader.given("from") {
      identity.sources = sources
    } else if known == nil {
      reading.add(node.mark, "the id `\(name)` needs `from`, such as items.*.orderId")
    }
    identity.isEach = reader.bool("each") ?? identity.isEach
    if let ignored = reader.take("ignore") { identity.ignored = self.ignored(ignored) }
    return identity
  }

  private func ignored(_ node: YamlNode) -> [String] {
    let items: [YamlNode] = if case .sequence(let items) = node.content { items } else { [node] }
    return items.compactMap { item in
      if case .null = item.content { return nil }
      return reading.text(item, "ignore")
    }
  }

  /// A list of all steps, or a mapping with the differences to the preset's.
  private func steps(_ node: YamlNode) -> [StepDefinition] {
    if case .mapping = node.content, base != nil { return changedSteps(node) }
    guard case .sequence(let items) = node.content else {
      reading.add(node.mark, "`steps`: expected a list, found \(node.kind)")
      return []
    }
    if items.count > Self.mostSteps {
      reading.add(node.mark, "`steps`: expected at most \(Self.mostSteps), found \(items.count)")
    }
    var names: Set<String> = []
    return items.prefix(Self.mostSteps).map { item in
      let step = step(item)
      for name in [step.name] + step.aliases where !name.isEmpty && !names.insert(name).inserted {
        reading.add(item.mark, "the step `\(name)` is listed twice")
      }
      return step
    }
  }

  private func changedSteps(_ node: YamlNode) -> [StepDefinition] {
    var steps = base?.steps ?? []
    var reader = MappingReader(node, "`steps`", reading)
    for (key, name, value) in reader.takeAll() {
      guard let place = steps.firstIndex(where: { $0.name == name }) else {
        reading.add(
          key.mark, "`\(name)` is none of the preset's steps\(NearestWord.hint(name, among: steps.map(\.name)))")
        continue
      }
      var reader = MappingReader(value, "the step `\(name)`", reading)
      readStep(&reader, into: &steps[place])
      reader.finish()
    }
    return steps
  }

  /// A name, or a mapping with a name.
  private func step(_ node: YamlNode) -> StepDefinition {
    if case .scalar = node.content { return StepDefinition(name: reading.name(node, "steps", isOwn: true) ?? "") }
    var reader = MappingReader(node, "a step", reading)
    defer { reader.finish() }
    let name = reader.take("name")
    if name == nil, case .mapping = node.content { reading.add(node.mark, "a step needs a `name`") }
    var step = StepDefinition(name: name.flatMap { reading.name($0, "name", isOwn: true) } ?? "")
    readStep(&reader, into: &step)
    return step
  }

  private func readStep(_ reader: inout MappingReader, into step: inout StepDefinition) {
    if let names = reader.take("is") { step.aliases = reading.words(names, "is").map(\.text) }
    step.service = reader.take("service").flatMap { reading.name($0, "service") } ?? step.service
    step.topic = reader.take("topic").flatMap { reading.name($0, "topic") } ?? step.topic
    step.group = reader.take("group").flatMap { reading.name($0, "group") } ?? step.group
    step.deadline = reader.duration("deadline") ?? step.deadline
    step.isOptional = reader.bool("optional") ?? step.isOptional
    step.isParallel = reader.bool("parallel") ?? step.isParallel
    if reader.oneOf("waitsFor", Awaited.self) == .person { step.waitsForPerson = true }
  }

  private enum Awaited: String, CaseIterable {
    case person
  }
}

extension MappingReader {
  /// Sources that replace the defaults. `nil` if not given.
  mutating func given(_ name: String) -> [FieldSource]? {
    take(name).map { reading.sources($0, name) }
  }
}

extension Array {
  /// Replaces the element with the same name, or appends the new one.
  mutating func replace(with new: Element, _ name: (Element) -> String) {
    if let place = firstIndex(where: { name($0) == name(new) }) { self[place] = new } else { append(new) }
  }
}
