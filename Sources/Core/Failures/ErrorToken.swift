/// Detects variable values in an error text by their form.
enum ErrorToken {
  struct Part: Equatable {
    var bytes: [UInt8]
    var isPlaceholder = false
  }

  /// After these words a number of up to three digits is a code that distinguishes causes.
  private static let codeWords: Set<String> = [
    "status", "http", "https", "http/1.0", "http/1.1", "http/2", "code", "statuscode", "status_code", "errno", "exit",
  ]
  /// After these words up to five letters and digits are such a code.
  private static let stateWords: Set<String> = ["sqlstate", "ora", "pls", "mysql"]
  /// After these words a word, a colon and a number are a host and its port.
  private static let hostWords: Set<String> = [
    "to", "host", "broker", "connect", "tcp", "udp", "lookup", "server", "address", "node", "upstream", "econnrefused",
    "econnreset", "etimedout", "ehostunreach",
  ]
  private static let sourceFiles: Set<String> = [
    "java", "kt", "scala", "groovy", "py", "js", "mjs", "cjs", "ts", "jsx", "tsx", "go", "rs", "rb", "php", "cs", "cpp",
    "cc", "c", "h", "swift", "ex", "erl", "sql",
  ]

  /// Letters, digits, `_`, `-`, and all non-ASCII bytes.
  static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  static func isLetter(_ byte: UInt8) -> Bool {
    let lowered = ASCIIMatch.lowered(byte)
    return (lowered >= UInt8(ascii: "a") && lowered <= UInt8(ascii: "z")) || byte >= 0x80
  }

  /// Whether the text has the form of a key of a body.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 40
      && text.utf8.allSatisfy { !isDigit($0) && (isWord($0) || $0 == UInt8(ascii: ".")) }
  }

  /// A value of more than one word that starts here. `word` is the preceding word in lower case.
  static func match(_ text: [UInt8], at place: Int, after word: String) -> (end: Int, replacement: String)? {
    guard place == 0 || !isWord(text[place - 1]) else { return nil }
    let form = ErrorForm(text, place)
    if let end = form.uuid { return (end, "<uuid>") }
    if let end = form.email { return (end, "<email>") }
    if let end = form.time { return (end, "<time>") }
    if let end = form.address(after: word) { return (end, "<addr>") }
    if let end = form.hexNumber { return (end, "<hex>") }
    if let end = form.number, !isCode(text[place..<end], after: word) { return (end, "<n>") }
    return nil
  }

  static func isHostWord(_ word: String) -> Bool { hostWords.contains(word) }

  static func isSourceFile(_ ending: ArraySlice<UInt8>) -> Bool {
    sourceFiles.contains(String(decoding: ending, as: UTF8.self))
  }

  static func isCode(_ digits: ArraySlice<UInt8>, after word: String) -> Bool {
    let most = stateWords.contains(word) ? 5 : codeWords.contains(word) ? 3 : 0
    return digits.count <= most && digits.allSatisfy(isDigit)
  }

  /// A word with its variable parts replaced: `order-4711` becomes `order-<n>`, `txn_9f86d081` becomes `txn_<hex>`.
  static func parts(of word: ArraySlice<UInt8>, after before: String) -> [Part] {
    var parts: [Part] = []
    var start = word.startIndex
    var last = before
    for index in word.indices.map({ $0 + 1 }) {
      let isEnd = index == word.endIndex
      guard isEnd || isSeparator(word[index]) != isSeparator(word[index - 1]) else { continue }
      let segment = word[start..<index]
      if isSeparator(segment[segment.startIndex]) {
        parts.append(Part(bytes: Array(segment)))
      } else if isPodSuffix(segment, behind: parts) {
        parts.append(placeholder("<id>"))
      } else {
        parts += value(of: segment, after: last)
        last = String(decoding: segment.map(ASCIIMatch.lowered), as: UTF8.self)
      }
      start = index
    }
    return parts
  }

  /// The last part of `payment-5d8f7c9b4-abcde`, the pod name format of Kubernetes replica sets.
  private static func isPodSuffix(_ segment: ArraySlice<UInt8>, behind parts: [Part]) -> Bool {
    segment.count == 5 && parts.count >= 4 && parts[parts.count - 1].bytes == [UInt8(ascii: "-")]
      && ["<hex>", "<id>"].contains { parts[parts.count - 2].bytes.elementsEqual($0.utf8) }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") }

  /// A run of letters and digits.
  private static func value(of segment: ArraySlice<UInt8>, after word: String) -> [Part] {
    let digits = segment.filter(isDigit).count
    if digits == 0 || isState(segment, after: word) { return [Part(bytes: Array(segment))] }
    if digits == segment.count {
      return isCode(segment, after: word) ? [Part(bytes: Array(segment))] : [placeholder("<n>")]
    }
    if segment.count >= 8, segment.allSatisfy(isHex) { return [placeholder("<hex>")] }
    if isID(segment, digits: digits) { return [placeholder("<id>")] }
    return split(segment)
  }

  /// `1a2b3c`, but not a name that contains a number, such as `Log4j2Appender`.
  private static func isID(_ segment: ArraySlice<UInt8>, digits: Int) -> Bool {
    (changes(in: segment) >= 3 && digits * 3 >= segment.count) || (segment.count >= 16 && digits >= 3)
  }

  private static func isState(_ segment: ArraySlice<UInt8>, after word: String) -> Bool {
    segment.count <= 5 && stateWords.contains(word)
  }

  /// `node2` keeps its letters, `3000ms` keeps its unit.
  private static func split(_ segment: ArraySlice<UInt8>) -> [Part] {
    var parts: [Part] = []
    for byte in segment {
      if isDigit(byte) {
        if parts.last?.isPlaceholder != true { parts.append(placeholder("<n>")) }
      } else if parts.last?.isPlaceholder == false {
        parts[parts.count - 1].bytes.append(byte)
      } else {
        parts.append(Part(bytes: [byte]))
      }
    }
    return parts
  }

  /// Number of changes between letters and digits.
  private static func changes(in segment: ArraySlice<UInt8>) -> Int {
    zip(segment, segment.dropFirst()).filter { isDigit($0) != isDigit($1) }.count
  }

  static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(ASCIIMatch.lowered(byte))
  }

  private static func placeholder(_ text: String) -> Part { Part(bytes: Array(text.utf8), isPlaceholder: true) }
}

/// The line of an error text that describes the error, without stack frames and the text after them.
enum ErrorHead {
  /// Only this many bytes of a text are read.
  static let mostBytes = 4096

  /// Empty if the text is blank.
  static func of(_ text: String) -> [UInt8] {
    let lines = lines(of: text.utf8.prefix(mostBytes))
    guard let first = lines.first(where: { !isBlank($0) }) else { return [] }
    let head = starts(first, "Traceback (most recent call last)") ? pythonHead(lines) ?? first : first
    return withoutFrames(joined(trimmed(head), lines))
  }

  /// Python prints the error last, in the first unindented line after the frames.
  private static func pythonHead(_ lines: [[UInt8]]) -> [UInt8]? {
    let start = lines.firstIndex { starts($0, "Traceback (most recent call last)") } ?? 0
    return lines[(start + 1)...].first { !isBlank($0) && !isSpace($0[0]) }
  }

  /// A line that ends with a colon is joined with the next one, unless that is a frame.
  private static func joined(_ head: [UInt8], _ lines: [[UInt8]]) -> [UInt8] {
    guard head.last == UInt8(ascii: ":"), let place = lines.firstIndex(where: { trimmed($0) == head }),
      let next = lines[(place + 1)...].first(where: { !isBlank($0) }).map(trimmed), !isFrame(next[...])
    else { return head }
    return head + [UInt8(ascii: " ")] + next
  }

  /// Removes frames that follow the text on the same line.
  private static func withoutFrames(_ head: [UInt8]) -> [UInt8] {
    var place = 1
    while place + 4 < head.count {
      if isSpace(head[place]), isFrame(head[(place + 1)...]) { return trimmed(Array(head[..<place])) }
      place += 1
    }
    return head
  }

  /// `at com.shop.Stock.take(Stock.java:42)`, `at take (/app/stock.js:10:5)`, `File "stock.py", line 3`, `goroutine 1 [`.
  private static func isFrame(_ text: ArraySlice<UInt8>) -> Bool {
    if starts(text, "File \"") { return contains(text.prefix(200), "\", line ") }
    if starts(text, "goroutine ") { return contains(text.prefix(40), " [") }
    guard starts(text, "at ") else { return false }
    let rest = text.dropFirst(3).prefix(300)
    guard let open = rest.firstIndex(of: UInt8(ascii: "(")) else { return false }
    let name = rest[..<open]
    guard !name.isEmpty, name.filter(isSpace).count <= 3, name.allSatisfy(isPartOfName),
      let close = rest[open...].firstIndex(of: UInt8(ascii: ")"))
    else { return false }
    let place = rest[(open + 1)..<close]
    return contains(place, ":") || contains(place, "Native Method") || contains(place, "Unknown Source")
      || contains(place, "native") || contains(place, "anonymous")
      || (place.isEmpty && name.contains(UInt8(ascii: ".")))
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    ErrorToken.isWord(byte) || isSpace(byte) || "./$<>[]".utf8.contains(byte)
  }

  /// A line feed may be written as `\n`.
  private static func lines(of text: some Sequence<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    for byte in text {
      if byte == UInt8(ascii: "n"), lines[lines.count - 1].last == UInt8(ascii: "\\") {
        lines[lines.count - 1].removeLast()
        lines.append([])
      } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        lines.append([])
      } else {
        lines[lines.count - 1].append(byte)
      }
    }
    return lines
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy(isSpace) }

  private static func trimmed(_ line: [UInt8]) -> [UInt8] {
    var line = line[...]
    while let last = line.last, isSpace(last) { line.removeLast() }
    while let first = line.first, isSpace(first) { line.removeFirst() }
    return Array(line)
  }

  private static func starts(_ text: some Sequence<UInt8>, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { text.starts(with: $0) }
  }

  private static func contains(_ text: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { word in text.indices.contains { text[$0...].starts(with: word) } }
  }
}
