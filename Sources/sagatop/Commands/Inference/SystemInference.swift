import Clients
import Collectors
import Configuration
import Core
import Text

/// Infers a system's sagas if no configuration defines them.
enum SystemInference {
  /// Settings with the inferred sagas.
  struct Result {
    var settings: Settings
    /// Every source could be read. Otherwise the inference must be repeated when they can.
    var isWhole = true
  }

  /// Reads the existing messages and prints a summary to standard error. Settings with known sagas are returned unchanged.
  static func settled(_ settings: Settings, atMost timeout: Duration) throws(ConfigurationError) -> Result {
    guard settings.origin == .none else { return Result(settings: settings) }
    let wakeup: WakeUp
    do throws(CommandFailure) { wakeup = try WakeUp.make() } catch { throw ConfigurationError([error.message]) }
    let watch = try Monitor(settings, reads: SourceKind.eventSources) { wakeup.ring() }
    watch.start()
    let end = SteadyClock.now() + timeout
    while let sampler = watch.sampler, !sampler.isComplete, SteadyClock.now() < end {
      wakeup.wait(atMost: min(.milliseconds(200), end - SteadyClock.now()))
    }
    let inferred =
      watch.sampler?.infer(name: settings.system.name) ?? Inference.system(of: SampleSet(), name: settings.system.name)
    let isRead = watch.sampler?.isComplete ?? true
    // The sample of a large topic that is still being read is sufficient. A failing source may contain the relevant messages.
    let isInTrouble = watch.store.sources.contains { $0.phase == .down || $0.phase == .connecting }
    watch.stop()
    let hint = inferred.messages > 0 ? "; `sagatop init` writes it as a configuration" : ""
    Output.complain(summary(inferred) + hint)
    return Result(settings: settings.inferred(inferred), isWhole: isRead || !isInTrouble && !inferred.sagas.isEmpty)
  }

  /// "inferred from 1,204 messages of 9 topics: order (212 sagas by orderId)".
  static func summary(_ inferred: InferredSystem) -> String {
    guard inferred.messages > 0 else { return "nothing was inferred: no message was read" }
    let unfound = inferred.unfound.map { "`\(FieldSourceText.text($0))`" }.joined(separator: ", ")
    let note = unfound.isEmpty ? "" : "; nothing was found at \(unfound)"
    let looked = "\(Quantity.grouped(inferred.messages)) messages of \(inferred.topics.count) topics\(note)"
    guard !inferred.sagas.isEmpty else {
      let ids = inferred.likelyIDs.map { "`\(FieldSourceText.text($0))`" }.joined(separator: ", ")
      return "no sagas found in \(looked)\(ids.isEmpty ? "" : "; `--id` names where an id lies: perhaps \(ids)")"
    }
    let sagas = inferred.sagas.map { saga in
      let ids = saga.identities.map(\.name).joined(separator: ", ")
      return "\(saga.definition.type) (\(Quantity.grouped(saga.flows)) sagas by \(ids))"
    }
    return "inferred from \(looked): \(sagas.joined(separator: "; "))"
  }
}

extension Settings {
  /// Whether the sagas or field sources differ from the inferred ones.
  func differs(from inferred: InferredSystem) -> Bool {
    system.sagas != inferred.system.sagas || system.fields != inferred.system.fields
  }

  /// The settings with the inferred sagas and fields, and the configured Redis keys.
  func inferred(_ inferred: InferredSystem) -> Settings {
    var settings = self
    settings.origin = .inference
    settings.inference = InferenceView(inferred)
    settings.system.fields = inferred.system.fields
    settings.system.sagas = inferred.system.sagas
    return settings
  }
}
