import Core

/// Reads the description of a system: a preset's file, or the same keys in a context.
struct SystemReader {
  let diagnostics: Diagnostics
  let secrets: SecretResolver

  /// `nil` when something is wrong, which is then reported.
  func read(_ node: YamlNode) -> SystemDefinition {
    var reader = MappingReader(node, "a system", diagnostics, secrets)
    let name = reader.string("name") ?? ""
    let topics = topics(&reader)
    let fields = reader.take("fields").map(fields) ?? EventFields()
    let sagas = reader.take("sagas").map(sagas) ?? []
    reader.finish()
    return SystemDefinition(name: name, topics: topics, fields: fields, sagas: sagas)
  }

  func topics(_ reader: inout MappingReader) -> [String] {
    reader.texts("topics").compactMap { text, mark in
      do throws(NamePattern.Invalid) {
        _ = try NamePattern(text)
        return text
      } catch {
        diagnostics.add(mark, "`topics`: \(error.message)")
        return nil
      }
    }
  }

  private func fields(_ node: YamlNode) -> EventFields {
    var reader = MappingReader(node, "`fields`", diagnostics, secrets)
    defer { reader.finish() }
    return EventFields(
      type: sources("type", &reader), time: sources("time", &reader), id: sources("id", &reader),
      node: sources("node", &reader))
  }

  private func sources(_ name: String, _ reader: inout MappingReader) -> [FieldSource] {
    reader.texts(name).compactMap { source($0.text, $0.mark, name) }
  }

  private func source(_ text: String, _ mark: YamlNode.Mark, _ name: String) -> FieldSource? {
    if let source = FieldSourceText.parse(text) { return source }
    diagnostics.add(mark, "`\(name)`: expected a path such as data.orderId, header:NAME, key or topic, found `\(text)`")
    return nil
  }

  func sagas(_ node: YamlNode) -> [SagaDefinition] {
    var reader = MappingReader(node, "`sagas`", diagnostics, secrets)
    return reader.takeAll().map { saga($0.key.scalar ?? "", $0.value) }
  }

  private func saga(_ type: String, _ node: YamlNode) -> SagaDefinition {
    var reader = MappingReader(node, "the saga `\(type)`", diagnostics, secrets)
    var saga = SagaDefinition(type: type, identities: reader.take("ids").map(identities) ?? [])
    if saga.identities.isEmpty { diagnostics.add(node.mark, "the saga `\(type)` needs `ids`") }
    saga.coordination = reader.oneOf("coordination", SagaDefinition.Coordination.self) ?? .choreography
    saga.steps = reader.take("steps").map(steps) ?? []
    saga.stepSources = sources("stepFrom", &reader)
    saga.errorSources = sources("errorFrom", &reader)
    saga.compensationDeadline = reader.duration("compensationDeadline")
    let rules = EventRuleReader(diagnostics: diagnostics, secrets: secrets, steps: saga.steps.map(\.name))
    saga.events = reader.take("events").map(rules.read) ?? []
    if saga.events.isEmpty { diagnostics.add(node.mark, "the saga `\(type)` needs `events`") }
    reader.finish()
    return saga
  }

  private func identities(_ node: YamlNode) -> [SagaDefinition.Identity] {
    var reader = MappingReader(node, "`ids`", diagnostics, secrets)
    let members = reader.takeAll()
    if members.count > 255 { diagnostics.add(node.mark, "`ids`: more than 255") }
    return members.prefix(255).map { key, value in
      let name = key.scalar ?? ""
      let items: [YamlNode]
      if case .sequence(let list) = value.content { items = list } else { items = [value] }
      let texts = items.compactMap { item in reader.text(item, "`\(name)`").map { ($0, item.mark) } }
      return SagaDefinition.Identity(name: name, sources: texts.compactMap { source($0.0, $0.1, name) })
    }
  }

  private func steps(_ node: YamlNode) -> [StepDefinition] {
    guard case .sequence(let items) = node.content else {
      diagnostics.add(node.mark, "`steps`: expected a list, found \(node.kind)")
      return []
    }
    var names: Set<String> = []
    return items.map { item in
      let step = step(item)
      if !names.insert(step.name).inserted { diagnostics.add(item.mark, "the step `\(step.name)` stands here twice") }
      return step
    }
  }

  private func step(_ node: YamlNode) -> StepDefinition {
    if let name = node.scalar { return StepDefinition(name: name) }
    var reader = MappingReader(node, "a step", diagnostics, secrets)
    defer { reader.finish() }
    let name = reader.string("name")
    if name == nil { diagnostics.add(node.mark, "a step needs a `name`") }
    return StepDefinition(
      name: name ?? "", service: reader.string("service"), topic: reader.string("topic"), group: reader.string("group"),
      deadline: reader.duration("deadline"), isOptional: reader.bool("optional") ?? false)
  }
}
