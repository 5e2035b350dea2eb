/// Something that Redis would not do.
struct RedisFailure: Error, CustomStringConvertible {
  let description: String

  init(_ action: String, _ reason: String) {
    description = "Redis: \(action): \(reason)"
  }
}
