import Core
import Text

/// The page of a service: its instances with their last responses.
package struct ServicePage: Page {
  package var document = Document()
  private let service: String
  private var read: ServiceRow?

  /// `instance` is unfolded if there are several.
  init(_ service: String, instance: Int? = nil) {
    self.service = service
    guard let instance else { return }
    document.toggled = [.instance(instance)]
    document.select(.instance(instance))
  }

  package var name: PageName { PageName(word: "service", text: service) }
  package var copied: String { service }

  package mutating func read(_ request: ReadRequest) { read = request.source.service(service, now: request.now) }

  package func lines(_ context: DrawContext) -> [PageLine] {
    guard let read else {
      return [
        PageLine(StyledLine(" service \(service)", .heading, .strong)),
        PageLine(StyledLine(" No such service is configured.", .dim)),
      ]
    }
    return ServiceLines(service: read, document: document, context: context).lines
  }
}

/// The lines of a service's page.
private struct ServiceLines {
  private static let maxReasonLines = 4

  let service: ServiceRow
  let document: Document
  let context: DrawContext
  private var columns: Int { context.columns }
  private var glyphs: Glyphs { context.glyphs }
  private var now: Timestamp { context.now }
  private var look: ServiceStyle { ServiceStyle(glyphs: glyphs) }

  var lines: [PageLine] {
    headline(service) + service.instances.indices.flatMap { instance($0, of: service) }
      + (service.pods.map { PodLines(pods: $0, context: context).lines } ?? [])
  }

  private func headline(_ service: ServiceRow) -> [PageLine] {
    var title = StyledLine(
      " \(look.verdict(service.verdict, isFlapping: service.isFlapping))  ", look.role(service.verdict), .strong)
    title.add("service ", .dim)
    title.add(service.name, .heading, .strong)
    if service.since != nil { title.add("  for \(ServiceStyle.age(service.since, now: now))", .dim) }
    let facts = ServiceDetail(line: ServiceLine(service: service), now: now, glyphs: glyphs)
    let reason = StyledLine(" \(service.reason)", look.sentenceRole(service.verdict))
      .wrapped(columns: columns, indent: 3, maxLines: Self.maxReasonLines)
    let flapping = facts.flapping.map { $0.indented(by: 1) }
    return [PageLine(title, id: .title)] + (reason + [flapping].compactMap { $0 }).map { PageLine($0) } + [PageLine()]
  }

  /// A single instance is always unfolded.
  private func instance(_ place: Int, of service: ServiceRow) -> [PageLine] {
    let row = service.instances[place]
    let id = LineID.instance(place)
    let isOnly = service.instances.count == 1
    let isUnfolded = isOnly || document.toggled.contains(id)
    var line = StyledLine(isOnly ? " " : " \(isUnfolded ? glyphs.unfolded : glyphs.folded) ", .dim)
    line.add(look.verdict(row.verdict, isFlapping: row.isFlapping), look.role(row.verdict))
    line.add("  \(row.node.map { "\($0)  " } ?? "")", .text, .strong)
    line.add(row.url, .dim)
    let own = PageLine(line, id: id, fold: isOnly ? nil : isUnfolded ? .unfolded : .folded)
    guard isUnfolded else { return [own] }
    let details = details(row, hasReason: !isOnly).enumerated().map { number, line in
      PageLine(line, id: .detail(instance: place, number), parent: id)
    }
    return [own] + details + [PageLine()]
  }

  private func details(_ row: InstanceRow, hasReason: Bool) -> [StyledLine] {
    var lines: [StyledLine] = []
    if hasReason { lines.append(StyledLine(row.reason, look.sentenceRole(row.verdict))) }
    lines += [read(row), latency(row)]
    if let answer = row.answer { lines += answered(answer, row) }
    lines += row.circuits.map { circuit in
      labelled("circuit", ServiceDetail.sentence(circuit, now: now, look: look), look.role(circuit.state))
    }
    if let metrics = row.metrics {
      lines.append(ServiceDetail.text(metrics))
      if let bad = metrics.firstBadLine { lines.append(labelled("not understood", bad, .warning)) }
    }
    return (lines + history(row)).flatMap(wrapped) + body(row)
  }

  private func wrapped(_ line: StyledLine) -> [StyledLine] {
    line.indented(by: 3).wrapped(columns: columns, indent: 5, maxLines: 3)
  }

  private func labelled(_ label: String, _ text: String, _ role: StyleRole = .text) -> StyledLine {
    var line = StyledLine("\(label) ", .dim)
    line.add(text, role)
    return line
  }

  /// "read 0.3s ago, since 4m12s, uptime 99.2 %".
  private func read(_ row: InstanceRow) -> StyledLine {
    var line = StyledLine("read ", .dim)
    line.add(row.readAt.map { "\(Quantity.age(now - $0)) ago" } ?? "never")
    line.add("  \(row.verdict.rawValue) for ", .dim)
    line.add(ServiceStyle.age(row.since, now: now))
    line.add("  uptime ", .dim)
    line.add(Quantity.share(row.uptime))
    return line
  }

  private func latency(_ row: InstanceRow) -> StyledLine {
    var line = StyledLine("latency ", .dim)
    line.add(Quantity.latency(row.latency))
    line.add("  p50 \(Quantity.latency(row.p50))  p99 \(Quantity.latency(row.p99))  ", .dim)
    let room = min(60, max(8, columns - line.columns - 6))
    line.add(Sparkline.text(row.history, columns: room, floor: 20, glyphs: glyphs), .chart)
    return line
  }

  private func answered(_ answer: ServiceSample.Answer, _ row: InstanceRow) -> [StyledLine] {
    let phases = answer.phases
    let times = [
      ("lookup", phases.lookup), ("connect", phases.connect), ("TLS", phases.tls), ("first byte", phases.firstByte),
    ]
    let text = times.filter { $0.1 > .zero }.map { "\($0.0) \(Quantity.latency($0.1))" }.joined(separator: "  ")
    var lines = [labelled("answer", "HTTP \(answer.status)\(text.isEmpty ? "" : "  \(text)")")]
    if row.latency == nil, let at = row.answeredAt {
      lines[0].add("  \(Quantity.age(now - at)) ago; no answer since", .warning)
    }
    if let end = answer.certificateEnd {
      let isSoon = end - now < .seconds(14 * 86_400)
      lines.append(labelled("certificate until", end.iso8601, isSoon ? .warning : .text))
    }
    lines += answer.body.components.map { component in
      labelled(
        "component", "\(component.name) \(component.status)" + (component.detail.map { ": \($0)" } ?? ""),
        look.role(component.meaning))
    }
    lines += answer.body.projections.map { projection in
      let age = projection.updatedAt.map { ", updated \(Quantity.age(now - $0)) ago" } ?? ""
      return labelled("projection", "\(projection.name) \(projection.status)\(age)")
    }
    return lines
  }

  private func history(_ row: InstanceRow) -> [StyledLine] {
    row.changes.suffix(10).reversed().map { change in
      var line = StyledLine("\(Quantity.clock(change.time, offset: context.localOffset)) ", .dim)
      line.add("\(look.verdict(change.verdict)) ", look.role(change.verdict))
      line.add(change.reason, .dim)
      return line
    }
  }

  private func body(_ row: InstanceRow) -> [StyledLine] {
    guard let answer = row.answer, !answer.excerpt.isEmpty else { return [] }
    var heading = StyledLine("body ", .heading, .strong)
    heading.add("\(Quantity.bytes(answer.length))\(answer.isCut ? ", cut" : "")", .dim)
    let isWhole = answer.length == answer.excerpt.count
    if !isWhole { heading.add(", its first \(Quantity.bytes(answer.excerpt.count))", .dim) }
    let lines = JSONText(answer.excerpt).map(Self.laidOut) ?? Self.plain(answer.excerpt)
    return ([heading] + lines).flatMap { line in
      line.indented(by: 3).wrapped(columns: columns, indent: 5, maxLines: 20)
    }
  }

  private static func laidOut(_ text: JSONText) -> [StyledLine] {
    text.lines.map { StyledLine(String(repeating: " ", count: 2 * min($0.depth, 12)) + $0.text) }
  }

  private static func plain(_ bytes: [UInt8]) -> [StyledLine] {
    bytes.split(separator: 0x0a).map { StyledLine(String(decoding: $0, as: UTF8.self)) }
  }
}

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
