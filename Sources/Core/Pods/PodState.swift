/// The known pods with their recent history. Not thread-safe: `Store` guards it.
struct PodState {
  /// The maximum number of pods; further ones are dropped.
  static let most = 10_000
  private static let mostGone = 500
  private static let mostEnds = 20
  private static let mostEvents = 8
  /// How long a deleted pod is remembered.
  static let memory = Duration.seconds(900)

  struct End: Sendable {
    /// Without a time that is not used.
    var termination: Pod.Termination
    /// All reports of one termination are equal, also after the clock has reached a time that was ahead.
    var reported: Pod.Termination
    /// The time of the first report.
    var seenAt: Timestamp
  }

  struct Record: Sendable {
    var pod: Pod
    /// When it was first reported (`seenAt`), and when its readiness last changed (`readySince`).
    var seenAt: Timestamp
    var readySince: Timestamp?
    /// Reported container terminations, the oldest first.
    var ends: [End] = []
    var events: [PodEvent] = []
    var goneAt: Timestamp?

    /// Adds the termination of `pod`, unless it is known. A container that does not run now has ended, even if the time is not used.
    mutating func note(_ reported: Pod.Termination, as pod: Pod, at time: Timestamp) {
      guard let end = pod.termination, ends.last?.reported != reported, end == reported || pod.waiting != nil else {
        return
      }
      ends.append(End(termination: end, reported: reported, seenAt: time))
      if ends.count > PodState.mostEnds { ends.removeFirst() }
    }
  }

  private(set) var records: [Pod.ID: Record] = [:]
  private var gone: [Pod.ID] = []
  /// The number of reports that were dropped. If it is not 0, no service gets a verdict from its pods alone.
  private(set) var dropped = 0
  private(set) var readAt: Timestamp?
  private var byService: [String: Set<Pod.ID>] = [:]

  var isEmpty: Bool { records.isEmpty }

  /// Approximate size in bytes.
  var bytes: Int {
    records.values.reduce(0) { $0 + MemoryLayout<Record>.stride + 1000 + 200 * ($1.ends.count + $1.events.count) }
  }

  mutating func note(_ sample: PodSample) {
    readAt = max(readAt ?? sample.time, sample.time)
    for change in sample.changes {
      switch change {
      case .pod(let pod): note(pod, at: sample.time)
      case .gone(let id): remove(id, at: sample.time)
      case .event(let event): note(event, at: sample.time)
      case .all(let ids):
        let known = Set(ids)
        for id in records.keys where !known.contains(id) && records[id]?.goneAt == nil { remove(id, at: sample.time) }
      }
    }
    forget(before: sample.time - Self.memory)
  }

  /// The clock of a node may be ahead by seconds. Times further ahead are not used, because their cause is unknown.
  private static let tolerance = Duration.seconds(60)

  private static func isBelieved(_ instant: Timestamp?, at time: Timestamp) -> Bool {
    instant.map { $0 <= time + tolerance } ?? true
  }

  private mutating func note(_ pod: Pod, at time: Timestamp) {
    var pod = pod
    if !Self.isBelieved(pod.createdAt, at: time) { pod.createdAt = nil }
    let reportedEnd = pod.termination
    if !Self.isBelieved(reportedEnd?.finishedAt, at: time) { pod.termination?.finishedAt = nil }
    guard var record = records[pod.id] ?? make(pod, at: time) else { return dropped += 1 }
    if record.goneAt != nil {
      gone.removeAll { $0 == pod.id }
      record.goneAt = nil
    }
    if record.pod.isReady != pod.isReady || record.readySince == nil { record.readySince = time }
    if let reportedEnd { record.note(reportedEnd, as: pod, at: time) }
    if record.pod.service != pod.service { leave(record.pod) }
    record.pod = pod
    records[pod.id] = record
    if let service = pod.service { byService[service, default: []].insert(pod.id) }
  }

  private func make(_ pod: Pod, at time: Timestamp) -> Record? {
    records.count < Self.most ? Record(pod: pod, seenAt: time) : nil
  }

  private mutating func note(_ event: PodEvent, at time: Timestamp) {
    guard var events = records[event.pod]?.events else { return }
    var event = event
    if !Self.isBelieved(event.lastAt, at: time) { event.lastAt = nil }
    events.removeAll { $0.reason == event.reason }
    events.append(event)
    if events.count > Self.mostEvents { events.removeFirst() }
    records[event.pod]?.events = events
  }

  private mutating func remove(_ id: Pod.ID, at time: Timestamp) {
    guard records[id]?.goneAt == nil, records[id] != nil else { return }
    records[id]?.goneAt = time
    gone.append(id)
    if gone.count > Self.mostGone { drop(gone.removeFirst()) }
  }

  private mutating func forget(before time: Timestamp) {
    while let first = gone.first, records[first]?.goneAt.map({ $0 < time }) ?? true { drop(gone.removeFirst()) }
  }

  private mutating func drop(_ id: Pod.ID) {
    if let pod = records[id]?.pod { leave(pod) }
    records[id] = nil
  }

  private mutating func leave(_ pod: Pod) {
    guard let service = pod.service else { return }
    byService[service]?.remove(pod.id)
    if byService[service]?.isEmpty ?? false { byService[service] = nil }
  }

  /// The services with known pods, sorted by name.
  var services: [String] { byService.keys.sorted() }

  /// `nil` if the service has no known pod.
  func service(_ name: String, now: Timestamp) -> ServicePods? {
    guard let ids = byService[name], let readAt else { return nil }
    let views = ids.sorted().compactMap { records[$0].map { PodView($0, now: now) } }
    return views.isEmpty ? nil : ServicePods(views, readAt: readAt)
  }

  /// The pod with this name in any namespace.
  func pod(named name: String, now: Timestamp) -> PodView? {
    records.keys.filter { $0.name == name }.min().flatMap { records[$0] }.map { PodView($0, now: now) }
  }
}
