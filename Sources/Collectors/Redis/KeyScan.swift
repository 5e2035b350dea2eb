import Clients
import Core

/// Scans the keys of a server, a part in each round, for keys that match the configured patterns.
struct KeyScan {
  private struct Cursor {
    let glob: String
    var place = "0"
    var isAtEnd = false
    var found = 0
  }

  /// First the cursors of lock patterns, then those of count patterns.
  private var cursors: [Cursor]
  private let lockPatterns: Int
  private let count: Int
  private var scanned = 0
  /// Number of pipelines of the current pass.
  private var steps = 0
  private var size: Int?
  /// Number of complete passes.
  private(set) var passes = 0
  /// Results of the last complete pass.
  private(set) var counts: [Int]?

  init(_ settings: RedisSettings) {
    cursors = (settings.locks.map(\.pattern) + settings.counts).map { Cursor(glob: $0.glob) }
    lockPatterns = settings.locks.count
    count = settings.scanCount
  }

  /// Progress of the current pass, 0 to 1. SCAN cursors do not show a position, so it is estimated from the number of keys.
  var progress: Double {
    guard let size, size > 0 else { return passes > 0 ? 1 : 0 }
    return min(0.99, Double(scanned) / (Double(size) * Double(max(1, cursors.count))))
  }

  /// The time limit protects the server and does not account for network latency. A distant server gets at least this number of steps per
  /// round, otherwise a pass over many keys would never end.
  private static let leastSteps = 20
  /// A pass takes at most this number of steps plus `mostPasses` times the steps that the number of keys needs. A table that has shrunk
  /// has many empty slots, and a step over them finds nothing.
  private static let spareSteps = 1000
  private static let mostPasses = 100.0

  /// Scans until the pass or the time is over. The minimum number of steps may continue until `last`. `found` gets the keys of locks,
  /// possibly twice.
  mutating func run(
    _ connection: RedisConnection, until end: ContinuousClock.Instant, atMost last: ContinuousClock.Instant,
    found: ([UInt8]) -> Void
  ) throws(RedisError) {
    if scanned == 0 { size = try connection.size() }
    var stepsNow = 0
    repeat {
      try step(connection, found)
      stepsNow += 1
      guard cursors.contains(where: { !$0.isAtEnd }) else { return finishPass() }
      try checkEnd(connection)
    } while ContinuousClock.now < (stepsNow < Self.leastSteps ? max(end, last) : end)
  }

  /// Without a limit, a server whose cursors never return to 0 would be read forever. Keys may have been added, so their number is requested
  /// again first.
  private mutating func checkEnd(_ connection: RedisConnection) throws(RedisError) {
    steps &+= 1
    if isEndless { size = try connection.size() }
    if isEndless {
      throw .unreachable("its SCAN does not end: \(steps) steps for \(size.map(String.init) ?? "few") keys")
    }
  }

  private var isEndless: Bool {
    Double(steps) > Double(Self.spareSteps) + Self.mostPasses * Double(size ?? Self.assumedSize) / Double(max(1, count))
  }

  /// Assumed number of keys if the user may not request it.
  private static let assumedSize = 10_000_000

  /// Restarts the pass. Results of complete passes are kept.
  mutating func restart() {
    for index in cursors.indices { cursors[index] = Cursor(glob: cursors[index].glob) }
    (scanned, steps) = (0, 0)
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
      guard let parts = reply.array, parts.count == 2,
        let place = parts[0].text.flatMap({ UInt64($0) }).map(String.init),
        let keys = parts[1].array
      else {
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
  /// Number of keys in the database; `nil` if the user lacks the permission.
  fileprivate func size() throws(RedisError) -> Int? {
    var pipeline = RedisPipeline()
    pipeline.add("DBSIZE")
    return try send(pipeline).first?.integer
  }
}
