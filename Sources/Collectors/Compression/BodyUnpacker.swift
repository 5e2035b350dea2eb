import CZlib
import CZstd

/// Decompresses bodies that the producer compressed itself. They are recognized by the header `content-encoding` or by the gzip or zstd
/// magic bytes. Belongs to one thread.
struct BodyUnpacker: ~Copyable {
  enum Unpacked {
    case plain
    /// Valid until the next call of `unpack`.
    case unpacked(UnsafeRawBufferPointer)
    case damaged(String)
  }

  /// Maximum size of a decompressed body, in bytes.
  static let limit = 8 << 20
  /// Binary logarithm of 8 MiB, the window size that RFC 8878 recommends for every decoder. A body is not larger than that.
  private static let largestWindow: Int32 = 23
  private static let kept = 1 << 20
  private static let gzipMagic: [UInt8] = [0x1f, 0x8b]
  private static let header = Array("content-encoding".utf8)

  private enum Encoding {
    case gzip, deflate, zstd, snappy

    init?(_ name: UnsafeRawBufferPointer) {
      switch Bytes.string(name).lowercased().filter({ $0 != " " && $0 != "\"" }) {
      case "gzip", "x-gzip": self = .gzip
      case "deflate", "zlib": self = .deflate
      case "zstd": self = .zstd
      case "snappy", "x-snappy": self = .snappy
      default: return nil
      }
    }

    init?(magic body: UnsafeRawBufferPointer) {
      guard body.count > 4 else { return nil }
      if body.starts(with: BodyUnpacker.gzipMagic), body[2] == 8 { self = .gzip; return }
      if body[0] == 0x28, body[1] == 0xb5, body[2] == 0x2f, body[3] == 0xfd { self = .zstd; return }
      return nil
    }
  }

  private var bytes: [UInt8] = []

  init() {}

  mutating func unpack(_ body: UnsafeRawBufferPointer, headers: [ConsumedMessage.Header]) -> Unpacked {
    guard let encoding = Self.encoding(of: headers) ?? Encoding(magic: body) else { return .plain }
    // Some producers set the header without compressing the body.
    if Bytes.beginsJSON(body) { return .plain }
    if bytes.capacity > Self.kept { bytes = [] }
    bytes.removeAll(keepingCapacity: true)
    let problem =
      switch encoding {
      case .gzip: inflate(body, isRaw: false)
      // By RFC 9110 this is the zlib format, but some producers send a raw deflate stream.
      case .deflate: inflate(body, isRaw: false).flatMap { _ in inflate(body, isRaw: true) }
      case .zstd: unpackZstd(body)
      case .snappy: Snappy.unpack(body, into: &bytes, limit: Self.limit)
      }
    if let problem { return .damaged("\(encoding) body: \(problem)") }
    return .unpacked(bytes.withUnsafeBytes { $0 })
  }

  private static func encoding(of headers: [ConsumedMessage.Header]) -> Encoding? {
    for header in headers where header.name.count == Self.header.count {
      // Upper and lower case of an ASCII letter differ in one bit.
      let isIt = zip(header.name, Self.header).allSatisfy { $0 | ($1 == UInt8(ascii: "-") ? 0 : 0x20) == $1 }
      if isIt { return Encoding(header.value) }
    }
    return nil
  }

  private static let tooLarge = "more than \(limit >> 20) MiB"

  private mutating func inflate(_ body: UnsafeRawBufferPointer, isRaw: Bool) -> String? {
    bytes.removeAll(keepingCapacity: true)
    var stream = z_stream()
    guard sg_inflate_begin(&stream, isRaw ? 1 : 0) == Z_OK else { return "no memory to unpack it" }
    defer { inflateEnd(&stream) }
    stream.next_in = UnsafeMutablePointer(mutating: body.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(clamping: body.count)
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let (code, count) = room.withUnsafeMutableBufferPointer { room in
        stream.next_out = room.baseAddress
        stream.avail_out = UInt32(room.count)
        let code = CZlib.inflate(&stream, Z_NO_FLUSH)
        return (code, room.count - Int(stream.avail_out))
      }
      bytes += room[..<count]
      if bytes.count > Self.limit { return Self.tooLarge }
      if code == Z_STREAM_END {
        // RFC 1952, section 2.2: a gzip body may have several members, one after the other. Other bytes after the end are padding.
        let rest = UnsafeBufferPointer(start: stream.next_in, count: Int(stream.avail_in))
        guard Self.beginsMember(rest), !isRaw else { return nil }
        guard inflateReset(&stream) == Z_OK else { return "damaged" }
        continue
      }
      guard code == Z_OK, count > 0 || stream.avail_in > 0 else {
        return code == Z_OK || code == Z_BUF_ERROR ? "cut off" : "damaged"
      }
    }
  }

  /// Whether the bytes begin with the magic bytes of gzip. If only one byte is left, the second is cut off.
  private static func beginsMember(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    !bytes.isEmpty && gzipMagic.starts(with: bytes.prefix(gzipMagic.count))
  }

  private mutating func unpackZstd(_ body: UnsafeRawBufferPointer) -> String? {
    guard var decoder = ZstdDecoder(largestWindow: Self.largestWindow) else { return "no memory to unpack it" }
    var rest = Array(body)[...]
    repeat {
      guard decoder.unpack(&rest, into: &bytes) else { return "damaged" }
      if bytes.count > Self.limit { return Self.tooLarge }
    } while !rest.isEmpty || decoder.isFull
    return decoder.isOpen ? "cut off" : nil
  }
}

/// Google's Snappy block format without checksums, and the framing that the Java library adds around blocks.
enum Snappy {
  private static let frame: [UInt8] = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]

  /// Appends the decompressed bytes. Returns the reason if the input is invalid, `nil` on success.
  static func unpack(_ bytes: UnsafeRawBufferPointer, into unpacked: inout [UInt8], limit: Int) -> String? {
    guard bytes.count > 16, bytes.starts(with: frame) else { return block(bytes, into: &unpacked, limit: limit) }
    // Two version numbers follow, then blocks, each after its length.
    var rest = UnsafeRawBufferPointer(rebasing: bytes[16...])
    while rest.count >= 4 {
      let length = rest[..<4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= rest.count - 4 else { return "cut off" }
      if let problem = block(.init(rebasing: rest[4..<4 + length]), into: &unpacked, limit: limit) { return problem }
      rest = .init(rebasing: rest[(4 + length)...])
    }
    return rest.isEmpty ? nil : "cut off"
  }

  private static func block(_ bytes: UnsafeRawBufferPointer, into unpacked: inout [UInt8], limit: Int) -> String? {
    var place = 0
    var length = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard place < bytes.count else { return "cut off" }
      length |= Int(bytes[place] & 0x7f) << shift
      place += 1
      if bytes[place - 1] < 0x80 { break }
    }
    let start = unpacked.count
    guard length <= limit - start else { return "more than \(limit >> 20) MiB" }
    while place < bytes.count {
      let tag = Int(bytes[place])
      place += 1
      // Number of bytes that encode the length or the offset of this element.
      let extra = tag & 3 == 0 ? max(0, tag >> 2 - 59) : [0, 1, 2, 4][tag & 3]
      guard extra <= bytes.count - place else { return "cut off" }
      let number = (0..<extra).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
      place += extra
      if tag & 3 == 0 {
        let count = (extra == 0 ? tag >> 2 : number) + 1
        guard count <= bytes.count - place, unpacked.count - start + count <= length else { return "damaged" }
        unpacked += bytes[place..<place + count]
        place += count
      } else {
        let count = tag & 3 == 1 ? (tag >> 2 & 7) + 4 : tag >> 2 + 1
        let distance = tag & 3 == 1 ? (tag >> 5) << 8 | number : number
        guard distance > 0, distance <= unpacked.count - start, unpacked.count - start + count <= length else {
          return "damaged"
        }
        for _ in 0..<count { unpacked.append(unpacked[unpacked.count - distance]) }
      }
    }
    return unpacked.count - start == length ? nil : "cut off"
  }
}
