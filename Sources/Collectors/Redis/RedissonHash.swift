import Core

/// The fields of a lock as Redisson keeps it: `<uuid>:<thread>` → re-entrance; of a lock for readers and a writer also `mode`.
struct RedissonHash {
  private static let mostHolders = 8
  private static let writerSuffix = Array(":write".utf8)

  private(set) var holders: [LockHolder] = []
  private(set) var isReadWrite = false

  /// Names and values in turn.
  init(_ fields: [RedisReply]) {
    let pairs = stride(from: 0, to: fields.count - 1, by: 2).map {
      (fields[$0].bytes ?? [], fields[$0 + 1].bytes ?? [])
    }
    let mode = pairs.first { $0.0 == Array("mode".utf8) }?.1
    isReadWrite = mode != nil
    for (name, value) in pairs where holders.count < Self.mostHolders {
      let isWriter = name.suffix(Self.writerSuffix.count) == Self.writerSuffix[...]
      let field = isReadWrite && isWriter ? name.dropLast(Self.writerSuffix.count) : name[...]
      let isReader = mode == Array("read".utf8)
      if let holder = LockHolder(field: field, value: value, isReader: isReader) { holders.append(holder) }
    }
  }
}
