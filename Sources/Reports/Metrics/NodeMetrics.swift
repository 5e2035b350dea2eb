import Core

/// The nodes that work on sagas, and how evenly they share the work.
enum NodeMetrics {
  static func families(_ view: NodeList) -> [MetricFamily] {
    var verdicts = MetricFamily(name: "sagatop_nodes", help: "Nodes that work on sagas, by verdict.")
    for verdict in NodeVerdict.allCases {
      verdicts.add(view.coverage.known(view.counts[verdict] ?? 0), ("verdict", verdict.rawValue))
    }
    var skewed = MetricFamily(
      name: "sagatop_node_spreads_skewed", help: "Sets of nodes that share the same steps by more than chance unevenly."
    )
    skewed.add(view.coverage.known(view.spreads.count { $0.test?.isSkewed ?? false }))
    var unnamed = MetricFamily(name: "sagatop_work_without_node", help: "Pieces of work whose node no event tells.")
    unnamed.add(view.coverage.known(view.unnamed))
    return [verdicts, skewed, unnamed] + nodes(view.rows)
  }

  private static func nodes(_ rows: [NodeRow]) -> [MetricFamily] {
    var share = MetricFamily(
      name: "sagatop_node_work_ratio", unit: "ratio", help: "A node's share of the steps that it does, 0 to 1.")
    var even = MetricFamily(
      name: "sagatop_node_even_work_ratio", unit: "ratio",
      help: "What the share would be if all nodes that do these steps did the same.")
    var steps = MetricFamily(name: "sagatop_node_steps", help: "Attempts at steps that a node ended.")
    var failed = MetricFamily(name: "sagatop_node_failed_steps", help: "Attempts of a node that failed.")
    var trouble = MetricFamily(
      name: "sagatop_node_trouble", help: "Whether a node's share is skewed, or it works no longer while others do.")
    for row in rows.prefix(SnapshotMetrics.mostSeries) {
      share.add(row.share, ("node", row.node))
      even.add(row.evenShare, ("node", row.node))
      steps.add(row.known(row.steps), ("node", row.node))
      failed.add(row.known(row.failed), ("node", row.node))
      trouble.add(isTrouble(row.verdict), ("node", row.node))
    }
    return [share, even, steps, failed, trouble]
  }

  private static func isTrouble(_ verdict: NodeVerdict) -> Int? {
    switch verdict {
    case .even: 0
    case .unknown: nil
    case .skewed, .slow, .silent: 1
    }
  }
}
