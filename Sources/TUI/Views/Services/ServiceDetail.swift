import Core
import Text

/// The facts about a service or an instance, in short sentences, the most important first.
struct ServiceDetail {
  let line: ServiceLine
  let now: Timestamp
  let glyphs: Glyphs
  private var style: ServiceStyle { ServiceStyle(glyphs: glyphs) }

  /// "payment-service: says DOWN (HTTP 503): db is DOWN, 4m20s".
  var headline: StyledLine {
    var text = StyledLine(
      Truncation.middle(line.service.name, columns: 32, ellipsis: glyphs.ellipsis), .heading, .strong)
    if let instance = line.instance { text.add(" \(instance.node ?? instance.url)", .dim) }
    text.add(": ")
    text.add(line.reason, style.sentenceRole(line.verdict))
    if line.since != nil { text.add(", for \(ServiceStyle.age(line.since, now: now))", .dim) }
    return text
  }

  var rest: [StyledLine] { [flapping, pods, circuits, metrics, url].compactMap { $0 } }

  var flapping: StyledLine? {
    line.isFlapping
      ? StyledLine("\(glyphs.compensating) flapping: down and back again and again in the last five minutes", .warning)
      : nil
  }

  /// "pods 2/3 ready, 4 restarts, rolling out 1.4: 1 of 2 ready; payment-7f9 was OOMKilled 40s ago".
  var pods: StyledLine? {
    guard line.instance == nil, let pods = line.service.pods else { return nil }
    var text = StyledLine("pods  ", .dim)
    text.add("\(pods.count) ready", pods.ready < pods.members.count ? .warning : .text)
    if pods.restarts > 0 { text.add(", \(Quantity.counted(pods.restarts, "restart"))", .dim) }
    if let rollout = pods.rollout { text.add(", \(rollout.phrase)", .accent) }
    if let pod = pods.pods.first(where: { $0.trouble != nil }) {
      text.add("; \(pod.pod.id.name) \(pod.trouble ?? "")", PodStyle.role(pod.state))
    }
    return text
  }

  /// "circuits ✖ gateway open for 12s, 60.0 % failed   ● stock closed".
  var circuits: StyledLine? {
    guard !line.circuits.isEmpty else { return nil }
    var text = StyledLine("circuits", .dim)
    for circuit in line.circuits.prefix(5) {
      text.add("  ")
      text.add(Self.sentence(circuit, now: now, look: style), style.role(circuit.state))
    }
    return text
  }

  static func sentence(_ circuit: CircuitRow, now: Timestamp, look: ServiceStyle) -> String {
    var text = "\(look.glyph(circuit.state)) \(circuit.name) \(circuit.state.phrase)"
    if circuit.since != nil { text += " for \(ServiceStyle.age(circuit.since, now: now))" }
    if let rate = circuit.failureRate {
      let limit = circuit.threshold.map { " (opens at \(Quantity.share($0)))" } ?? ""
      text += ", \(Quantity.share(rate)) failed\(limit)"
    } else if let count = circuit.failureCount {
      text += ", \(count) failed"
    }
    if let wait = circuit.retryAfter, wait > .zero { text += ", tries again in \(Quantity.age(wait))" }
    return text
  }

  var metrics: StyledLine? {
    guard let metrics = line.single?.metrics else { return nil }
    return Self.text(metrics)
  }

  static func text(_ metrics: MetricsState) -> StyledLine {
    var text = StyledLine("metrics  ", .dim)
    if let error = metrics.error {
      text.add(error, .warning)
      return text
    }
    text.add("\(Quantity.rate(metrics.rate))  \(Quantity.share(metrics.errorShare)) errors  ")
    text.add("p50 \(Quantity.latency(metrics.p50))  p95 \(Quantity.latency(metrics.p95))")
    for gauge in metrics.gauges { text.add("  \(gauge.name) \(number(gauge.value))") }
    if let note = metrics.note { text.add("  \(note)", .warning) }
    if metrics.badLines > 0 { text.add("  \(Quantity.counted(metrics.badLines, "line")) not understood", .warning) }
    return text
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : Quantity.decimal(value, digits: 3)
  }

  private var url: StyledLine? {
    guard let instance = line.single else { return nil }
    var text = StyledLine(instance.url, .dim)
    if let readAt = instance.readAt { text.add("  read \(Quantity.age(now - readAt)) ago", .dim) }
    return text
  }
}
