import Core
import Text

/// Plays a recording into a sink, observation by observation, as the sources did once. Belongs to one thread.
package final class RecordingPlayer {
  /// Messages that are handed over at once, where more have one time: sources hand over fewer.
  private static let mostAtOnce = 4096

  private enum Kind: String { case message, status, lag, locks, service, actions, end }

  package let header: RecordingHeader
  /// Lines that are no observations; they were passed over.
  package private(set) var damagedLines = 0
  /// Where the first of them is: `file:line`.
  private var firstDamage: String?
  /// The line that `lines` was read from.
  private var place: (path: String, line: Int) = ("", 0)
  /// Messages and readings that were handed over.
  package private(set) var messages = 0
  package private(set) var readings = 0
  /// The time of the observation that comes next; `nil` at the end.
  package private(set) var next: Timestamp?
  /// The time of the last one, or of the recording's end where it has one.
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

  /// The files of one recording, the oldest first. `clock` is set to the time of each observation before `sink` gets it. Throws where
  /// the first file is no recording.
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

  /// What a recording begins with, without playing it.
  package static func header(of path: String) throws(RecordingError) -> RecordingHeader {
    try RecordingReader(path).header()
  }

  /// What cannot be read, in a sentence each.
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

  /// What was met in the messages that a reader should know, in a sentence each.
  package var notes: [String] { messagesOf.notes }

  /// Hands over the next observation. False at the end.
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

  /// Hands over all up to the instant, or as many as `isEnough` lets through.
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

  /// To the next line that is an observation. Kinds that this program does not know are passed over, because a newer one may know them.
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
      // A clock that was set back does not turn the replay's back.
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
