import Core

/// The parts of a preset that a context changes; `doctor` lists them.
enum PresetChanges {
  /// A line for the fields, and one for each saga.
  static func lines(_ system: SystemDefinition, over preset: SystemDefinition) -> [String] {
    var lines: [String] = []
    func add(_ what: String, _ parts: [String]) {
      if !parts.isEmpty {
        lines.append("the context changes of \(what) of preset \(preset.name): \(parts.joined(separator: ", "))")
      }
    }
    add("`fields`", fields(system.fields, preset.fields))
    for saga in system.sagas {
      guard let base = preset.sagas.first(where: { $0.type == saga.type }) else {
        lines.append("the context adds the saga `\(saga.type)` to preset \(preset.name)")
        continue
      }
      add("the saga `\(saga.type)`", parts(saga, base))
    }
    return lines
  }

  private static func fields(_ new: EventFields, _ old: EventFields) -> [String] {
    let parts = [
      ("type", new.type == old.type), ("time", new.time == old.time), ("time.format", new.timeFormat == old.timeFormat),
      ("time.zone", new.timeZone == old.timeZone), ("id", new.id == old.id), ("node", new.node == old.node),
      ("version", new.version == old.version), ("envelope", new.envelope == old.envelope),
      ("trace", new.trace == old.trace),
    ]
    return parts.filter { !$0.1 }.map(\.0)
  }

  private static func parts(_ new: SagaDefinition, _ old: SagaDefinition) -> [String] {
    let single = [
      ("coordination", new.coordination == old.coordination), ("error", new.errorSources == old.errorSources),
      ("product", new.productSources == old.productSources), ("parent", new.parentSources == old.parentSources),
      ("compensationDeadline", new.compensationDeadline == old.compensationDeadline),
    ]
    let types = Set(new.events.map(\.type)).union(old.events.map(\.type)).sorted()
    let events = types.filter { type in
      new.events.filter { $0.type == type } != old.events.filter { $0.type == type }
    }
    return changed(new.identities, old.identities, \.name).map { "id \($0)" }
      + changed(new.steps, old.steps, \.name).map { "step \($0)" } + events.map { "event \($0)" }
      + changed(new.actions, old.actions, \.name.rawValue).map { "action \($0)" } + single.filter { !$0.1 }.map(\.0)
  }

  /// The names of those that are new, gone or different.
  private static func changed<Part: Equatable>(_ new: [Part], _ old: [Part], _ name: (Part) -> String) -> [String] {
    let names = new.map(name)
    return new.filter { !old.contains($0) }.map(name) + old.map(name).filter { !names.contains($0) }
  }
}
