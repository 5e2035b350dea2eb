/// All that is known about the health of services, over time. Not safe on several threads: `Store` guards it.
struct ServiceState {
  struct Entry {
    let definition: ServiceDefinition
    var instances: [InstanceState]
    var verdict = VerdictHistory()
  }

  private(set) var services: [Entry]
  private let places: [String: Int]

  init(_ definitions: [ServiceDefinition] = []) {
    services = definitions.map { service in
      Entry(definition: service, instances: service.instances.map { InstanceState($0, of: service) })
    }
    places = Dictionary(definitions.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// A reading of something that is not defined is ignored.
  mutating func note(_ reading: ServiceSample) {
    guard let place = places[reading.service], services[place].instances.indices.contains(reading.instance) else {
      return
    }
    services[place].instances[reading.instance].note(reading)
    // Of a service whose instances are not all known yet no verdict holds since an instant.
    guard services[place].instances.allSatisfy({ $0.readAt != nil }) else { return }
    services[place].verdict.note(
      Self.judgement(of: services[place].instances, at: reading.time), at: reading.time)
  }

  func place(of name: String) -> Int? { places[name] }

  /// Of a service, from its instances: down when all of those that are known are.
  static func judgement(of instances: [InstanceState], at now: Timestamp) -> ServiceJudgement {
    let judged = instances.map { (instance: $0, judgement: $0.judgement(at: now)) }
    guard let worst = judged.max(by: { $0.judgement.verdict < $1.judgement.verdict }) else {
      return ServiceJudgement(.unknown, "it has no instances")
    }
    guard judged.count > 1, worst.judgement.verdict != .up else { return worst.judgement }
    let verdict = worst.judgement.verdict
    let alike = judged.count { $0.judgement.verdict == verdict }
    let isWhole = alike == judged.count
    let place = worst.instance.definition.node ?? worst.instance.definition.url
    let count =
      isWhole ? "all \(alike) instances are" : "\(alike) of \(judged.count) instances \(alike == 1 ? "is" : "are")"
    let reason = "\(count) \(verdict.rawValue): \(place): \(worst.judgement.reason)"
    return ServiceJudgement(verdict == .down && !isWhole ? .degraded : verdict, reason)
  }
}
