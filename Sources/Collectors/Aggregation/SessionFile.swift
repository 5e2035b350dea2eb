import CSystem
import Clients
import Core
import Glibc
import Text

/// The file of a session: lines of state, compressed by Zstandard with its checksum. The last line confirms that the file is complete.
struct SessionFile {
  struct Failure: Error {
    /// `nil` if there is no file.
    var reason: String?

    init(_ reason: String?) { self.reason = reason }
  }

  /// The content of the second line.
  struct Facts: Equatable {
    var scope: String
    var cluster: String
    var time: Timestamp
    var window: ReadWindow?
    var offsets: [TopicPartition: Int64]

    fileprivate var line: [UInt8] {
      RecordedObject.make { object in
        object.text("kind", "session")
        object.text("scope", scope)
        object.text("cluster", cluster)
        object.time("time", time)
        object.flag("hasWindow", window != nil)
        object.time("wantedSince", window?.wantedSince)
        object.time("readSince", window?.readSince)
        object.list(
          "offsets",
          offsets.map { id, next in
            RecordedObject.make { object in
              object.text("topic", id.topic)
              object.whole("partition", id.partition)
              object.whole("next", next)
            }
          })
      }.bytes + [UInt8(ascii: "\n")]
    }

    fileprivate init(_ node: JSONNode) throws(DamagedLine) {
      scope = try DamagedLine.need(node.text("scope"))
      cluster = try DamagedLine.need(node.text("cluster"))
      time = try DamagedLine.need(node.time("time"))
      if node.flag("hasWindow") {
        window = ReadWindow(wantedSince: node.time("wantedSince"), readSince: node.time("readSince"))
      }
      offsets = [:]
      for entry in node.list("offsets") {
        let id = TopicPartition(
          topic: try DamagedLine.need(entry.text("topic")), partition: try DamagedLine.need(entry.whole("partition")))
        let next: Int64 = try DamagedLine.need(entry.whole("next"))
        guard next >= 0 else { throw DamagedLine() }
        offsets[id] = next
      }
    }

    init(
      scope: String, cluster: String, time: Timestamp, window: ReadWindow?, offsets: [TopicPartition: Int64]
    ) {
      self.scope = scope
      self.cluster = cluster
      self.time = time
      self.window = window
      self.offsets = offsets
    }
  }

  private static let longestLine = 64 << 20
  private static let damaged = Failure("the file is damaged or cut off")

  private let path: String
  private let header: StateHeader
  private var first: [UInt8] = []

  /// Reads the whole file once to check it. Throws if it is incomplete or was written with other definitions.
  init(_ path: String, _ header: StateHeader) throws(Failure) {
    self.path = path
    self.header = header
    var (count, isWhole, facts) = (0, false, [UInt8]())
    var problem: String?
    try Self.eachLine(of: path) { line in
      count += 1
      isWhole = false
      switch count {
      case 1 where !line.elementsEqual(header.line.dropLast()):
        problem = StateHeader.difference(line[...])
      case 1: break
      case 2: facts = line
      default:
        // The end line is short, so longer lines need not be parsed.
        if line.count < 64, let node = JSONNode(line), node.text("kind") == "end" {
          isWhole = node.whole("events") == count - 3
        }
      }
    }
    if let problem { throw Failure(problem) }
    guard isWhole else { throw Self.damaged }
    first = facts
  }

  func facts() throws(Failure) -> Facts {
    do throws(DamagedLine) { return try Facts(try DamagedLine.need(JSONNode(first))) } catch { throw Self.damaged }
  }

  /// Calls `body` with each line of the file.
  func eachLine(_ body: ([UInt8]) -> Void) throws(Failure) { try Self.eachLine(of: path, body) }

  private static func eachLine(of path: String, _ body: ([UInt8]) -> Void) throws(Failure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0, errno == ENOENT { throw Failure(nil) }
    guard descriptor >= 0 else { throw Failure("it cannot be read: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    guard var decoder = ZstdDecoder() else { throw Failure("no memory to unpack it") }
    var raw = [UInt8](repeating: 0, count: 1 << 18)
    var rest: [UInt8] = []
    while true {
      let count = raw.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      var packed = raw[..<count]
      repeat {
        guard decoder.unpack(&packed, into: &rest), rest.count < longestLine else { throw damaged }
        take(&rest, body)
      } while !packed.isEmpty || decoder.isFull
    }
    guard !decoder.isOpen, rest.isEmpty else { throw damaged }
  }

  private static func take(_ bytes: inout [UInt8], _ body: ([UInt8]) -> Void) {
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      body(Array(bytes[start..<end]))
      start = end + 1
    }
    bytes.removeSubrange(..<start)
  }

  typealias Write = (_ lines: [UInt8], _ events: Int) throws(Failure) -> Void

  /// Writes a temporary file, readable only by its owner, then renames it. Two sessions never write at the same time: the later one
  /// throws.
  static func write(
    _ path: String, _ header: StateHeader, _ facts: Facts, _ produce: (Write) throws(Failure) -> Void
  ) throws(Failure) {
    let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
    if !folder.isEmpty { mkdir(folder, 0o700) }
    let part = path + ".part"
    let descriptor = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("cannot be written") }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Failure("another session is writing it") }
    // Another session may have renamed the file before it was locked here.
    guard isAt(part, descriptor) else { throw Failure("another session is writing it") }
    guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else { throw failure("cannot be written") }
    do throws(Failure) {
      try fill(descriptor, header, facts, produce)
      guard fsync(descriptor) == 0, rename(part, path) == 0 else { throw failure("cannot be written") }
    } catch {
      unlink(part)
      throw error
    }
  }

  private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return lstat(path, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_ino == opened.st_ino
  }

  private static func fill(
    _ descriptor: Int32, _ header: StateHeader, _ facts: Facts, _ produce: (Write) throws(Failure) -> Void
  ) throws(Failure) {
    guard var encoder = ZstdEncoder() else { throw Failure("no memory to pack it") }
    var events = 0
    func put(_ lines: [UInt8], isEnd: Bool = false) throws(Failure) {
      guard let packed = encoder.pack(lines, isEnd: isEnd),
        sg_write_whole(descriptor, packed, packed.count) == packed.count
      else {
        throw failure("cannot be written; the old one stays")
      }
    }
    try put(header.line + facts.line)
    try produce { (lines, count) throws(Failure) in
      events += count
      try put(lines)
    }
    try put(Array("{\"kind\":\"end\",\"events\":\(events)}\n".utf8), isEnd: true)
  }

  private static func failure(_ what: String) -> Failure { Failure("\(what): \(String(cString: strerror(errno)))") }
}
