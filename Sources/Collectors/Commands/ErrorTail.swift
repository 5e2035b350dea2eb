/// The last line that a command wrote to standard error.
struct ErrorTail {
  private static let longest = 300

  private var splitter = LineSplitter(limit: longest)
  private var last: [UInt8] = []

  mutating func add(_ bytes: some Sequence<UInt8>) {
    var last = last
    splitter.add(bytes) { if !$0.isEmpty { last = $0 } }
    self.last = last
  }

  mutating func finish() {
    var last = last
    splitter.finish { last = $0 }
    self.last = last
  }

  var text: String? { last.isEmpty ? nil : String(decoding: last, as: UTF8.self) }
}
