import Foundation

/// Polls until `look` returns a value; throws after the timeout. Tests wait for conditions, not for a fixed time.
@discardableResult
func eventually<Value>(
  within seconds: Double = 30, _ what: @autoclosure () throws -> String, _ look: () throws -> Value?
) throws -> Value {
  let end = Date().addingTimeInterval(seconds)
  repeat {
    if let value = try look() { return value }
    _ = poll(nil, 0, 25)
  } while Date() < end
  throw NeverHappened(what: "within \(seconds) s: \(try what())")
}

struct NeverHappened: Error, CustomStringConvertible {
  var what: String

  var description: String { what }
}
