import Core

/// Messages that did not fit into `HeldMessages` and were reported as undecoded. Their partitions must be read again when their schemas
/// arrive.
///
/// The lists are limited, because offsets and ids come from messages.
struct DroppedMessages {
  private static let mostSchemas = 10_000

  struct Part {
    var offsets: [Int64] = []
    /// The lowest offset of a message that was dropped beyond the limit.
    var firstUnlisted: Int64?
  }

  /// Maximum number of listed offsets, except that each partition has at least one.
  private let most: Int
  private var parts: [HeldMessages.Place: Part] = [:]
  private var listed = 0
  private var schemas: Set<SchemaID> = []
  private var count = 0
  /// Number of messages with schemas beyond the limit, and whether the registry did not respond for some of them.
  private var unlisted = 0
  private var isAnyUnlistedOut = false
  /// Some were dropped because the registry did not respond, and are not decoded until they are read again.
  private(set) var isOut = false

  init(most: Int = 1_000_000) { self.most = most }

  var isEmpty: Bool { parts.isEmpty }

  /// As a sentence; `nil` if there are none. `isReadAgain`: the reader reads them again when their schemas arrive.
  func note(isReadAgain: Bool) -> String? {
    guard count > 0 else { return nil }
    guard isReadAgain else {
      return
        "\(count) older \(count == 1 ? "message" : "messages") did not fit into memory and will not be decoded, also "
        + "if \(count == 1 ? "its schema arrives" : "their schemas arrive")"
    }
    let others = unlisted > 0 ? "; \(unlisted) of them have schemas beyond the first \(Self.mostSchemas)" : ""
    return "\(count) \(count == 1 ? "message" : "messages") did not fit into memory and will be read again when "
      + "\(count == 1 ? "its schema arrives" : "their schemas arrive")\(others)"
  }

  mutating func add(_ origin: Origin, _ schema: SchemaID, isOut: Bool) {
    let place = HeldMessages.Place(origin)
    // Beyond the limit only the first message of a partition is listed; the others remain reported as undecoded.
    if listed < most || parts[place] == nil {
      parts[place, default: Part()].offsets.append(origin.offset)
      listed += 1
    } else {
      let first = parts[place]?.firstUnlisted ?? .max
      parts[place]?.firstUnlisted = min(first, origin.offset)
    }
    count += 1
    self.isOut = self.isOut || isOut
    if schemas.count < Self.mostSchemas || schemas.contains(schema) {
      schemas.insert(schema)
    } else {
      unlisted += 1
      isAnyUnlistedOut = isAnyUnlistedOut || isOut
    }
  }

  /// Call after a response of the registry: messages whose schemas it refuses do not wait for it any longer.
  mutating func review(_ registry: SchemaRegistry) {
    isOut = isOut && (isAnyUnlistedOut || schemas.contains { registry.known($0)?.isOut ?? false })
  }

  /// Whether the schema of a message has arrived or can be requested. Refused schemas beyond the limit are not known to be available, and
  /// reading again because of them would not end.
  func isAnyAvailable(_ registry: SchemaRegistry) -> Bool {
    if isAnyUnlistedOut, !registry.isOut { return true }
    return schemas.contains { id in registry.known(id).map { !$0.isOut && !$0.isRefused } ?? true }
  }

  /// Returns the messages by partition and forgets them.
  mutating func take() -> [HeldMessages.Place: Part] {
    defer { self = DroppedMessages(most: most) }
    return parts
  }

  /// Forgets the messages of a partition that is not read any more.
  mutating func forget(_ place: HeldMessages.Place) {
    guard let part = parts.removeValue(forKey: place) else { return }
    if parts.isEmpty { return self = DroppedMessages(most: most) }
    (listed, count) = (listed - part.offsets.count, count - part.offsets.count)
  }
}
