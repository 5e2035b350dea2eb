import Core
import Text

/// The first line: the context, the state of the sources, and whether the screen is live.
/// Not copyable: the compiler would generate large copy functions for a type that contains the whole app.
struct HeaderLine: ~Copyable {
  let app: App
  let context: DrawContext
  private var glyphs: Glyphs { context.glyphs }
  private var status: SystemStatus { context.status }
  private var header: HeaderView { status.header }

  func draw(into frame: inout Frame, _ area: Rect) {
    frame.fill(area, role: .header)
    let help = app.keys.name(of: .help, in: app.scope).map { " \($0) help " } ?? ""
    var room = area.width
    var shown = StyledLine()
    for form in Self.forms {
      shown = line(form)
      if shown.columns + help.count < room { break }
    }
    if shown.columns + help.count < room {
      frame.put(help, x: area.x + room - help.count, y: area.y, role: .header)
      room -= help.count
    }
    frame.put(shown, x: area.x, y: area.y, width: room)
  }

  private struct Form {
    var hasName = false
    var hasDetails = false
    var names = Names.full
    var hasGroups = true
  }

  /// From the longest to the shortest. All of them contain the context and whether the screen is live.
  private static let forms = [
    Form(hasName: true, hasDetails: true), Form(hasName: true), Form(), Form(names: .short),
    Form(names: .short, hasGroups: false), Form(names: .none), Form(names: .none, hasGroups: false),
  ]

  private func line(_ form: Form) -> StyledLine {
    var line = StyledLine(" ", .header)
    if form.hasName { line.add("sagatop  ", .accent, .strong) }
    line.add(badges(isLong: form.hasDetails))
    line.add(" \(glyphs.separator)", .header)
    for source in form.names == .full ? header.sources : worstFirst where !isLeftOut(source) {
      line.add(" ", .header)
      switch form.names {
      case .full: line.add("\(source.name) ", .header)
      case .short: line.add("\(Self.short(source)) ", .header)
      case .none: break
      }
      line.add(
        source.kind == .services
          ? services(source, isShort: form.names != .full) : phase(source, isLong: form.hasDetails))
    }
    if form.hasGroups {
      line.add(groups)
      line.add(locks)
    }
    line.add(" \(glyphs.separator) ", .header)
    line.add(liveness)
    return line
  }

  private enum Names {
    case full, short, none
  }

  /// Sources that need attention first, for narrow screens.
  private var worstFirst: [SourceStatus] {
    let ranks: [SourceStatus.Phase: Int] = [.down: 0, .degraded: 1, .connecting: 2, .catchingUp: 3, .up: 4]
    let places = header.sources.enumerated().map { (ranks[$0.element.phase] ?? 4, $0.offset) }
    return places.sorted { $0 < $1 }.map { header.sources[$0.1] }
  }

  /// Short name: the kind in three or four letters, then the part that distinguishes sources of one kind.
  private static func short(_ source: SourceStatus) -> String {
    let known: [SourceKind: String] = [.kafka: "kfk", .redis: "rds", .services: "svc"]
    let kind = known[source.kind] ?? String(source.kind.rawValue.prefix(4))
    return ([kind] + source.name.split(separator: " ").dropFirst().map { String($0.prefix(4)) }).joined(separator: " ")
  }

  /// A healthy lag source is left out if groups are shown. Sources that only provide evidence are shown only if they fail or are outdated.
  private func isLeftOut(_ source: SourceStatus) -> Bool {
    guard source.phase == .up else { return false }
    if source.kind == .lag { return status.groups.readAt != nil }
    return source.kind.use == .evidence && source.isCurrent(at: context.now)
  }

  /// "7/8": number of services that are up.
  private func services(_ source: SourceStatus, isShort: Bool) -> StyledLine {
    guard let count = header.services, source.phase != .down else { return phase(source, isLong: false) }
    let roles: [Health: StyleRole] = [.well: .ok, .unknown: .warning, .trouble: .critical]
    let role: StyleRole = source.phase == .connecting ? .header : roles[count.health] ?? .header
    let phrase = isShort ? short(count) : count.phrase
    return StyledLine("\(phrase) ", role, role == .critical ? .strong : [])
  }

  /// "✖1 ▲4": number of services that are down and degraded.
  private func short(_ count: HeaderView.Services) -> String {
    let bad = [(glyphs.failed, count.down), (glyphs.stuck, count.degraded)].filter { $0.1 > 0 }.map { "\($0)\($1)" }
    return bad.isEmpty ? count.phrase : bad.joined(separator: " ")
  }

  /// "groups 7 ▲1": total, and the number of groups in trouble, or with a warning if none is in trouble.
  private var groups: StyledLine {
    guard status.groups.readAt != nil else { return StyledLine() }
    let troubled = status.groups.counts.reduce(0) { $0 + ($1.key.isTrouble ? $1.value : 0) }
    var line = StyledLine(" groups \(Quantity.count(status.groups.total)) ", .header)
    if status.lagSilence != nil {
      line.add("stale ", .stale)
    } else if troubled > 0 {
      line.add("\(glyphs.stuck)\(Quantity.count(troubled)) ", .critical, .strong)
    } else if let warned = status.groups.counts[.warning], warned > 0 {
      line.add("\(glyphs.stuck)\(Quantity.count(warned)) ", .warning)
    } else if status.groups.health == .unknown {
      line.add("\(glyphs.pending) ", .warning)
    } else {
      line.add("\(glyphs.running) ", .ok)
    }
    return line
  }

  /// "locks 7 ▲1": number of held locks, and of locks in trouble. Empty if no locks are watched.
  private var locks: StyledLine {
    guard status.locks.readAt != nil, !status.locks.patterns.isEmpty else { return StyledLine() }
    let troubled = status.locks.counts.reduce(0) { $0 + ($1.key.isTrouble ? $1.value : 0) }
    var line = StyledLine(" locks \(Quantity.count(status.locks.total)) ", .header)
    if status.lockSilence != nil {
      line.add("stale ", .stale)
    } else if troubled > 0 {
      line.add("\(glyphs.stuck)\(Quantity.count(troubled)) ", .critical, .strong)
    } else if !status.locks.coverage.isWhole || status.locks.dropped > 0 {
      line.add("\(glyphs.pending) ", .warning)
    } else {
      line.add("\(glyphs.running) ", .ok)
    }
    return line
  }

  private func badges(isLong: Bool) -> StyledLine {
    var line = StyledLine()
    let name = Truncation.middle(header.context, columns: isLong ? 24 : 12, ellipsis: glyphs.ellipsis)
    if header.isProtected {
      line.add(isLong ? " \(name) PROTECTED " : " \(name)! ", .protected, .strong)
    } else {
      line.add(name, .header, .strong)
    }
    if header.isReadOnly {
      line.add(" ", .header)
      line.add(isLong ? " READ-ONLY " : " RO ", .badge)
    }
    if header.isInferred {
      line.add(" ", .header)
      let doubts = header.doubts.isEmpty ? "" : ", \(header.doubts.joined(separator: ", ")) not sure"
      line.add(isLong ? " INFERRED\(doubts) " : doubts.isEmpty ? " INF " : " INF? ", .badge)
    }
    if isLong, header.unmatched > 0 { line.add(" \(Quantity.count(header.unmatched)) unmatched", .warning) }
    return line
  }

  private func phase(_ source: SourceStatus, isLong: Bool) -> StyledLine {
    var line = StyledLine()
    let isSilent = source.silence(at: header.now) != nil
    switch source.phase {
    case .connecting: line.add("\(glyphs.pending)", .warning)
    case .catchingUp:
      line.add("\(glyphs.running)", .running)
      line.add(source.progress.map { " \(Int(max(0, min(1, $0)) * 100)) %" } ?? " reading", .running)
    case .up where isSilent, .degraded where isSilent:
      line.add("\(glyphs.pending) silent", .stale)
    case .up: line.add("\(glyphs.running)", .ok)
    case .degraded: line.add("\(glyphs.stuck)", .warning)
    case .down: line.add("\(glyphs.failed)", .critical, .strong)
    }
    if let brokers = source.brokers, source.phase == .up || source.phase == .degraded {
      line.add(" \(brokers)", .header)
    }
    if isLong, source.phase == .connecting || source.phase == .degraded || source.phase == .down {
      line.add(" \(source.phase.rawValue)", .header)
    }
    line.add(" ", .header)
    return line
  }

  private var liveness: StyledLine {
    let clock = Quantity.clock(header.now, offset: context.localOffset)
    if let replay = app.replay {
      return StyledLine(" \(replay.text(clock: clock, glyphs: glyphs)) ", .badge, .strong)
    }
    if status.past != nil { return StyledLine(" PAST \(clock) ", .past, .strong) }
    if app.frozenAt != nil { return StyledLine(" frozen \(clock) ", .badge, .strong) }
    if let silence = app.frontList.silence(status) {
      return StyledLine("stale \(Quantity.age(silence)) \(clock)", .stale, .strong)
    }
    return StyledLine("live \(clock)", .header)
  }
}
