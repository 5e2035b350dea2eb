/// Finds probable secrets in commands, URLs, headers and bodies, by their names, their options and their form. A text that only refers to a
/// secret (`${env:NAME}`, `$NAME`, `{field}`) is none.
package enum LiteralSecrets {
  /// The texts with `***` for each probable secret. `words` is a command line, or a single text.
  package static func masked(_ words: [String]) -> [String] {
    zip(words, places(in: words)).map { word, places in SecretText.masked(word, at: places) }
  }

  package static func masked(_ text: String) -> String { masked([text])[0] }

  /// The probable secrets.
  package static func values(in words: [String]) -> [String] {
    zip(words, places(in: words)).flatMap { word, places in
      places.map { String(decoding: Array(word.utf8)[$0], as: UTF8.self) }
    }
  }

  package static func isFound(in text: String) -> Bool { !places(in: [text])[0].isEmpty }

  private static let words = [
    "password", "passwd", "passphrase", "pwd", "secret", "token", "authorization", "apikey", "accesskey", "privatekey",
    "subscriptionkey", "credential", "cookie", "bearer", "jwt", "signature",
  ]
  /// These are too short to be searched for within a name.
  private static let names: Set<String> = ["pass", "pw", "auth"]
  /// Names of arguments of a URL.
  private static let arguments: Set<String> = ["key", "sig", "sas", "code", "auth", "pass"]
  /// A name with one of these suffixes contains the location of a secret, not the secret.
  private static let places = ["url", "uri", "path", "file", "location", "type", "name", "format", "command", "length"]

  /// Whether the value of a key, option, variable or header with this name is a secret.
  package static func isSecret(name: String) -> Bool {
    let plain = plain(name.utf8)
    if names.contains(plain) { return true }
    return words.contains { plain.contains($0) } && !places.contains { plain.hasSuffix($0) }
  }

  package static func isSecret(argument name: some StringProtocol) -> Bool {
    let plain = plain(name.utf8)
    return arguments.contains(plain) || isSecret(name: plain)
  }

  /// Letters and digits in lower case.
  private static func plain(_ name: some Sequence<UInt8>) -> String {
    String(decoding: name.filter(isAlphanumeric).map { $0 | 0x20 }, as: UTF8.self)
  }

  // MARK: Places

  private static func places(in words: [String]) -> [[Range<Int>]] {
    let texts = words.map { Array($0.utf8) }
    let programs = texts.map { program($0[...]) }
    return texts.indices.map { place in
      let before = place > 0 ? texts[place - 1][...] : []
      let found = flagged(texts[place][...], after: before, programs[..<place])
      return found + inside(texts[place])
    }
  }

  private static func inside(_ text: [UInt8]) -> [Range<Int>] {
    var found = named(text) + passwords(text) + known(text) + random(text)
    let tokens = tokens(text)
    guard tokens.count > 1 else { return found }
    let programs = tokens.map { program(text[$0]) }
    for place in tokens.indices {
      let before = place > 0 ? text[tokens[place - 1]] : []
      found += flagged(text[tokens[place]], after: before, programs[..<place])
    }
    return found
  }

  /// `password=word`, `"token": "word"`, `Authorization: Bearer word`, `?sig=word`.
  private static func named(_ text: [UInt8]) -> [Range<Int>] {
    text.indices.compactMap { sign in
      guard text[sign] == UInt8(ascii: "=") || text[sign] == UInt8(ascii: ":") else { return nil }
      let end = text[..<sign].lastIndex { !isQuote($0) && $0 != space }.map { $0 + 1 } ?? 0
      let start = text[..<end].lastIndex { !isAlphanumeric($0) && !marks.contains($0) }.map { $0 + 1 } ?? 0
      guard start < end else { return nil }
      let name = String(decoding: text[start..<end], as: UTF8.self)
      let isArgument = start > 0 && (text[start - 1] == UInt8(ascii: "?") || text[start - 1] == UInt8(ascii: "&"))
      guard isSecret(name: name) || isArgument && isSecret(argument: name) else { return nil }
      let plain = plain(name.utf8)
      let isWhole = plain.hasSuffix("authorization") || plain.hasSuffix("cookie")
      return value(text, after: sign + 1, isWhole: isWhole)
    }
  }

  /// `isWhole`: the value of a header may contain spaces.
  private static func value(_ text: [UInt8], after sign: Int, isWhole: Bool) -> Range<Int>? {
    let first = text[sign...].firstIndex { $0 != space } ?? text.endIndex
    let isQuoted = first < text.endIndex && isQuote(text[first])
    let start = isQuoted ? first + 1 : first
    let quote = isQuoted ? text[first] : nil
    let end = text[start...].firstIndex { byte in
      if let quote { return byte == quote }
      return isQuote(byte) || !isWhole && (byte <= space || ends.contains(byte))
    }
    let range = start..<(end ?? text.endIndex)
    return isLiteral(text[range]) ? range : nil
  }

  /// `--password word`, `-u user:word`, and options of some programs.
  private static func flagged(
    _ word: ArraySlice<UInt8>, after option: ArraySlice<UInt8>, _ programs: ArraySlice<String>
  ) -> [Range<Int>] {
    let flag = String(decoding: option, as: UTF8.self)
    if flag.hasPrefix("-"), !flag.contains("="), isLiteral(word) {
      let isOption = isSecret(name: flag) || programs.contains { options[flag]?.contains($0) ?? false }
      if isOption, word.first != UInt8(ascii: "-") { return [word.startIndex..<word.endIndex] }
      if ["-u", "-U", "--user", "--proxy-user"].contains(flag) { return login(word) }
    }
    guard word.starts(with: Array("-p".utf8)) || word.starts(with: Array("-u".utf8)) else { return [] }
    let rest = word.dropFirst(2)
    if word[word.startIndex + 1] == UInt8(ascii: "u") { return rest.contains(UInt8(ascii: "=")) ? [] : login(rest) }
    let isLong = harmless.contains { String(decoding: rest, as: UTF8.self).hasPrefix($0) }
    let isPort = programs.contains(where: containerPrograms.contains) && isPortMapping(rest)
    guard isLiteral(rest), !isLong, !isPort else { return [] }
    return [rest.startIndex..<rest.endIndex]
  }

  private static let containerPrograms: Set = ["docker", "podman", "nerdctl"]

  /// Ports that a container publishes: `8080:80`, `127.0.0.1:8000-8010:80-90/tcp`, `53/udp`.
  private static func isPortMapping(_ value: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: value.first == UInt8(ascii: "=") ? value.dropFirst() : value, as: UTF8.self)
    let words = text.split(separator: "/", omittingEmptySubsequences: false)
    let parts = words[0].split(separator: ":", omittingEmptySubsequences: false)
    let hasProtocol = words.count == 2 && ["tcp", "udp", "sctp"].contains(words[1])
    guard words.count == 1 || hasProtocol, (hasProtocol ? 1...3 : 2...3).contains(parts.count) else { return false }
    let isAddress = parts[0].split(separator: ".").compactMap { UInt8($0) }.count == 4
    return (parts.count < 3 || isAddress) && parts.suffix(2).allSatisfy(isPorts)
  }

  /// `80` or `8000-8010`.
  private static func isPorts(_ text: Substring) -> Bool {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    return ends.count <= 2 && ends.allSatisfy { UInt16($0) != nil && $0.first != "+" }
  }

  /// The password of `user:password`.
  private static func login(_ word: ArraySlice<UInt8>) -> [Range<Int>] {
    guard let colon = word.firstIndex(of: UInt8(ascii: ":")), !word[colon...].starts(with: Array("://".utf8)),
      isLiteral(word[(colon + 1)...])
    else { return [] }
    return [colon + 1..<word.endIndex]
  }

  /// Options with a password, by program.
  private static let options: [String: Set<String>] = [
    "-a": ["redis-cli", "valkey-cli"], "-p": ["sshpass", "mongo", "mongosh"], "-P": ["mosquitto_pub", "mosquitto_sub"],
    "-w": ["ldapsearch"],
  ]
  /// Ends of options that start with `-p` but contain no password, such as `-print`.
  private static let harmless = [
    "rint", "rune", "ath", "erm", "ort", "reset", "artition", "id", "rofile", "refix", "roduc", "ropert", "lain",
    "retty", "arallel", "roject", "ackage", "age", "oll",
  ]

  /// The password before the host of a URL.
  private static func passwords(_ text: [UInt8]) -> [Range<Int>] {
    ranges(of: Array("://".utf8), in: text).compactMap { scheme in
      let end = text[scheme.upperBound...].firstIndex { $0 <= space || isQuote($0) || paths.contains($0) }
      let authority = text[scheme.upperBound..<(end ?? text.endIndex)]
      guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return nil }
      return login(authority[..<at]).first
    }
  }

  private static let prefixes = [
    "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xapp-", "sk_live_", "rk_live_",
    "sk-", "AKIA", "ASIA", "AIza", "eyJ", "hvs.", "dckr_pat_", "npm_", "SG.", "ya29.", "pypi-", "NRAK-", "dop_v1_",
  ].map { Array($0.utf8) }

  /// Tokens of known forms, and private keys.
  private static func known(_ text: [UInt8]) -> [Range<Int>] {
    var found = prefixes.flatMap { prefix in
      ranges(of: prefix, in: text).compactMap { range -> Range<Int>? in
        guard range.lowerBound == 0 || !isAlphanumeric(text[range.lowerBound - 1]) else { return nil }
        let end = endOfToken(text, from: range.upperBound)
        return end - range.upperBound >= 12 ? range.lowerBound..<end : nil
      }
    }
    for scheme in ["Bearer ", "Basic "] {
      for range in ranges(of: Array(scheme.utf8), in: text) {
        let end = endOfToken(text, from: range.upperBound)
        let token = text[range.upperBound..<end]
        if token.count >= 8, token.contains(where: { $0 < UInt8(ascii: "A") }) { found.append(range.upperBound..<end) }
      }
    }
    if let key = ranges(of: Array("PRIVATE KEY-----".utf8), in: text).first {
      found.append(key.upperBound..<text.endIndex)
    }
    return found
  }

  /// The standard library's `ranges(of:)` is generic, and takes most of the time of a program's start here.
  private static func ranges(of word: [UInt8], in text: [UInt8]) -> [Range<Int>] {
    guard let first = word.first, text.count >= word.count else { return [] }
    var found: [Range<Int>] = []
    var start = 0
    while start <= text.count - word.count {
      let end = start + word.count
      if text[start] == first, text[start..<end].elementsEqual(word) {
        found.append(start..<end)
        start = end
      } else {
        start += 1
      }
    }
    return found
  }

  private static func endOfToken(_ text: [UInt8], from start: Int) -> Int {
    text[start...].firstIndex { !isAlphanumeric($0) && !marks.contains($0) && !padding.contains($0) } ?? text.endIndex
  }

  /// Words of 16 or more letters and digits that no person would choose, such as `9f8b2c7de01a44c3`.
  private static func random(_ text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    while start < text.endIndex {
      let end = text[start...].firstIndex { !isAlphanumeric($0) } ?? text.endIndex
      if end - start >= 16, isRandom(text[start..<end]), !isDigest(text[..<start]) { found.append(start..<end) }
      start = end + 1
    }
    return found
  }

  private static func isDigest(_ before: ArraySlice<UInt8>) -> Bool {
    ["sha256:", "sha512:"].contains { before.reversed().starts(with: $0.utf8.reversed()) }
  }

  /// Digits between letters, and no run of letters as long as those of words.
  private static func isRandom(_ word: ArraySlice<UInt8>) -> Bool {
    var (changes, digits, run) = (0, 0, 0)
    var last: UInt8?
    for byte in word {
      let isDigit = byte < UInt8(ascii: "A")
      if isDigit { digits += 1 }
      let isLower = byte >= UInt8(ascii: "a")
      let wasLower = last.map { $0 >= UInt8(ascii: "a") }
      run = isDigit ? 0 : isLower == wasLower ? run + 1 : 1
      if run > 5 { return false }
      if let last, (last < UInt8(ascii: "A")) != isDigit { changes += 1 }
      last = byte
    }
    return changes >= 2 && digits >= 2 && digits < word.count
  }

  // MARK: Bytes

  private static let space = UInt8(ascii: " ")
  /// Bytes within names and tokens, besides letters and digits.
  private static let marks = Array("_-.".utf8)
  private static let padding = Array("+/=".utf8)
  /// Bytes that end a value without quotes, and the host of a URL.
  private static let ends = Array("&,;}])".utf8)
  private static let paths = Array("/?#".utf8)
  /// First bytes of a reference, a placeholder or a regular expression.
  private static let references = Array("$<*([\\%".utf8)

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  /// Not empty, not a reference, a field or a word of a language, and not a small number.
  private static func isLiteral(_ value: ArraySlice<UInt8>) -> Bool {
    let value = value.drop { isQuote($0) }
    guard let first = value.first, !references.contains(first), !value.contains(UInt8(ascii: "{")) else { return false }
    let text = String(decoding: value, as: UTF8.self)
    let isNumber = value.count < 6 && value.allSatisfy { (0x30...0x39).contains($0) }
    return !isNumber && !["true", "false", "null", "none"].contains(text.lowercased())
  }

  /// Ranges between white space, where a quoted text is one range without its quotes.
  private static func tokens(_ text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    while let first = text[start...].firstIndex(where: { $0 > space }) {
      let quote = isQuote(text[first]) ? text[first] : nil
      let begin = quote == nil ? first : first + 1
      let end = text[begin...].firstIndex { byte in quote.map { byte == $0 } ?? (byte <= space) } ?? text.endIndex
      if begin < end { found.append(begin..<end) }
      start = min(text.endIndex, end + 1)
    }
    return found
  }

  /// The file name of a program's path.
  private static func program(_ word: ArraySlice<UInt8>) -> String {
    String(decoding: word.lastIndex(of: UInt8(ascii: "/")).map { word[($0 + 1)...] } ?? word, as: UTF8.self)
  }
}
