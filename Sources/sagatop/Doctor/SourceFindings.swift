import Configuration
import Core
import Reports
import Text

/// Findings from the status of the sources.
struct SourceFindings {
  private static let mostNamed = 10
  private static let mostRows = 100

  let settings: Settings
  let store: Store
  let now: Timestamp
  /// Whether every source was read completely once.
  let isRead: Bool

  /// The findings of all sources.
  var all: [Finding] {
    kafka + schemas + others + preset + groups + redis + services + traces + kubernetes
  }

  private func sources(_ kind: SourceKind) -> [SourceStatus] {
    store.sources.filter { $0.kind == kind }
  }

  /// Whether the messages match the preset.
  var preset: [Finding] {
    let area = "preset"
    let (overview, events) = (store.overview(limit: 0, now: now), store.events(EventQuery(limit: 0), now: now))
    let messages = store.sources.filter(\.carriesEvents).reduce(0) { $0 &+ $1.messages }
    guard messages > 0 else {
      return [Finding(area, .note, "no message was read: nothing can be said of \(settings.system.name)")]
    }
    let counts = overview.total.counts
    let sagas =
      counts.running + counts.completed + counts.compensating + counts.compensated + counts.failed + counts.declined
      + counts.ended
    let sum = "\(messages) messages were read, of which came \(sagas) sagas\(isRead ? "" : " so far")"
    let matches = sagas > 0 ? Finding(area, .ok, sum) : Self.mismatch(sum, settings)
    return [matches] + CoverageFindings(coverage: store.coverage).findings
      + TallyFindings(settings, store, now: now).findings + sharedIDs(area) + joinedIDs(area)
      + events.undecoded.prefix(Self.mostNamed).map { row in
        Finding(area, .warning, "topic \(row.topic): \(row.count) messages are no events: \(row.lastReason)")
      }
  }

  private static func mismatch(_ sum: String, _ settings: Settings) -> Finding {
    guard settings.origin != .inference else {
      return Finding(
        "preset", .failed, "\(sum): none could be inferred",
        advice: "name where a saga's id and an event's type are: --id, --type; `sagatop init` lists what was found")
    }
    return Finding(
      "preset", .failed, "\(sum): \(settings.system.name) does not describe them",
      advice: "compare `ids`, `events` and `fields` with a message (docs/configuration.md)")
  }

  private func sharedIDs(_ area: String) -> [Finding] {
    let count = store.sagasWithSharedEventIDs()
    guard count > 0 else { return [] }
    return [
      Finding(
        area, .warning, "in \(count) sagas events of different types carry one event id: it names no event",
        advice: "set `fields.id` to a field that is different in every event, or leave it out")
    ]
  }

  private func joinedIDs(_ area: String) -> [Finding] {
    let (count, example) = store.joinedSagas()
    guard let example else { return [] }
    return [
      Finding(
        area, .warning,
        "\(count) sagas were started under different ids, such as \(example.kind) \(example.first) and \(example.second), which "
          + "\(example.joinedBy) joins: they may be several",
        advice: "take an id that several sagas share out of `ids`")
    ]
  }

  /// Problems found while messages were read, such as an advertised broker address that is not reachable.
  var kafka: [Finding] {
    sources(.kafka).filter { !$0.isWhole(at: now) }.map { source in
      trouble("kafka", source, source.incompleteness(at: now))
    }
  }

  private func trouble(_ area: String, _ source: SourceStatus, _ otherwise: String) -> Finding {
    let text = source.error ?? otherwise
    return Finding(area, .failed, text, advice: text.contains(" advertises ") ? Self.addressAdvice : nil)
  }

  static let addressAdvice =
    "let the broker advertise an address that can be reached from here (advertised.listeners), or run sagatop where it can"

  /// Kinds with findings of their own.
  private static let examined: Set<SourceKind> = [.kafka, .schemas, .lag, .redis, .services, .traces, .kubernetes]

  /// Documents, commands and any other kind.
  var others: [Finding] {
    SourceKind.allCases.filter { !Self.examined.contains($0) }.flatMap(sources).flatMap { source -> [Finding] in
      let answer =
        source.carriesEvents
        ? "read, \(source.messages) messages" : "answers in \(Quantity.latency(source.latency))"
      let state =
        source.isSettled
        ? Finding(source.name, .ok, answer)
        : Finding(source.name, .failed, source.error ?? "nothing was heard")
      return [state] + source.notes.map { Finding(source.name, .warning, $0) }
    }
  }

  /// The schema registry.
  var schemas: [Finding] {
    sources(.schemas).flatMap { source -> [Finding] in
      let area = "schemas"
      guard source.phase == .up else {
        let text = source.error ?? "the registry has not answered"
        return [Finding(area, .failed, text, advice: Self.registryAdvice)]
      }
      return [Finding(area, .ok, "the registry answers in \(Quantity.latency(source.latency))")]
        + source.notes.map { Finding(area, .warning, $0, advice: "is it the registry of these brokers?") }
    }
  }

  private static let registryAdvice =
    "set `schemaRegistry` to where its API begins, such as http://host:8081, or http://host:8080/apis/ccompat/v7 for Apicurio, "
    + "with `basic`, `bearer` or `ca` where it wants them"

  /// The trace store, and whether any saga has a trace id.
  var traces: [Finding] {
    sources(.traces).flatMap { source -> [Finding] in
      guard let store = settings.evidence.traces else { return [] }
      guard source.isComplete else { return [Finding("traces", .failed, source.error ?? "nothing was heard")] }
      let answer = Finding(
        "traces", .ok, "\(store.kind.rawValue) at \(store.url) answers in \(Quantity.latency(source.latency))")
      let rows = self.store.sagas(SagaQuery(limit: Self.mostRows), now: now).rows
      guard !rows.isEmpty, rows.allSatisfy(\.traces.isEmpty) else { return [answer] }
      return [
        answer,
        Finding(
          "traces", .warning, "no event of the sagas carries a trace id",
          advice: "name where it is as `trace` of `fields`; the headers traceparent and b3 are known"),
      ]
    }
  }

  /// The Kubernetes watches, and the services of the pods.
  var kubernetes: [Finding] {
    sources(.kubernetes).flatMap { source -> [Finding] in
      guard source.isComplete, source.phase == .up else {
        return [Finding(source.name, .failed, source.error ?? "nothing was heard")]
      }
      let notes = source.notes.map { Finding(source.name, .warning, $0) }
      guard source.name == PodSample.source else { return [Finding(source.name, .ok, "watched")] + notes }
      let counts = store.podCounts
      let sum = Finding(source.name, .ok, "\(counts.pods) pods of \(counts.services) services are watched")
      let steps = Set(settings.system.sagas.flatMap { $0.steps.compactMap(\.service) }).sorted()
      let without = steps.filter { store.pods(of: $0, now: now) == nil }
      guard counts.pods > 0, !without.isEmpty else { return [sum] + notes }
      return [
        sum,
        Finding(
          source.name, .note,
          "no pod is known to be an instance of \(without.prefix(Self.mostNamed).joined(separator: ", "))",
          advice: "map the pods' label to the service under `kubernetes.services`"),
      ] + notes
    }
  }

  var groups: [Finding] {
    let area = "lag"
    let view = store.groups(GroupQuery(limit: .max), now: now)
    var findings = sources(.lag).map { source in
      !source.isWhole(at: now)
        ? trouble(area, source, "nothing was heard")
        : Finding(area, .ok, "\(view.total) consumer groups, \(source.partitions ?? 0) partitions")
    }
    if view.readAt != nil, !view.isListed {
      findings.append(
        Finding(
          area, .warning, "the broker does not list its groups: only those of the configuration are looked at",
          advice: "if it can: " + KafkaFindings.grant("Describe", "--cluster", settings)))
    }
    let troubled = view.rows.filter { $0.error != nil && view.isListed || Self.isRefusal($0.error) }
    for row in troubled.prefix(Self.mostNamed) {
      let isRefused = Self.isRefusal(row.error)
      findings.append(
        Finding(
          area, isRefused ? .failed : .warning, "group \(row.name): \(row.error ?? "")",
          advice: isRefused ? KafkaFindings.grant("Describe", "--group \(row.name)", settings) : nil))
    }
    return findings
  }

  private static func isRefusal(_ error: String?) -> Bool { error?.lowercased().contains("authorization") ?? false }

  var redis: [Finding] {
    sources(.redis).flatMap { source -> [Finding] in
      let advice = { (text: String) in
        text.contains("permission") || text.contains("not allowed") ? Self.redisAdvice : nil
      }
      if source.phase == .down || source.phase == .connecting {
        let text = source.error ?? "nothing was heard"
        return [Finding(source.name, .failed, text, advice: advice(text))]
      }
      let well = Finding(
        source.name, source.isComplete ? .ok : .warning,
        source.isComplete ? "answers in \(Quantity.latency(source.latency))" : "its keys were not all looked at in time"
      )
      return [well] + source.notes.map { Finding(source.name, .warning, $0, advice: advice($0)) }
    }
  }

  private static let redisAdvice =
    "ACL SETUSER NAME ~PATTERN +ping +scan +dbsize +type +pttl +getrange +hscan +llen +object +memory +pubsub +role "
    + "+cluster|slots"

  /// A service that is down is not a problem of sagatop, but a service that cannot be queried is.
  var services: [Finding] {
    store.services(ServiceQuery(limit: .max), now: now).services.flatMap { service in
      service.instances.map { row in
        let text =
          "\(service.name) at \(row.url): \(row.verdict.rawValue)\(row.reason.isEmpty ? "" : ": \(row.reason)")"
        let isAnswer = row.answer != nil
        return Finding("services", row.verdict == .up ? .ok : isAnswer ? .note : .failed, text)
      }
    }
  }
}
