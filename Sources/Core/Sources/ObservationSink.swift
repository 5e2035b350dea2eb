/// Takes what collectors observe. Called on the collectors' threads; the call returns when the observation is folded,
/// which is the collectors' back-pressure.
package protocol ObservationSink: Sendable {
  /// Batches are to hold their messages as they were read, too. Always the same answer.
  var wantsOriginals: Bool { get }

  func accept(_ batch: EventBatch)
  func accept(_ status: SourceStatus)
  func accept(_ reading: LagSample)
  func accept(_ reading: LockSample)
  func accept(_ reading: ServiceSample)
  func accept(_ sample: TraceSample)
  func accept(_ sample: PodSample)
  func accept(_ actions: [ActionRecord])
}

extension ObservationSink {
  package var wantsOriginals: Bool { false }
}
