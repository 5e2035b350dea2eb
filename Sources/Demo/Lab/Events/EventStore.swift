import Glibc

/// The lab's event store: an append-only list, and read models that are updated periodically.
final class EventStore {
  struct Projection {
    let name: String
    /// Number of events applied.
    var taken = 0
    var updatedAt = Clock.epochMilliseconds()
  }

  private static let mostListed = 500
  private static let interval = 1000

  private let context: LabContext
  private var events: [JSON] = []
  /// The first index of each event id. Reading after this index skips nothing, even if the event is listed twice.
  private var places: [String: Int] = [:]
  private var versions: [String: Int] = [:]
  private var created = 0
  private(set) var projections = ["UserProjection", "OrderProjection", "PaymentProjection"].map { Projection(name: $0) }
  /// Called with each projection and its number of applied events.
  var onUpdate: (String, Int) -> Void = { _, _ in }

  init(context: LabContext) {
    self.context = context
  }

  func open() { context.loop.after(milliseconds: Self.interval) { self.update() } }

  var count: Int { events.count }
  var lastID: String? { events.last?["event_id"]?.stringValue }

  /// Adds an event of a saga. Its version within the aggregate is assigned now, even if it is listed late.
  func add(_ type: String, _ saga: LabSaga, at time: Int64, _ data: [JSON.Member]) {
    created += 1
    let aggregate = "order-\(saga.number)"
    versions[aggregate, default: 0] += 1
    let digits = String(created)
    let event = JSON.members([
      "event_id": .string("evt-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits),
      "aggregate_id": .string(aggregate), "event_type": .string(type), "version": .integer(versions[aggregate] ?? 1),
      "timestamp": .string(Clock.text(time)),
      "data": .object([.init(name: "saga_id", value: .string(saga.id))] + data),
    ])
    let isLate = context.isOn(.reorder) && context.book.isLate(saga.number, type)
    let delay = isLate ? context.book.chance.pick(200...800, saga.number, "lateness " + type) : 0
    if delay == 0 { list(event) } else { context.loop.after(milliseconds: delay) { self.list(event) } }
    guard context.isOn(.duplicates), context.book.isDuplicated(saga.number, type) else { return }
    context.loop.after(milliseconds: delay + 50) { self.list(event) }
  }

  private func list(_ event: JSON) {
    if let id = event["event_id"]?.stringValue { places[id] = places[id] ?? events.count }
    events.append(event)
  }

  /// The response to `GET /api/events`: all events, those after an id (`after`), or those since a time (`since`).
  func document(_ query: [String: String]) -> JSON {
    var rest = events[...]
    if let after = query["after"], let place = places[after] { rest = events[(place + 1)...] }
    if let since = query["since"] { rest = rest.drop { ($0["timestamp"]?.stringValue ?? "") < since } }
    let limit = query["limit"].flatMap { Int($0) }.map { min(max(1, $0), Self.mostListed) } ?? Self.mostListed
    return .members(["events": .array(Array(rest.prefix(limit))), "total": .integer(events.count)])
  }

  /// The response to `GET /api/projections/status`.
  var projectionStatus: JSON {
    .members([
      "projections": .array(
        projections.map { projection in
          .members([
            "name": .string(projection.name),
            "status": .string(isBehind(projection) ? "processing" : "up-to-date"),
            "last_update": .string(Clock.text(projection.updatedAt)),
          ])
        })
    ])
  }

  /// Whether it has not caught up for two update intervals. Newer events are no backlog.
  private func isBehind(_ projection: Projection) -> Bool {
    Clock.epochMilliseconds() - projection.updatedAt > 2 * Int64(Self.interval) && projection.taken < events.count
  }

  private func update() {
    defer { open() }
    for place in projections.indices where !(place == 0 && context.isOn(.projectionStall)) {
      let new = events.count - projections[place].taken
      projections[place].taken = events.count
      projections[place].updatedAt = Clock.epochMilliseconds()
      if new > 0 { onUpdate(projections[place].name, new) }
    }
  }
}

/// The output of jobs in one file, in the format of `kubectl logs --prefix --timestamps`.
final class JobLog {
  let path: String
  private let container: String
  private let descriptor: Descriptor

  init(path: String, container: String) throws(SystemFailure) {
    self.path = path
    self.container = container
    descriptor = Descriptor(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
    guard descriptor.number >= 0 else { throw .last("opening the job log \(path)") }
  }

  func write(_ line: String, pod: String, at time: Int64) {
    Output.write("[pod/\(pod)/\(container)] \(Clock.text(time)) \(line)\n", to: descriptor.number)
  }
}
