import Glibc

/// A command's words as hiredis wants them: pointers and lengths, so that a word may hold any byte.
enum RedisWords {
  static func with<R>(
    _ words: [String],
    _ body: (Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int>?) -> R
  ) -> R {
    let copies = words.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { $0.map { UnsafePointer($0) } }
    let lengths = words.map(\.utf8.count)
    return body(Int32(clamping: words.count), &pointers, lengths)
  }
}
