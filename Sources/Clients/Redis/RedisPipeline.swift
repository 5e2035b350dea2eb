/// Commands that are sent together, encoded in the Redis protocol.
package struct RedisPipeline {
  private(set) var bytes: [UInt8] = []
  package private(set) var count = 0
  /// Maximum number of elements in one reply.
  private(set) var mostElements = 4096
  /// Indices of replies to `ASKING`.
  private(set) var askings: Set<Int> = []
  /// If true, `ASKING` is sent before each further command: a cluster node is importing the key's slot.
  package var isAsking = false

  package init() {}

  package init(_ name: String, _ words: String...) {
    add(name, words: words)
  }

  /// `elements` is the expected number of elements in the reply, if it may be more than a few thousand.
  package mutating func add(_ name: String, words: [String] = [], elements: Int = 0) {
    begin(1 + words.count, elements)
    add(name.utf8)
    for word in words { add(word.utf8) }
  }

  package mutating func add(_ name: String, key: [UInt8], _ words: String...) {
    begin(2 + words.count, 0)
    add(name.utf8)
    add(key)
    for word in words { add(word.utf8) }
  }

  package mutating func add(_ name: String, _ word: String, keys: [[UInt8]]) {
    begin(2 + keys.count, 4 * keys.count)
    add(name.utf8)
    add(word.utf8)
    for key in keys { add(key) }
  }

  private mutating func begin(_ words: Int, _ elements: Int) {
    if isAsking {
      askings.insert(count)
      count += 1
      bytes += "*1\r\n$6\r\nASKING\r\n".utf8
    }
    count += 1
    mostElements = max(mostElements, elements)
    bytes += "*\(words)\r\n".utf8
  }

  private mutating func add(_ word: some Collection<UInt8>) {
    bytes += "$\(word.count)\r\n".utf8
    bytes += word
    bytes += [13, 10]
  }
}
