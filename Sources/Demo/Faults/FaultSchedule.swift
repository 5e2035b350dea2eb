/// Which faults begin and end when, in milliseconds since the shop opened.
struct FaultSchedule: Equatable {
  struct Entry: Equatable {
    let fault: Fault
    let milliseconds: Int
  }

  /// In order of time; at the same time in the order given.
  private(set) var entries: [Entry] = []

  init() {}

  /// Reads words such as `payment-down@10`; without a time a fault is there from the start.
  init(parsing words: [String]) throws(UsageError) {
    for word in words {
      entries.append(try Self.entry(word))
    }
    let inOrder = entries.enumerated().sorted {
      ($0.element.milliseconds, $0.offset) < ($1.element.milliseconds, $1.offset)
    }
    entries = inOrder.map(\.element)
  }

  /// The time of the last entry, 0 without any.
  var lastMilliseconds: Int { entries.last?.milliseconds ?? 0 }

  /// Whether `fault` has begun at that time and has not been undone.
  func isOn(_ fault: Fault, at milliseconds: Int) -> Bool {
    entries.last { $0.milliseconds <= milliseconds && ($0.fault == fault || $0.fault.undoes == fault) }?.fault == fault
  }

  private static func entry(_ word: String) throws(UsageError) -> Entry {
    let parts = word.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard let fault = Fault(rawValue: name) else {
      throw .unknown("fault", name, known: Fault.allCases.map(\.rawValue))
    }
    guard parts.count == 2 else { return Entry(fault: fault, milliseconds: 0) }
    guard let seconds = Double(parts[1]), (0...86_400).contains(seconds) else {
      throw UsageError("--fault \(name)@ takes seconds from 0 to 86400, not '\(parts[1])'")
    }
    return Entry(fault: fault, milliseconds: Int(seconds * 1000))
  }
}
