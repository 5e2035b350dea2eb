import Text

/// The rules for judging an instance's response, in order of precedence.
struct InstanceJudge {
  /// A certificate that expires within this time is reported.
  static let certificateWarning = Duration.seconds(14 * 86_400)
  /// A projection in progress lags behind if its last update is older than this.
  static let projectionLimit = Duration.seconds(600)
  /// A response is slow above this multiple of the instance's p99, and above this absolute minimum.
  static let slowFactor = 3
  static let slowFloor = Duration.milliseconds(100)

  /// The configured limit.
  var slow: Duration?
  /// The instance's usual p99; `nil` with too few responses.
  var usual: Duration?

  func judge(_ outcome: ServiceSample.Outcome, at time: Timestamp) -> ServiceJudgement? {
    switch outcome {
    case .failed(let reason): ServiceJudgement(.down, reason)
    case .notAsked(let reason): ServiceJudgement(.unknown, reason)
    case .answered(let answer): judge(answer, at: time)
    case .metrics, .noMetrics: nil
    }
  }

  private func judge(_ answer: ServiceSample.Answer, at time: Timestamp) -> ServiceJudgement {
    if let said = word(answer) ?? status(answer) { return said }
    if let part = parts(answer.body, at: time) { return part }
    // 204 means success without content.
    if let problem = answer.body.problem, answer.status != 204 { return ServiceJudgement(.unknown, problem) }
    if isSlow(answer.phases.total) { return ServiceJudgement(.degraded, slowness(answer.phases.total)) }
    if let end = answer.certificateEnd, end - time < Self.certificateWarning {
      return ServiceJudgement(.degraded, "its certificate \(Self.expiry(end, at: time))")
    }
    return ServiceJudgement(.up, Self.summary(answer))
  }

  /// The word in the body for the overall health, if it is decisive.
  private func word(_ answer: ServiceSample.Answer) -> ServiceJudgement? {
    let body = answer.body
    switch body.meaning {
    case .down:
      let cause = Self.worst(body.components).map(Self.sentence) ?? body.detail
      return ServiceJudgement(.down, Self.joined("says \(body.status ?? "down")", answer, cause))
    case .unknown:
      return ServiceJudgement(.unknown, Self.joined("says \(body.status ?? "unknown")", answer, body.detail))
    case .degraded:
      let cause = Self.worst(body.components).map(Self.sentence) ?? body.detail
      return ServiceJudgement(.degraded, Self.joined("says \(body.status ?? "degraded")", answer, cause))
    case .up, nil: return nil
    }
  }

  /// The HTTP status, if it is not a success. A gateway responds with 503 for the services behind it.
  private func status(_ answer: ServiceSample.Answer) -> ServiceJudgement? {
    let code = answer.status
    switch code {
    case 200..<300: return nil
    case 300..<400:
      let place = answer.location.map { " to \($0)" } ?? ""
      return ServiceJudgement(.unknown, "redirects\(place) (HTTP \(code)), which is not followed")
    case 400 where Self.asksForCertificate(answer):
      return ServiceJudgement(.unknown, "does not let sagatop in without a client certificate (HTTP 400)")
    case 401, 403, 407: return ServiceJudgement(.unknown, "does not let sagatop in (HTTP \(code))")
    case 429: return ServiceJudgement(.unknown, "answers HTTP 429: too many requests, or a standby")
    case 500...:
      if answer.body.isGateway, answer.body.components.contains(where: { $0.meaning == .down }) { return nil }
      return ServiceJudgement(.down, Self.joined("answers HTTP \(code)", nil, answer.body.detail))
    default: return ServiceJudgement(.down, "answers HTTP \(code)")
    }
  }

  /// A part that does not work, in a body that reports overall success.
  private func parts(_ body: HealthBody, at time: Timestamp) -> ServiceJudgement? {
    if let worst = Self.worst(body.components) {
      let down = body.components.count { $0.meaning == .down }
      if body.isGateway, down == body.components.count {
        return ServiceJudgement(.down, "all \(down) services behind it are down: \(Self.sentence(worst))")
      }
      let more = down > 1 ? " (and \(down - 1) more)" : ""
      return ServiceJudgement(.degraded, "partly down: \(Self.sentence(worst))\(more)")
    }
    if let circuit = body.circuits.first(where: \.state.isRefusing) ?? body.circuits.first(where: \.state.isTrouble) {
      return ServiceJudgement(.degraded, "circuit \(Self.sentence(circuit))")
    }
    return body.projections.lazy.compactMap { Self.behind($0, at: time) }.first
  }

  func isSlow(_ latency: Duration) -> Bool {
    if let slow, latency > slow { return true }
    guard slow == nil, let usual, latency > Self.slowFloor else { return false }
    return latency > usual * Self.slowFactor
  }

  private func slowness(_ latency: Duration) -> String {
    let took = "slow: answered in \(Quantity.latency(latency))"
    return slow.map { "\(took), the limit is \(Quantity.latency($0))" }
      ?? "\(took), 99 % of its answers take up to \(Quantity.latency(usual))"
  }
}

extension InstanceJudge {
  /// The worst component; among equal ones the innermost, which contains the reason.
  private static func worst(_ components: [HealthBody.Component]) -> HealthBody.Component? {
    for meaning in [HealthWords.Meaning.down, .degraded] {
      let bad = components.filter { $0.meaning == meaning }
      let innermost = bad.first { one in !bad.contains { $0.name.hasPrefix("\(one.name)/") } }
      if let innermost { return innermost }
    }
    return nil
  }

  /// nginx has no separate status code for a missing client certificate.
  private static func asksForCertificate(_ answer: ServiceSample.Answer) -> Bool {
    String(decoding: answer.excerpt, as: UTF8.self).contains("No required SSL certificate was sent")
  }

  private static func sentence(_ component: HealthBody.Component) -> String {
    "\(component.name) is \(component.status)" + (component.detail.map { ": \($0)" } ?? "")
  }

  private static func sentence(_ circuit: HealthBody.Circuit) -> String {
    var text = "\(circuit.name) is \(circuit.state.phrase)"
    if let rate = circuit.failureRate { text += ", \(Quantity.share(rate)) of its calls failed" }
    if circuit.failureRate == nil, let count = circuit.failureCount, count > 0 { text += ", \(count) calls failed" }
    if let wait = circuit.retryAfter, wait > .zero { text += ", tries again in \(Quantity.age(wait))" }
    return text
  }

  private static func behind(_ projection: HealthBody.Projection, at time: Timestamp) -> ServiceJudgement? {
    guard projection.status.lowercased() != "up-to-date" else { return nil }
    let age = projection.updatedAt.map { max(.zero, time - $0) }
    if projection.status.lowercased() == "processing", age ?? .zero <= projectionLimit { return nil }
    let updated = age.map { ", last updated \(Quantity.age($0)) ago" } ?? ""
    return ServiceJudgement(.degraded, "projection \(projection.name) is \(projection.status)\(updated)")
  }

  private static func joined(_ text: String, _ answer: ServiceSample.Answer?, _ cause: String?) -> String {
    let code = answer.map { $0.status == 200 ? "" : " (HTTP \($0.status))" } ?? ""
    return text + code + (cause.map { ": \($0)" } ?? "")
  }

  private static func summary(_ answer: ServiceSample.Answer) -> String {
    if let status = answer.body.status { return "says \(status)" }
    if !answer.body.circuits.isEmpty { return "all circuits are closed" }
    if !answer.body.projections.isEmpty { return "all projections are up to date" }
    return "answers HTTP \(answer.status)"
  }

  static func expiry(_ end: Timestamp, at time: Timestamp) -> String {
    let days = (end - time).nanosecondsClamped / 86_400_000_000_000
    if end <= time { return "has expired" }
    return days == 0 ? "expires within a day" : days == 1 ? "expires in 1 day" : "expires in \(days) days"
  }
}

extension CircuitState {
  fileprivate var isRefusing: Bool { self == .open || self == .forcedOpen }
}
