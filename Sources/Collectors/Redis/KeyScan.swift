import Clients
import Core

/// Goes through a server's keys, a part in each round, and finds those of the wanted patterns.
struct KeyScan {
  private struct Cursor {
    let glob: String
    var place = "0"
    var isAtEnd = false
    var found = 0
  }

  /// First those of locks, then those that are only counted.
  private var cursors: [Cursor]
  private let lockPatterns: Int
  private let count: Int
  private var scanned = 0
  private var size: Int?
  /// Whole passes so far.
  private(set) var passes = 0
  /// Of the last whole pass.
  private(set) var counts: [Int]?

  init(_ settings: RedisSettings) {
    cursors = (settings.locks.map(\.pattern) + settings.counts).map { Cursor(glob: $0.glob) }
    lockPatterns = settings.locks.count
    count = settings.scanCount
  }

  /// Of the present pass, 0 to 1. A cursor does not tell its place: it is guessed from the number of keys.
  var progress: Double {
    guard let size, size > 0 else { return passes > 0 ? 1 : 0 }
    return min(0.99, Double(scanned) / Double(size * max(1, cursors.count)))
  }

  /// A server's time is what is to be spared, not the time on the way to it: one that is far off is asked this many times all the
  /// same, or a pass over many keys would never end.
  private static let leastSteps = 20

  /// Goes on until the pass is over or the time is; for the least number of steps until `last`. `found` gets the keys of locks, some perhaps
  /// twice.
  mutating func run(
    _ connection: RedisConnection, until end: ContinuousClock.Instant, atMost last: ContinuousClock.Instant,
    found: ([UInt8]) -> Void
  ) throws(RedisError) {
    if scanned == 0 { size = try connection.size() }
    var steps = 0
    repeat {
      try step(connection, found)
      steps += 1
      guard cursors.contains(where: { !$0.isAtEnd }) else { return finishPass() }
    } while ContinuousClock.now < (steps < Self.leastSteps ? max(end, last) : end)
  }

  /// Begins the pass anew; what was found stays found.
  mutating func restart() {
    for index in cursors.indices { cursors[index] = Cursor(glob: cursors[index].glob) }
    scanned = 0
  }

  private mutating func finishPass() {
    counts = cursors.dropFirst(lockPatterns).map(\.found)
    passes &+= 1
    restart()
  }

  private mutating func step(_ connection: RedisConnection, _ found: ([UInt8]) -> Void) throws(RedisError) {
    let open = cursors.indices.filter { !cursors[$0].isAtEnd }
    var pipeline = RedisPipeline()
    for index in open {
      let cursor = cursors[index]
      pipeline.add("SCAN", words: [cursor.place, "MATCH", cursor.glob, "COUNT", String(count)])
    }
    guard pipeline.count > 0 else { return }
    for (index, reply) in zip(open, try connection.send(pipeline)) {
      if let error = reply.error { throw .refused(error) }
      guard let parts = reply.array, parts.count == 2, let place = parts[0].text, let keys = parts[1].array else {
        throw .unreachable("SCAN is answered by something else")
      }
      cursors[index].place = place
      cursors[index].isAtEnd = place == "0"
      cursors[index].found &+= keys.count
      scanned &+= count
      if index < lockPatterns { for key in keys { key.bytes.map(found) } }
    }
  }
}

extension RedisConnection {
  /// How many keys the database has; `nil` where the user may not ask.
  fileprivate func size() throws(RedisError) -> Int? {
    var pipeline = RedisPipeline()
    pipeline.add("DBSIZE")
    return try send(pipeline).first?.integer
  }
}
