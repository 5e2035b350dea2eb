import Text

/// The pods of the step's service: terminated pods, pods that cannot start, a rollout.
enum PodRule {
  /// Maximum number of further pods in the evidence.
  private static let most = 3

  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.trouble.needsCause else { return [] }
    return ofJob(situation) + ofService(situation)
  }

  /// The pod that runs the saga itself.
  private static func ofJob(_ situation: Situation) -> [Cause] {
    guard let job = situation.job, let pod = job.pods.first(where: { $0.trouble != nil && concerns($0, situation) })
    else { return [] }
    let text = "it runs the saga" + (pod.pod.job.map { " as the job \($0)" } ?? "") + place(pod)
    return [cause(pod, 98, others: [], text, job, situation)]
  }

  private static func ofService(_ situation: Situation) -> [Cause] {
    guard let pods = situation.pods else { return [] }
    let troubled = pods.pods.filter { $0.trouble != nil && concerns($0, situation) }
      .map { (pod: $0, strength: strength($0, situation)) }
      .sorted { $0.strength > $1.strength }
    return [true, false].compactMap { isWaiting in
      let alike = troubled.filter { ($0.pod.state == .waiting) == isWaiting }
      return alike.first.map { first in
        let text = "\(pods.count) pods of \(first.pod.pod.service ?? "the service") are ready" + place(first.pod)
        return cause(first.pod, first.strength, others: alike.dropFirst().map(\.pod), text, pods, situation)
      }
    } + rollout(pods, situation)
  }

  /// It died while the saga was at the step, or is still in trouble.
  private static func concerns(_ pod: PodView, _ situation: Situation) -> Bool {
    guard situation.isActive || pod.diedAt != nil else { return false }
    let isAtWork = pod.state == .failing || pod.state == .waiting || pod.state == .notReady
    if situation.isActive, isAtWork { return true }
    guard let died = pod.diedAt, let start = situation.focusStart else { return false }
    return died >= start - .seconds(5) && died <= (situation.focusEnd ?? situation.now)
  }

  private static func isOwn(_ pod: PodView, _ situation: Situation) -> Bool {
    let name = pod.pod.id.name
    let partition = situation.group?.partition
    return situation.focus?.node == name
      || [partition?.clientID, partition?.host].contains { $0.map { $0.contains(name) } ?? false }
  }

  /// Without a ready pod no work is done; with one, another pod takes over, unless this pod was working on the saga.
  private static func strength(_ pod: PodView, _ situation: Situation) -> Int {
    let isNoneReady = situation.pods?.ready == 0
    if isOwn(pod, situation) { return 97 }
    if isNoneReady { return pod.state == .gone ? 90 : 97 }
    let died = pod.diedAt.map { died in situation.focusStart.map { died >= $0 - .seconds(5) } ?? false } ?? false
    return died && situation.isActive ? 82 : 60
  }

  private static func place(_ pod: PodView) -> String {
    (pod.pod.node.map { "; it is on \($0)" } ?? "") + (pod.pod.version.map { ", version \($0)" } ?? "")
  }

  private static func cause(
    _ pod: PodView, _ strength: Int, others: [PodView], _ text: String, _ pods: ServicePods, _ situation: Situation
  ) -> Cause {
    var evidence = [situation.evidence(text, source: "kubernetes", readAt: pods.readAt)]
    if let event = pod.lastEvent {
      evidence.append(
        situation.evidence(
          "\(event.reason)\(event.count.map { $0 > 1 ? " \($0) times" : "" } ?? ""): \(event.message)",
          source: "kubernetes", readAt: pods.readAt))
    }
    evidence += others.prefix(most).map { other in
      situation.evidence("pod \(other.pod.id.name) \(other.trouble ?? "")", source: "kubernetes", readAt: pods.readAt)
    }
    return Cause(
      pod.state == .waiting ? .podNotStarting : .podDied, "pod \(pod.pod.id.name) \(pod.trouble ?? "")", evidence,
      strength: strength, suggestion: suggestion(pod),
      subject: situation.watched.contains(pod.pod.service ?? "") ? .service(pod.pod.service ?? "") : nil)
  }

  private static func suggestion(_ pod: PodView) -> String {
    let place = "-n \(pod.pod.id.namespace) \(pod.pod.id.name)"
    if pod.pod.termination?.reason == "OOMKilled" {
      return "give it more memory, or find what takes it: kubectl describe pod \(place)"
    }
    return pod.state == .waiting || pod.pod.reason != nil
      ? "kubectl describe pod \(place)" : "kubectl logs --previous \(place)"
  }

  private static func rollout(_ pods: ServicePods, _ situation: Situation) -> [Cause] {
    guard situation.isActive, let rollout = pods.rollout, rollout.ready < rollout.pods || pods.ready == 0 else {
      return []
    }
    let names = pods.members.filter { !$0.isReady }.prefix(3).map(\.pod.id.name).joined(separator: ", ")
    return [
      Cause(
        .rolloutUnderWay, "\(situation.focus?.service ?? "the service") is \(rollout.phrase)",
        [situation.evidence("not ready: \(names)", source: "kubernetes", readAt: pods.readAt)],
        strength: pods.ready == 0 ? 85 : 50, suggestion: "wait for it, or undo it: kubectl rollout undo")
    ]
  }
}
