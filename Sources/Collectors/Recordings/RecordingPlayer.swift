import Core
import Text

/// Replays a recording into a sink, one observation at a time, as the sources delivered it. Belongs to one thread.
package final class RecordingPlayer {
  /// Maximum number of messages delivered together if many have the same time. Sources deliver fewer.
  private static let mostAtOnce = 4096

  private enum Kind: String { case message, status, lag, locks, service, pods, actions, end }

  package let header: RecordingHeader
  /// Number of skipped lines that are no observations.
  package private(set) var damagedLines = 0
  /// Position of the first damaged line: `file:line`.
  private var firstDamage: String?
  /// File and line number of `lines`.
  private var place: (path: String, line: Int) = ("", 0)
  /// Number of messages and samples delivered.
  package private(set) var messages = 0
  package private(set) var readings = 0
  /// The time of the next observation; `nil` at the end.
  package private(set) var next: Timestamp?
  /// The time of the last observation, or of the end of the recording if it is marked.
  package private(set) var last: Timestamp

  private let clock: ObservationClock
  private let sink: any ObservationSink
  private let symbols: SymbolTable
  private var paths: ArraySlice<String>
  private var reader: RecordingReader
  private var damages: [String] = []
  private var lines: RecordedLine
  private var messagesOf: RecordedMessages
  private var kind = Kind.end

  /// `paths` are the files of one recording, the oldest first. `clock` is set to the time of each observation before `sink` gets it.
  /// Throws if the first file is no recording.
  package init(
    _ paths: [String], system: SystemDefinition, clock: ObservationClock, symbols: SymbolTable,
    sink: any ObservationSink
  ) throws(RecordingError) {
    self.paths = paths[...]
    guard let first = self.paths.popFirst() else { throw RecordingError("no recording is named") }
    reader = try RecordingReader(first)
    header = try reader.header()
    last = header.startedAt
    self.clock = clock
    self.sink = sink
    self.symbols = symbols
    lines = RecordedLine()
    messagesOf = RecordedMessages(system, symbols: symbols, sink: sink)
    advance()
  }

  /// Reads only the header of a recording.
  package static func header(of path: String) throws(RecordingError) -> RecordingHeader {
    try RecordingReader(path).header()
  }

  /// Read errors, one sentence each.
  package var complaints: [String] {
    damages + [reader.damage].compactMap { $0 } + [passedOver].compactMap { $0 }
  }

  private var passedOver: String? {
    guard let firstDamage else { return nil }
    return damagedLines == 1
      ? "\(firstDamage): this line is damaged and was passed over"
      : "\(firstDamage): this line is damaged, and \(damagedLines - 1) more; they were passed over"
  }

  private func noteDamage() {
    damagedLines += 1
    firstDamage = firstDamage ?? "\(place.path):\(place.line)"
  }

  /// Notes on the messages for the reader, one sentence each.
  package var notes: [String] { messagesOf.notes }

  /// Delivers the next observation. Returns false at the end.
  @discardableResult
  package func step() -> Bool {
    guard let time = next else { return false }
    last = time
    clock.set(time)
    guard kind == .message else {
      deliver(lines.bytes, kind)
      advance()
      return true
    }
    let end = messages + Self.mostAtOnce
    repeat {
      messagesOf.take(lines)
      messages += 1
      advance()
    } while next == time && kind == .message && messages < end
    messagesOf.flush()
    return true
  }

  /// Delivers all observations up to `instant`, or until `isEnough` returns true.
  package func play(until instant: Timestamp, unless isEnough: () -> Bool = { false }) {
    while let next, next <= instant, !isEnough() { step() }
  }

  private func deliver(_ line: [UInt8], _ kind: Kind) {
    guard kind != .end else { return }
    do throws(DamagedLine) {
      let reading = try DamagedLine.need(JSONNode(line)?["reading"])
      switch kind {
      case .status: sink.accept(try RecordedStatus.status(reading))
      case .lag: sink.accept(try RecordedLag(symbols: symbols).reading(reading))
      case .locks: sink.accept(try RecordedLocks.reading(reading))
      case .service: sink.accept(try RecordedService.reading(reading))
      case .pods: sink.accept(try RecordedPods.sample(reading))
      case .actions: sink.accept(try actions(reading))
      case .message, .end: break
      }
      readings += 1
    } catch {
      noteDamage()
    }
  }

  private func actions(_ node: JSONNode) throws(DamagedLine) -> [ActionRecord] {
    var actions: [ActionRecord] = []
    for action in node.elements ?? [] { actions.append(try RecordedAction.record(action)) }
    return actions
  }

  /// Moves to the next observation. Unknown kinds are skipped: a newer program may have written them.
  private func advance() {
    while true {
      guard let line = reader.next() else {
        guard openNext() else {
          next = nil
          return
        }
        continue
      }
      place = (reader.path, reader.line)
      guard let time = lines.read(line) else {
        noteDamage()
        continue
      }
      guard let kind = Kind(rawValue: lines.kind) else { continue }
      // The replay time never goes back, even if the system clock was set back during the recording.
      next = max(time, next ?? time)
      self.kind = kind
      return
    }
  }

  private func openNext() -> Bool {
    guard !paths.isEmpty else { return false }
    damages += [reader.damage].compactMap { $0 }
    while let path = paths.popFirst() {
      do throws(RecordingError) {
        let other = try RecordingReader(path)
        _ = try other.header()
        reader = other
        return true
      } catch {
        damages.append(error.description)
      }
    }
    return false
  }
}
