/// Commands that are sent together, in Redis's own notation.
struct RedisPipeline {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0

  mutating func add(_ name: String, words: [String] = []) {
    begin(1 + words.count)
    add(name.utf8)
    for word in words { add(word.utf8) }
  }

  mutating func add(_ name: String, key: [UInt8], _ words: String...) {
    begin(2 + words.count)
    add(name.utf8)
    add(key)
    for word in words { add(word.utf8) }
  }

  mutating func add(_ name: String, _ word: String, keys: [[UInt8]]) {
    begin(2 + keys.count)
    add(name.utf8)
    add(word.utf8)
    for key in keys { add(key) }
  }

  private mutating func begin(_ words: Int) {
    count += 1
    bytes.append(UInt8(ascii: "*"))
    bytes += String(words).utf8
    bytes += [13, 10]
  }

  private mutating func add(_ word: some Collection<UInt8>) {
    bytes.append(UInt8(ascii: "$"))
    bytes += String(word.count).utf8
    bytes += [13, 10]
    bytes += word
    bytes += [13, 10]
  }
}
