import Core
import Text

/// Pods as members of services and nodes, as docs/snapshot.md describes them.
enum PodsJSON {
  private static let most = 1000

  static func list(_ pods: ServicePods) -> JSONValue { .array(pods.pods.prefix(most).map(pod)) }

  static func pod(_ view: PodView) -> JSONValue {
    let pod = view.pod
    return .object([
      ("name", .string(pod.id.name)), ("namespace", .string(pod.id.namespace)), ("state", .string(view.state.rawValue)),
      ("ready", .bool(view.isReady)), ("node", JSONValue(pod.node)), ("version", JSONValue(pod.version)),
      ("restarts", .int(Int64(pod.restarts))), ("createdAt", JSONValue(pod.createdAt)),
      ("trouble", JSONValue(view.trouble)), ("waiting", JSONValue(pod.waiting?.reason)),
      ("lastTermination", pod.termination.map(termination) ?? .null), ("diedAt", JSONValue(view.diedAt)),
      ("goneAt", JSONValue(view.goneAt)),
    ])
  }

  private static func termination(_ end: Pod.Termination) -> JSONValue {
    .object([
      ("reason", .string(end.reason)), ("exitCode", JSONValue(end.exitCode)), ("finishedAt", JSONValue(end.finishedAt)),
    ])
  }

  static func rollout(_ rollout: ServicePods.Rollout?) -> JSONValue {
    guard let rollout else { return .null }
    return .object([
      ("version", .string(rollout.version)), ("ready", .int(Int64(rollout.ready))), ("pods", .int(Int64(rollout.pods))),
      ("oldVersion", JSONValue(rollout.oldVersion)), ("oldPods", .int(Int64(rollout.oldPods))),
    ])
  }
}
