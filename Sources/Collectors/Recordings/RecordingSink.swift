import Core
import Synchronization
import Text

/// Writes each observation to a recording and then passes it on, one at a time, so that a replay has the same order as the store.
/// Thread-safe.
package final class RecordingSink: ObservationSink {
  package struct Figures: Sendable, Equatable {
    package var messages = 0
    package var readings = 0
    /// Bytes written to all files.
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
    /// When the recording was finished.
    var finishedAt: Timestamp?
  }

  package let wantsOriginals = true

  private let state: Mutex<State>
  private let clock: ObservationClock
  private let sink: any ObservationSink
  private let symbols: SymbolTable
  private let mask: RecordingMask?
  private let now: @Sendable () -> Timestamp

  /// `clock` is set to the time of each observation before `sink` gets it. It must be the clock of the sink.
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

  /// Why the recording ended early; `nil` while it runs.
  package var end: End? { state.withLock { $0.end } }

  /// Makes all observations so far readable in the file. Must be called at least every second.
  package func flush() {
    state.withLock { state in
      guard state.end == nil, state.finishedAt == nil else { return }
      do throws(RecordingError) { try state.writer.flush() } catch { state.end = .failed(error.description) }
      state.figures.bytes = state.writer.total
    }
  }

  /// Ends the recording at the next whole millisecond, so that the end can be written exactly, and returns that time.
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
      // A replay does not know that messages were read backwards, and must give the same result.
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

  package func accept(_ sample: PodSample) {
    record("pods", RecordedPods.node(sample)) { sink.accept(sample) }
  }

  /// Not recorded: traces are fetched on demand when a saga is opened.
  package func accept(_ sample: TraceSample) { sink.accept(sample) }

  package func accept(_ actions: [ActionRecord]) {
    record("actions", .array(actions.map(RecordedAction.node))) { sink.accept(actions) }
  }

  private func record(_ kind: String, _ node: JSONNode, then pass: () -> Void) {
    record(readings: 1, messages: 0, { Self.line(kind, node, at: $0) }, then: pass)
  }

  /// Rejects observations after the end of the recording, so that the store matches the recording.
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

  /// Each observation gets a distinct time.
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
