import Core
import Text

/// Maps the state of a pod to its colour role.
enum PodStyle {
  static func role(_ state: PodView.State) -> StyleRole {
    switch state {
    case .ready: .ok
    case .starting: .running
    case .notReady, .waiting: .warning
    case .failing, .gone: .critical
    case .terminating, .completed, .unknown: .dim
    }
  }
}

/// The pods of a service, one line each, with their problems below.
struct PodLines {
  private static let most = 500

  let pods: ServicePods
  let context: DrawContext

  var lines: [PageLine] {
    var heading = StyledLine(" pods ", .heading, .strong)
    heading.add("\(pods.count) ready", .dim)
    heading.add("  read \(Quantity.age(context.now - pods.readAt)) ago", .dim)
    if let rollout = pods.rollout { heading.add("  \(rollout.phrase)", .accent) }
    let all = pods.pods.prefix(Self.most).flatMap(lines)
    let more = pods.pods.count - Self.most
    return [PageLine(heading)] + all + (more > 0 ? [PageLine(StyledLine("   and \(more) more", .dim))] : [])
  }

  private func lines(_ view: PodView) -> [PageLine] {
    let pod = view.pod
    var line = StyledLine("   ")
    line.add(view.state.rawValue, columns: 11, ellipsis: context.glyphs.ellipsis, PodStyle.role(view.state))
    line.add(pod.id.name, columns: 36, ellipsis: context.glyphs.ellipsis, .text)
    line.add(pod.version ?? Quantity.unknown, columns: 12, ellipsis: context.glyphs.ellipsis)
    line.add(
      "\(pod.restarts)", columns: 4, align: .right, ellipsis: context.glyphs.ellipsis,
      pod.restarts > 0 ? .warning : .dim)
    line.add("restarts ", .dim)
    line.add("\(Quantity.age(pod.createdAt.map { context.now - $0 })) old  ", .dim)
    line.add(pod.node ?? "on no node", .dim)
    let id = LineID.pod(pod.id)
    guard view.trouble != nil || view.lastEvent != nil else { return [PageLine(line, id: id)] }
    var below: [StyledLine] = []
    if let trouble = view.trouble { below.append(StyledLine("     it \(trouble)", PodStyle.role(view.state))) }
    if let event = view.lastEvent {
      let age = event.lastAt.map { ", \(Quantity.age(context.now - $0)) ago" } ?? ""
      below.append(StyledLine("     \(event.reason): \(event.message)\(age)", .dim))
    }
    return [PageLine(line, id: id)]
      + below.flatMap { $0.wrapped(columns: context.columns, indent: 7, maxLines: 3) }.map { PageLine($0) }
  }
}
