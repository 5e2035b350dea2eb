import Text

/// A circuit breaker refuses calls that the step needs.
enum CircuitRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    var causes: [Cause] = []
    if let service = situation.service, let circuit = service.circuits.first(where: \.state.isTrouble) {
      causes.append(cause(circuit, of: service, situation, strength: circuit.state == .halfOpen ? 75 : 88))
    }
    for service in situation.callers {
      guard let name = situation.service?.name ?? situation.focus?.service,
        let circuit = service.circuits.first(where: { $0.state.isTrouble && isNamed($0.name, after: name) })
      else { continue }
      causes.append(cause(circuit, of: service, situation, strength: 40))
    }
    return causes
  }

  /// `paymentService` is named after `payment-service`.
  static func isNamed(_ circuit: String, after service: String) -> Bool {
    let plain = { (text: String) in text.lowercased().filter { $0.isLetter || $0.isNumber } }
    return !circuit.isEmpty && plain(circuit) == plain(service)
  }

  private static func cause(
    _ circuit: CircuitRow, of service: ServiceRow, _ situation: Situation, strength: Int
  ) -> Cause {
    var text = circuit.state.phrase
    if let since = circuit.since {
      text += " for \(since.isAtLeast ? "at least " : "")\(Quantity.age(situation.now - since.time))"
    }
    if let rate = circuit.failureRate { text += ", \(Quantity.share(rate)) of its calls failed" }
    if let count = circuit.failureCount, count > 0 { text += ", \(count) failures" }
    return Cause(
      .circuitOpen, "circuit \(circuit.name) of \(service.name) is \(circuit.state.phrase)",
      [situation.evidence(text, source: "services", readAt: service.readAt)], strength: strength,
      suggestion: "look at what \(circuit.name) calls; the circuit closes by itself when that answers",
      subject: .service(service.name), effect: "circuit \(circuit.name) is \(circuit.state.phrase)")
  }
}
