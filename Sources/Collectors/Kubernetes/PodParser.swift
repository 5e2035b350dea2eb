import Core
import Text

/// Parses pods and events from kubectl's output. The input is untrusted: malformed values become unknown.
struct PodParser {
  let settings: KubernetesSettings

  /// The changes in a watch event, an object or a list; `nil` for other documents.
  func changes(_ bytes: [UInt8]) -> [PodSample.Change]? {
    guard let document = JSONValue(bytes) else { return nil }
    if let type = document["type"]?.text, let object = document["object"] { return changes(object, type) }
    if let items = document["items"]?.elements { return items.flatMap { changes($0, "ADDED") ?? [] } }
    return changes(document, "ADDED")
  }

  private func changes(_ object: JSONValue, _ type: String) -> [PodSample.Change]? {
    if type == "BOOKMARK" { return [] }
    switch object["kind"]?.text {
    case "Pod":
      guard let id = id(object["metadata"]) else { return nil }
      return type == "DELETED" ? [.pod(pod(object, id)), .gone(id)] : [.pod(pod(object, id))]
    case "Event":
      if type == "DELETED" { return [] }
      return event(object).map { [.event($0)] } ?? []
    default: return nil
    }
  }

  private func id(_ metadata: JSONValue?) -> Pod.ID? {
    guard let name = text(metadata?["name"]) else { return nil }
    return Pod.ID(namespace: text(metadata?["namespace"]) ?? "", name: name)
  }

  // MARK: Pods

  private func pod(_ object: JSONValue, _ id: Pod.ID) -> Pod {
    var pod = Pod(id: id)
    let (metadata, spec, status) = (object["metadata"], object["spec"], object["status"])
    let labels = metadata?["labels"]
    pod.service = service(labels)
    pod.node = text(spec?["nodeName"])
    let image = text(MainContainer.of(spec, metadata, names: names(metadata, service: pod.service))?["image"])
    pod.version = image.flatMap(Self.tag) ?? text(labels?["app.kubernetes.io/version"])
    pod.revision = text(labels?["pod-template-hash"]) ?? text(labels?["controller-revision-hash"])
    let owner = metadata?["ownerReferences"]?.elements?.first
    if owner?["kind"]?.text == "Job" { pod.job = text(owner?["name"]) }
    pod.createdAt = time(metadata?["creationTimestamp"])
    pod.isTerminating = metadata?["deletionTimestamp"]?.text != nil
    pod.phase = status?["phase"]?.text.flatMap { Pod.Phase(rawValue: $0.lowercased()) } ?? .unknown
    pod.reason = text(status?["reason"])
    pod.message = text(status?["message"])
    readConditions(status?["conditions"]?.elements ?? [], into: &pod)
    let statuses = (status?["initContainerStatuses"]?.elements ?? []) + (status?["containerStatuses"]?.elements ?? [])
    readContainers(statuses, into: &pod)
    return pod
  }

  private func service(_ labels: JSONValue?) -> String? {
    settings.labels.lazy.compactMap { text(labels?[$0]) }.first.map { settings.services[$0] ?? $0 }
  }

  /// The names of the workload: its labels, its service, and its controller without the template's hash.
  private func names(_ metadata: JSONValue?, service: String?) -> [String] {
    let labels = metadata?["labels"]
    let owner = text(metadata?["ownerReferences"]?.elements?.first?["name"])
    let suffix = text(labels?["pod-template-hash"]).map { "-\($0)" } ?? ""
    let workload = owner.map { suffix.isEmpty || !$0.hasSuffix(suffix) ? $0 : String($0.dropLast(suffix.count)) }
    return (settings.labels.map { text(labels?[$0]) } + [service, workload]).compactMap(\.self)
  }

  private func readConditions(_ conditions: [JSONValue], into pod: inout Pod) {
    for condition in conditions {
      switch (condition["type"]?.text, condition["status"]?.text) {
      case ("Ready", "True"): pod.isReady = true
      case ("PodScheduled", "False"): pod.unschedulable = text(condition["message"]) ?? text(condition["reason"])
      default: break
      }
    }
  }

  /// With several containers: the first waiting one, and the latest termination.
  private func readContainers(_ statuses: [JSONValue], into pod: inout Pod) {
    var restarts = 0
    for status in statuses.prefix(100) {
      restarts += max(0, min(1_000_000, whole(status["restartCount"]) ?? 0))
      let waiting = status["state"]?["waiting"]
      if pod.waiting == nil, let reason = text(waiting?["reason"]) {
        pod.waiting = Pod.Waiting(reason, message: text(waiting?["message"]))
      }
      for ended in [status["lastState"]?["terminated"], status["state"]?["terminated"]].compactMap({ $0 }) {
        let end = termination(ended)
        guard pod.termination.map({ isLater(end, than: $0) }) ?? true else { continue }
        pod.termination = end
      }
    }
    pod.restarts = restarts
  }

  private func termination(_ node: JSONValue) -> Pod.Termination {
    Pod.Termination(
      text(node["reason"]) ?? "Error", exitCode: whole(node["exitCode"]),
      signal: whole(node["signal"]).flatMap { $0 > 0 ? $0 : nil }, finishedAt: time(node["finishedAt"]))
  }

  private func isLater(_ left: Pod.Termination, than right: Pod.Termination) -> Bool {
    (left.isFailure ? 1 : 0, left.finishedAt ?? .distantPast) > (
      right.isFailure ? 1 : 0, right.finishedAt ?? .distantPast
    )
  }

  /// `registry:5000/shop/payment:1.4@sha256:…` has the tag `1.4`.
  static func tag(_ image: String) -> String? {
    let name = image.split(separator: "/").last.map(String.init) ?? image
    let parts = name.split(separator: "@", maxSplits: 1)
    let tagged = parts.first?.split(separator: ":", maxSplits: 1) ?? []
    if tagged.count == 2 { return String(tagged[1]) }
    guard parts.count == 2, let digest = parts[1].split(separator: ":").last else { return nil }
    return String(digest.prefix(12))
  }

  // MARK: Events

  private func event(_ object: JSONValue) -> PodEvent? {
    let about = object["involvedObject"] ?? object["regarding"]
    guard about?["kind"]?.text == "Pod", let id = id(about), let reason = text(object["reason"]) else { return nil }
    return PodEvent(
      pod: id, reason: reason, message: text(object["message"] ?? object["note"]) ?? "",
      isWarning: object["type"]?.text == "Warning",
      count: whole(object["series"]?["count"]) ?? whole(object["count"]),
      lastAt: time(object["series"]?["lastObservedTime"]) ?? time(object["lastTimestamp"]) ?? time(object["eventTime"]))
  }

  // MARK: Values

  private func text(_ node: JSONValue?) -> String? {
    guard let text = node?.text, !text.isEmpty else { return nil }
    guard text.utf8.count > Pod.longestText else { return text }
    return String(decoding: text.utf8.prefix(Pod.longestText), as: UTF8.self) + "…"
  }

  private func whole(_ node: JSONValue?) -> Int? { if case .number(let digits) = node { Int(digits) } else { nil } }

  private func time(_ node: JSONValue?) -> Timestamp? { node?.text.flatMap { TimestampParser.parse($0) } }
}

/// Finds the main container of a pod among its sidecars.
private enum MainContainer {
  private static let accompanying: Set<String> = [
    "istio-proxy", "linkerd-proxy", "envoy", "daprd", "vault-agent", "consul-dataplane", "fluent-bit", "fluentd",
    "filebeat",
    "promtail", "vector", "otc-container", "cloud-sql-proxy", "oauth2-proxy",
  ]
  private static let roles = ["-proxy", "-agent", "-sidecar", "-exporter", "-collector"]

  /// The container that `kubectl` uses by default, then one with the name of the workload or of its image, then the first that is not known
  /// as a sidecar. `nil` if there is none. Native sidecars are init containers, and not considered.
  static func of(_ spec: JSONValue?, _ metadata: JSONValue?, names: [String]) -> JSONValue? {
    let all = spec?["containers"]?.elements ?? []
    let annotations = metadata?["annotations"]
    if let wanted = annotations?["kubectl.kubernetes.io/default-container"]?.text,
      let found = all.first(where: { $0["name"]?.text == wanted })
    {
      return found
    }
    let own = all.filter { container in names.contains { isNamed(container, $0) } }
    if let found = own.first { return found }
    let injected = annotations?["sidecar.istio.io/status"]?.text.flatMap { JSONValue(Array($0.utf8)) }
    let sidecars = Set((injected?["containers"]?.elements ?? []).compactMap(\.text))
    let others = all.filter { !isAccompanying($0) && !sidecars.contains($0["name"]?.text ?? "") }
    return others.first { container in names.contains { isAkin(container, $0) } } ?? others.first ?? all.first
  }

  private static func isNamed(_ container: JSONValue, _ name: String) -> Bool {
    container["name"]?.text == name || imageName(container) == name
  }

  /// "payment" and "payment-service".
  private static func isAkin(_ container: JSONValue, _ name: String) -> Bool {
    [container["name"]?.text, imageName(container)].compactMap(\.self).contains {
      $0.hasPrefix("\(name)-") || name.hasPrefix("\($0)-")
    }
  }

  private static func isAccompanying(_ container: JSONValue) -> Bool {
    guard let name = container["name"]?.text else { return false }
    return accompanying.contains(name) || roles.contains { name.hasSuffix($0) }
  }

  /// `registry:5000/shop/payment:1.4@sha256:…` has the name `payment`.
  private static func imageName(_ container: JSONValue) -> String? {
    container["image"]?.text?.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" }.description
  }
}
