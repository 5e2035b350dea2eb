import Collectors
import Configuration
import Core
import Reports
import Synchronization
import TUI

/// `sagatop snapshot`: collect once, print, end.
struct SnapshotCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws(ConfigurationError) -> Int32 {
    let subject = try view()
    guard invocation.recording.files.isEmpty else {
      let (store, instant) = try ReplayStore.filled(invocation, settings)
      let code = OutputTarget(path: invocation.output).write(try render(store, subject, now: instant))
      guard code == ExitCode.fine, !store.isComplete else { return code }
      FirstReading.complainOfMissing(in: store)
      return ExitCode.unknown
    }
    let bell: Bell
    do throws(TerminalError) { bell = try Bell() } catch { throw ConfigurationError([error.message]) }
    let watch = try Watch(
      settings, readsEvents: readsEvents, readsGroups: reads(.lag), readsLocks: reads(.locks),
      readsServices: reads(.services)
    ) { bell.ring() }
    watch.start()
    let isComplete =
      !watch.hasSources || FirstReading.wait(for: watch.store, bell, atMost: invocation.timeout)
    let text = try render(watch.store, subject, now: SystemClock.now())
    let code = OutputTarget(path: invocation.output).write(text)
    watch.stop()
    guard code == ExitCode.fine, !isComplete else { return code }
    FirstReading.complainOfMissing(in: watch.store)
    return ExitCode.unknown
  }

  /// Consumer groups and services are known without reading any event.
  private var readsEvents: Bool { readsAll || !invocation.sections.isSubset(of: [.lag, .services, .sources]) }

  /// What a section is made of is read for it alone.
  private func reads(_ section: SnapshotSection) -> Bool { readsAll || invocation.sections.contains(section) }

  /// A picture may show anything, and the section of sources alone is about all of them.
  private var readsAll: Bool {
    let isDocument = invocation.format == .json || invocation.format == .table
    return !isDocument || invocation.sections == [.sources]
  }

  /// `nil` is one saga, by its id.
  func view() throws(ConfigurationError) -> ViewID? {
    if invocation.saga != nil { return nil }
    if let view = ViewID(rawValue: invocation.view) { return view }
    let known = ViewID.allCases.map(\.rawValue)
    let hint = NearestWord.hint(invocation.view, among: known)
    throw ConfigurationError([
      "unknown view `\(invocation.view)`\(hint) (known are \(known.joined(separator: ", ")), saga)"
    ])
  }

  func render(_ store: Store, _ view: ViewID?, now: Timestamp) throws(ConfigurationError) -> String {
    switch invocation.format {
    case .json:
      let document = document(store, now)
      return JSONWriter.write(document, isPretty: true) + "\n"
    case .table, .text, .markdown:
      let (snapshot, lag, locks, services) = read(store, now)
      return SnapshotTable.text(
        snapshot, lag: lag, locks: locks, services: services, sections: invocation.sections)
    case .screen:
      let frame = try frame(store, view, now)
      return invocation.hasScreenColor ? frame.ansiText(theme: try ThemeChoice(settings.theme).current) : frame.text
    case .svg:
      return try frame(store, view, now).svg(theme: try ThemeChoice(settings.theme).current)
    }
  }

  private func document(_ store: Store, _ now: Timestamp) -> JSONValue {
    let (snapshot, lag, locks, services) = read(store, now)
    return SnapshotJSON.document(
      snapshot, lag: lag, locks: locks, services: services, sections: invocation.sections)
  }

  private func read(_ store: Store, _ now: Timestamp) -> (SnapshotView, LagReport?, LockListView?, ServicesView?) {
    let lag = invocation.sections.contains(.lag) ? LagReport(of: store, now: now) : nil
    let locks = invocation.sections.contains(.locks) ? store.locks(LockQuery(limit: .max), now: now) : nil
    let services = invocation.sections.contains(.services) ? store.services(limit: .max, now: now) : nil
    return (store.snapshot(now: now), lag, locks, services)
  }

  private func frame(_ store: Store, _ view: ViewID?, _ now: Timestamp) throws(ConfigurationError) -> Frame {
    if view == .actions { ActionWiring.gate(settings, store: store).readAudit() }
    var subject = ScreenDump.Subject.view(view ?? .overview)
    if let id = invocation.saga {
      guard let handle = store.find(id: id) else { throw ConfigurationError(["no saga has the id `\(id)`"]) }
      subject = .saga(handle, id: id)
    }
    let glyphs = settings.isASCII ?? false ? Glyphs.ascii : .unicode
    let dump = ScreenDump(
      subject: subject, size: invocation.size, glyphs: glyphs, localOffset: LocalTime.offset(at: now))
    return dump.frame(of: store, now: now)
  }
}
