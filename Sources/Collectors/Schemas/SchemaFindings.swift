import Core

/// What is known of the schemas of a registry, and which are requested next. Pure.
///
/// The number of schemas is limited, because ids come from messages: at most `mostRefused` unavailable ones are requested, and during an
/// outage at most `mostWaiting` are listed. The others are requested when a message needs them after the outage.
struct SchemaFindings {
  private static let mostKnown = 20_000
  private static let mostBytes = 64 << 20
  private static let mostRefused = 1000
  private static let mostWaiting = 10_000

  private struct Entry {
    var finding: SchemaRegistry.Finding
    var isAsked = false
    /// Time of the next request after a refusal.
    var retryAt: Timestamp?
    /// The registry has it, but it cannot be used.
    var isUnusable = false
    var lastUse = 0
  }

  private var entries: [SchemaID: Entry] = [:]
  private var queue: [SchemaID] = []
  private var uses = 0
  private var size = 0
  private var known = 0
  private(set) var refusals = 0
  private(set) var unusable = 0
  /// Number of look-ups of schemas that were not listed during the current outage.
  private var omitted = 0
  /// The reason of the outage; `nil` while the registry responds.
  private(set) var outage: String?
  private(set) var hasAnswered = false
  private(set) var retryAt = Timestamp.distantPast
  private var backoff = Backoff()
  private(set) var lastSuccess: Timestamp?
  private(set) var latency: Duration?
  /// The reason of one refused schema.
  private(set) var refusal: String?

  /// What was left out because of the limits, as a sentence.
  var omission: String? {
    guard omitted > 0 else { return nil }
    return
      "\(Self.mostWaiting) schemas wait for the registry; \(omitted) requests for others are left out until it responds"
  }

  /// Also returns whether the schema must be requested now.
  mutating func find(_ id: SchemaID) -> (SchemaRegistry.Finding, isNew: Bool) {
    uses += 1
    entries[id]?.lastUse = uses
    guard let finding = known(id) else {
      entries[id] = Entry(finding: .awaited, lastUse: uses)
      queue.append(id)
      return (.awaited, true)
    }
    if entries[id] == nil, finding.isOut { list(id, finding) }
    return (finding, false)
  }

  /// What is known of a schema; `nil` if it has to be requested.
  func known(_ id: SchemaID) -> SchemaRegistry.Finding? {
    if let entry = entries[id] { return entry.finding }
    if refusals >= Self.mostRefused {
      return .refused("\(id): not asked for, because \(Self.mostRefused) others are not known to the registry")
    }
    return outage.map { .out($0) }
  }

  /// Lists a schema that is looked up during an outage.
  private mutating func list(_ id: SchemaID, _ finding: SchemaRegistry.Finding) {
    if entries.count - known - refusals < Self.mostWaiting {
      entries[id] = Entry(finding: finding, lastUse: uses)
    } else {
      omitted += 1
    }
  }

  /// The next schema to request.
  mutating func take() -> SchemaID? {
    guard outage == nil, !queue.isEmpty else { return nil }
    let id = queue.removeFirst()
    entries[id]?.isAsked = true
    return id
  }

  /// Too many schemas are unknown to the registry, so the ids are probably not real: the remaining ones are not requested.
  private mutating func giveUp() {
    guard refusals >= Self.mostRefused else { return }
    for id in queue where entries[id]?.retryAt == nil { entries[id] = nil }
    queue.removeAll { entries[$0] == nil }
  }

  /// Returns whether an outage ended, so that waiting requests can be sent.
  mutating func noteAnswer(at instant: Timestamp, latency: Duration) -> Bool {
    (lastSuccess, self.latency, hasAnswered) = (instant, latency, true)
    guard outage != nil else { return false }
    (outage, omitted) = (nil, 0)
    backoff.reset()
    for (id, entry) in entries where entry.finding.isOut {
      entries[id]?.finding = .awaited
      queue.append(id)
    }
    giveUp()
    return true
  }

  mutating func noteOutage(_ reason: String, at instant: Timestamp) {
    outage = reason
    retryAt = instant + backoff.next()
  }

  /// The request of a schema had no response because of an outage.
  mutating func wasNotAnswered(_ id: SchemaID) { entries[id]?.isAsked = false }

  /// Call after `noteOutage`. The registry may have responded since then: then requests that were not answered are queued again. Returns
  /// whether there are any.
  mutating func refuseAll(_ reason: String) -> Bool {
    guard outage != nil else { return queueUnanswered() }
    queue.removeAll()
    for (id, entry) in entries {
      guard case .awaited = entry.finding, !entry.isAsked else { continue }
      entries[id]?.finding = .out(reason)
    }
    return false
  }

  private mutating func queueUnanswered() -> Bool {
    let queued = Set(queue)
    for (id, entry) in entries where !entry.isAsked && !queued.contains(id) {
      if case .awaited = entry.finding { queue.append(id) }
    }
    return queue.count > queued.count
  }

  mutating func settle(_ id: SchemaID, _ schema: MessageSchema) {
    if let entry = entries[id], entry.retryAt != nil {
      refusals -= 1
      unusable -= entry.isUnusable ? 1 : 0
    }
    entries[id] = Entry(finding: .schema(schema), lastUse: uses)
    known += 1
    size += schema.size
    forget()
  }

  mutating func refuse(_ id: SchemaID, _ reason: String, isUnusable: Bool, again: Timestamp) {
    let before = entries[id]
    if before?.retryAt == nil { refusals += 1 }
    unusable += (isUnusable ? 1 : 0) - (before?.isUnusable ?? false ? 1 : 0)
    refusal = reason
    entries[id] = Entry(finding: .refused(reason), retryAt: again, isUnusable: isUnusable, lastUse: uses)
    giveUp()
  }

  mutating func requeue(at instant: Timestamp) {
    guard outage == nil, refusals > 0 else { return }
    for (id, entry) in entries where !entry.isAsked {
      guard let retryAt = entry.retryAt, retryAt <= instant else { continue }
      entries[id]?.retryAt = instant + .seconds(100)
      queue.append(id)
    }
  }

  /// Drops the least recently used schemas if there are too many.
  private mutating func forget() {
    guard known > Self.mostKnown || size > Self.mostBytes else { return }
    let oldest = entries.sorted { $0.value.lastUse < $1.value.lastUse }.prefix(entries.count / 4 + 1)
    for (id, entry) in oldest {
      guard case .schema(let schema) = entry.finding else { continue }
      entries[id] = nil
      known -= 1
      size -= schema.size
    }
  }
}
