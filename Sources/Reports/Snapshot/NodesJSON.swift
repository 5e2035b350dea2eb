import Core
import Text

/// The members `nodes`, `nodeNaming` and `nodeSpreads` of the snapshot, as described in docs/snapshot.md.
enum NodesJSON {
  static func members(_ view: NodeList) -> [(String, JSONValue)] {
    [
      ("nodes", .array(view.rows.map(node))), ("nodeNaming", naming(view)),
      ("nodeSpreads", .array(view.spreads.map(spread))),
      ("workWithoutNode", JSONValue(view.coverage.known(view.unnamed))),
      ("nodesQuality", .string(view.coverage.quality.rawValue)), ("nodesAsOf", JSONValue(view.coverage.asOf)),
    ]
  }

  /// `null` if no node was named but not all events were read: the rest may name nodes.
  private static func naming(_ view: NodeList) -> JSONValue {
    view.naming == .members && !view.coverage.isWhole ? .null : .string(view.naming.rawValue)
  }

  private static func node(_ row: NodeRow) -> JSONValue {
    .object([
      ("node", .string(row.node)), ("version", JSONValue(row.version)), ("verdict", .string(row.verdict.rawValue)),
      ("reason", .string(row.reason)),
      ("sagas", JSONValue(row.known(row.sagas))), ("steps", JSONValue(row.known(row.steps))),
      ("failed", JSONValue(row.known(row.failed))),
      ("undone", JSONValue(row.known(row.undone))), ("share", JSONValue(rounded: row.share)),
      ("evenShare", JSONValue(rounded: row.evenShare)), ("rate", JSONValue(rounded: row.rate)),
      (
        "durationMs",
        .object([
          ("p50", JSONValue(milliseconds: row.coverage.exactly(row.p50).value)),
          ("p95", JSONValue(milliseconds: row.coverage.exactly(row.p95).value)),
        ])
      ),
      ("lastAt", JSONValue(row.lastAt)), ("groups", .array(row.groups.map { .string($0) })),
      ("partitions", JSONValue(row.known(row.partitions))), ("pod", row.pod.map(PodsJSON.pod) ?? .null),
    ])
  }

  private static func verdict(of test: NodeList.Test?) -> String {
    guard let test, !test.isDoubtful else { return "unknown" }
    return test.isSkewed ? "skewed" : "even"
  }

  private static func spread(_ spread: NodeList.Spread) -> JSONValue {
    .object([
      ("nodes", JSONValue(spread.nodes)), ("steps", .array(spread.steps.map { .string($0) })),
      ("verdict", .string(verdict(of: spread.test))),
      ("step", JSONValue(spread.test?.step)), ("attempts", JSONValue(spread.test?.counted)),
      ("chiSquare", JSONValue(rounded: spread.test?.statistic)), ("degrees", JSONValue(spread.test?.degrees)),
      ("p", spread.test.map { .double($0.p) } ?? .null),
    ])
  }
}

/// Pods as members of services and nodes, as described in docs/snapshot.md.
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
