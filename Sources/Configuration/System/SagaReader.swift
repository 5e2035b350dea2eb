import Core

/// Reads the definition of one kind of saga, and holds its parts against each other.
struct SagaReader {
  private static let mostIdentities = 255
  static let mostSteps = 1000

  let type: String
  let reading: ParseContext

  func read(_ node: YamlNode) -> SagaDefinition {
    var reader = MappingReader(node, "the saga `\(type)`", reading)
    defer { reader.finish() }
    let ids = reader.take("ids")
    var saga = SagaDefinition(type: type, identities: ids.map(identities) ?? [])
    if ids == nil { reading.add(node.mark, "the saga `\(type)` needs `ids`, such as {orderId: [orderId, key]}") }
    saga.coordination = reader.oneOf("coordination", SagaDefinition.Coordination.self) ?? .choreography
    saga.steps = reader.take("steps").map(steps) ?? []
    saga.errorSources = reader.sources("error")
    saga.productSources = reader.sources("product")
    saga.parentSources = reader.sources("parent")
    saga.compensationDeadline = reader.duration("compensationDeadline")
    readEvents(reader.take("events"), into: &saga, node.mark)
    if let actions = reader.take("actions") { saga.actions = ActionsReader(saga: saga, reading: reading).read(actions) }
    return saga
  }

  private func readEvents(_ node: YamlNode?, into saga: inout SagaDefinition, _ mark: YamlNode.Mark) {
    guard let node else { return reading.add(mark, "the saga `\(type)` needs `events`") }
    var rules = EventRuleReader(steps: saga.steps.map(\.name), reading: reading)
    saga.events = rules.read(node)
    saga.stepSources = rules.stepSources
    if saga.steps.isEmpty { saga.steps = rules.namedSteps.map { StepDefinition(name: $0) } }
    if !canComplete(saga) {
      reading.add(
        node.mark,
        "the saga `\(type)` never completes: an event needs `ends: completed`, or each step that is not optional one that `completes` it"
      )
    }
  }

  /// By an event that says so, or else by all steps that must be done.
  private func canComplete(_ saga: SagaDefinition) -> Bool {
    if saga.events.contains(where: { $0.ends == .completed }) { return true }
    let completed = saga.events.flatMap(\.effects).filter { $0.transition == .completes }.map(\.step)
    let mandatory = saga.steps.filter { !$0.isOptional }
    let isCarried = completed.contains(.carried) && !saga.stepSources.isEmpty
    return !mandatory.isEmpty && (isCarried || mandatory.allSatisfy { completed.contains(.named($0.name)) })
  }

  private func identities(_ node: YamlNode) -> [SagaDefinition.Identity] {
    var reader = MappingReader(node, "`ids`", reading)
    let members = reader.takeAll()
    if members.isEmpty, case .mapping = node.content { reading.add(node.mark, "`ids`: expected at least one") }
    if members.count > Self.mostIdentities {
      reading.add(node.mark, "`ids`: expected at most \(Self.mostIdentities), found \(members.count)")
    }
    let identities = members.prefix(Self.mostIdentities).map { _, name, value in identity(name, value) }
    if identities.count(where: \.isEach) > 1 {
      reading.add(node.mark, "`ids`: `each` can be true of one kind of id only")
    }
    return identities
  }

  /// Its sources, or a mapping with them.
  private func identity(_ name: String, _ node: YamlNode) -> SagaDefinition.Identity {
    guard case .mapping = node.content else {
      return SagaDefinition.Identity(name: name, sources: reading.sources(node, name))
    }
    var reader = MappingReader(node, "the id `\(name)`", reading)
    defer { reader.finish() }
    let sources = reader.take("from")
    if sources == nil { reading.add(node.mark, "the id `\(name)` needs `from`, such as items.*.orderId") }
    return SagaDefinition.Identity(
      name: name, sources: sources.map { reading.sources($0, "from") } ?? [], isEach: reader.bool("each") ?? false)
  }

  private func steps(_ node: YamlNode) -> [StepDefinition] {
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
      if !step.name.isEmpty, !names.insert(step.name).inserted {
        reading.add(item.mark, "the step `\(step.name)` stands here twice")
      }
      return step
    }
  }

  /// A name alone, or a mapping with one.
  private func step(_ node: YamlNode) -> StepDefinition {
    if case .scalar = node.content { return StepDefinition(name: reading.word(node, "steps") ?? "") }
    var reader = MappingReader(node, "a step", reading)
    defer { reader.finish() }
    let name = reader.take("name")
    if name == nil, case .mapping = node.content { reading.add(node.mark, "a step needs a `name`") }
    var step = StepDefinition(
      name: name.flatMap { reading.word($0, "name") } ?? "", service: reader.string("service"),
      topic: reader.string("topic"), group: reader.string("group"),
      deadline: reader.duration("deadline"), isOptional: reader.bool("optional") ?? false,
      isParallel: reader.bool("parallel") ?? false)
    step.waitsForPerson = reader.oneOf("waitsFor", Awaited.self) == .person
    return step
  }

  private enum Awaited: String, CaseIterable {
    case person
  }
}
