import Core
import Synchronization
import Text

/// Writes every observation to a recording and hands it on, one at a time, so that a replay finds them in the order in which the store
/// took them. Safe on any thread.
package final class RecordingSink: ObservationSink {
  package struct Figures: Sendable, Equatable {
    package var messages = 0
    package var readings = 0
    /// Of all files, as far as they are written.
    package var bytes = 0
  }

  package enum End: Sendable, Equatable {
    case full
    case failed(String)
  }

  private struct State: ~Copyable {
    var writer: RecordingWriter
    var last = Timestamp.distantPast
    var figures = Figures()
    var end: End?
    /// When it ended.
    var finishedAt: Timestamp?
  }

  package let wantsOriginals = true

  private let state: Mutex<State>
  private let clock: ObservationClock
  private let sink: any ObservationSink
  private let symbols: SymbolTable
  private let mask: RecordingMask?
  private let now: @Sendable () -> Timestamp

  /// `clock` is set to the time of each observation before `sink` gets it: the sink's own clock.
  package init(
    _ path: String, header: RecordingHeader, limits: RecordingWriter.Limits = .init(), mask: RecordingMask? = nil,
    clock: ObservationClock, symbols: SymbolTable, sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp
  ) throws(RecordingError) {
    state = Mutex(State(writer: try RecordingWriter(path, header: header, limits: limits)))
    self.clock = clock
    self.symbols = symbols
    self.sink = sink
    self.mask = mask
    self.now = now
  }

  package var figures: Figures { state.withLock { $0.figures } }

  /// Why the recording ended by itself; `nil` as long as it goes on.
  package var end: End? { state.withLock { $0.end } }

  /// Makes all that was handed over readable from the file. To be called every second at least.
  package func flush() {
    state.withLock { state in
      guard state.end == nil, state.finishedAt == nil else { return }
      do throws(RecordingError) { try state.writer.flush() } catch { state.end = .failed(error.description) }
      state.figures.bytes = state.writer.total
    }
  }

  /// Ends the recording at the next whole millisecond, by which its end can be named exactly, and returns that.
  package func finish() -> Timestamp {
    state.withLock { state in
      let instant = finish(&state)
      clock.set(instant)
      return instant
    }
  }

  private func finish(_ state: inout State) -> Timestamp {
    if let instant = state.finishedAt { return instant }
    let instant = Timestamp(milliseconds: Self.tick(&state, now()).milliseconds + 1)
    state.finishedAt = instant
    if case .failed = state.end { return instant }
    do throws(RecordingError) {
      try state.writer.end(with: Self.line("end", nil, at: instant))
    } catch { state.end = .failed(error.description) }
    state.figures.bytes = state.writer.total
    return instant
  }

  package func accept(_ batch: EventBatch) {
    record(readings: 0, messages: batch.originals.count) { time in
      var lines: [UInt8] = []
      let recorded = RecordedMessage(symbols: symbols)
      for original in batch.originals { recorded.append(mask?.masked(original) ?? original, at: time, to: &lines) }
      return lines
    } then: {
      // A replay does not know what was read backwards, and must come to the same end.
      var batch = batch
      (batch.isPast, batch.endsSlice) = (false, false)
      sink.accept(batch)
    }
  }

  package func accept(_ status: SourceStatus) {
    record("status", RecordedStatus.node(status)) { sink.accept(status) }
  }

  package func accept(_ reading: LagSample) {
    record("lag", RecordedLag(symbols: symbols).node(reading)) { sink.accept(reading) }
  }

  package func accept(_ reading: LockSample) {
    record("locks", RecordedLocks.node(reading)) { sink.accept(reading) }
  }

  package func accept(_ reading: ServiceSample) {
    record("service", RecordedService.node(mask == nil ? reading : RecordingMask.stripped(reading))) {
      sink.accept(reading)
    }
  }

  /// Not recorded: traces are fetched for those who look at a saga, and nobody looks here.
  package func accept(_ sample: TraceSample) { sink.accept(sample) }

  package func accept(_ actions: [ActionRecord]) {
    record("actions", .array(actions.map(RecordedAction.node))) { sink.accept(actions) }
  }

  private func record(_ kind: String, _ node: JSONNode, then pass: () -> Void) {
    record(readings: 1, messages: 0, { Self.line(kind, node, at: $0) }, then: pass)
  }

  /// What comes after the recording's end is not taken: the store stays as the recording tells it.
  private func record(
    readings: Int, messages: Int, _ lines: (Timestamp) -> [UInt8], then pass: () -> Void
  ) {
    state.withLock { state in
      guard state.end == nil, state.finishedAt == nil else { return }
      let time = Self.tick(&state, now())
      do throws(RecordingError) { if try !state.writer.write(lines(time)) { state.end = .full } } catch {
        state.end = .failed(error.description)
        return
      }
      state.figures.messages += messages
      state.figures.readings += readings
      state.figures.bytes = state.writer.total
      clock.set(time)
      pass()
      if state.end == .full { _ = finish(&state) }
    }
  }

  /// No two observations have the same time.
  private static func tick(_ state: inout State, _ now: Timestamp) -> Timestamp {
    state.last = max(now, Timestamp(nanoseconds: state.last.nanoseconds &+ 1))
    return state.last
  }

  private static func line(_ kind: String, _ node: JSONNode?, at time: Timestamp) -> [UInt8] {
    RecordedObject.make { object in
      object.time("at", time)
      object.text("kind", kind)
      object.set("reading", node)
    }.bytes + [UInt8(ascii: "\n")]
  }
}
