import Clients
import Collectors
import Configuration
import Core
import Reports
import Text

/// Findings about the Kafka cluster.
struct KafkaFindings {
  private static let area = "kafka"
  /// Maximum number of broker certificates to read.
  private static let mostAsked = 20
  /// Maximum clock difference. Deadlines are measured in seconds.
  private static let allowedOffset = Duration.seconds(2)

  let settings: Settings

  func findings(_ result: Result<KafkaExamination, KafkaError>) -> [Finding] {
    switch result {
    case .failure(let error):
      let text = settings.secrets.mask(error.description)
      return [Finding(Self.area, .failed, "no broker responds: \(text)", advice: "check address, TLS and SASL")]
    case .success(let examination):
      let count = examination.brokers.count
      let brokers = "\(count) broker\(count == 1 ? "" : "s") (\(examination.brokers.joined(separator: ", ")))"
      let reached = Finding(Self.area, .ok, "\(brokers), response time \(Quantity.latency(examination.latency))")
      return [reached] + certificates(of: examination.brokers) + topics(examination.topics)
        + [clock(examination.clockOffset)]
    }
  }

  /// Reads the certificate of each broker once, if TLS is used.
  private func certificates(of brokers: [String]) -> [Finding] {
    let access = KafkaAccess(brokers: settings.kafka.brokers, properties: settings.kafka.properties)
    let now = SystemClock.now()
    return brokers.prefix(Self.mostAsked).compactMap { broker in
      guard let certificate = BrokerCertificate.ask(broker, access), let end = certificate.end else { return nil }
      guard let expiry = certificate.expiry(at: now) else {
        return Finding(Self.area, .ok, "certificate of broker \(broker) is valid until \(end.iso8601.prefix(10))")
      }
      return Finding(
        Self.area, end <= now ? .failed : .warning, "certificate of broker \(broker) \(expiry)",
        advice: "renew it at the broker (its keystore)")
    }
  }

  private func topics(_ topics: [KafkaExamination.Topic]) -> [Finding] {
    let readable = topics.filter { $0.access == .readable }
    var findings = topics.compactMap(trouble)
    if readable.isEmpty {
      let patterns = settings.system.topics.joined(separator: ", ")
      findings.append(
        Finding(
          Self.area, .failed, "no readable topic matches: \(patterns)",
          advice: "check the brokers and the preset"))
    } else {
      findings.insert(Finding(Self.area, .ok, "\(readable.count) of \(topics.count) topics can be read"), at: 0)
    }
    return findings
  }

  private func trouble(_ topic: KafkaExamination.Topic) -> Finding? {
    switch topic.access {
    case .readable: nil
    case .refused(let operation):
      Finding(
        Self.area, .failed, "topic \(topic.name): \(operation) is not allowed",
        advice: Self.grant(operation, "--topic \(topic.name)", settings))
    case .absent:
      Finding(
        Self.area, .warning, "topic \(topic.name) does not exist, or its metadata is not permitted",
        advice: "if it exists: " + Self.grant("Describe", "--topic \(topic.name)", settings))
    case .silent: Finding(Self.area, .failed, "topic \(topic.name): its brokers do not respond")
    case .failed(let text): Finding(Self.area, .failed, "topic \(topic.name): \(text)")
    }
  }

  private func clock(_ offset: Duration?) -> Finding {
    guard let offset else {
      return Finding(Self.area, .note, "no message arrived during the check: the broker's clock is unknown")
    }
    let milliseconds = offset.milliseconds.rounded()
    let text = "the clock of messages is \(Int(abs(milliseconds))) ms \(milliseconds < 0 ? "behind" : "ahead of") ours"
    let isFar = offset > Self.allowedOffset || offset < .zero - Self.allowedOffset
    return isFar
      ? Finding(
        Self.area, .warning, text, advice: "ages and deadlines are wrong by this amount: synchronise the clocks")
      : Finding(Self.area, .ok, text)
  }

  /// The command that grants permissions.
  static let grants = "kafka-acls"

  /// The command that grants the missing permission.
  static func grant(_ operation: String, _ resource: String, _ settings: Settings) -> String {
    let user = settings.kafka.properties.first { $0.name == "sasl.username" }?.value ?? "NAME"
    return "\(grants) --add --allow-principal User:\(user) --operation \(operation) \(resource)"
  }
}
