/// Checks whether a value of a known form starts at a position of a text, and returns its end.
struct ErrorForm {
  private let text: [UInt8]
  private let place: Int

  init(_ text: [UInt8], _ place: Int) {
    self.text = text
    self.place = place
  }

  private func byte(_ index: Int) -> UInt8? { index < text.count ? text[index] : nil }

  private func run(from start: Int, while isPart: (UInt8) -> Bool) -> Int {
    var end = start
    while end < text.count, isPart(text[end]) { end += 1 }
    return end
  }

  private func digits(from start: Int) -> Int { run(from: start, while: ErrorToken.isDigit) }

  private func isBoundary(_ end: Int) -> Bool { end >= text.count || !ErrorToken.isWord(text[end]) }

  /// 8-4-4-4-12 hexadecimal digits.
  var uuid: Int? {
    var index = place
    for (position, length) in [8, 4, 4, 4, 12].enumerated() {
      if position > 0 {
        guard byte(index) == UInt8(ascii: "-") else { return nil }
        index += 1
      }
      let end = run(from: index, while: ErrorToken.isHex)
      guard end == index + length else { return nil }
      index = end
    }
    return isBoundary(index) ? index : nil
  }

  /// `2026-01-27`, `2026-01-27T10:00:00.123Z`, `2026/01/27 10:00:00,123 +0100`, `10:00:00.123`.
  var time: Int? {
    guard let first = byte(place), ErrorToken.isDigit(first) else { return nil }
    guard let day = date else { return clock(from: place) }
    guard let mark = byte(day), mark == UInt8(ascii: "T") || mark == UInt8(ascii: " "), let end = clock(from: day + 1)
    else { return isBoundary(day) ? day : nil }
    return zone(from: end)
  }

  private var date: Int? {
    let year = digits(from: place)
    guard year == place + 4, let mark = byte(year), mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/") else {
      return nil
    }
    let month = digits(from: year + 1)
    guard month == year + 3, byte(month) == mark else { return nil }
    let day = digits(from: month + 1)
    return day == month + 3 ? day : nil
  }

  private func clock(from start: Int) -> Int? {
    let hour = digits(from: start)
    guard hour == start + 2, byte(hour) == UInt8(ascii: ":") else { return nil }
    let minute = digits(from: hour + 1)
    guard minute == hour + 3, byte(minute) == UInt8(ascii: ":") else { return nil }
    let second = digits(from: minute + 1)
    guard second == minute + 3 else { return nil }
    guard let mark = byte(second), mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") else { return second }
    let fraction = digits(from: second + 1)
    return fraction > second + 1 ? fraction : second
  }

  /// `Z`, `+01:00`, ` +0100`.
  private func zone(from end: Int) -> Int {
    if byte(end) == UInt8(ascii: "Z") { return end + 1 }
    let sign = byte(end) == UInt8(ascii: " ") ? end + 1 : end
    guard let mark = byte(sign), mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-") else { return end }
    let stop = run(from: sign + 1) { ErrorToken.isDigit($0) || $0 == UInt8(ascii: ":") }
    return stop >= sign + 5 ? stop : end
  }

  /// `0x7ffe`.
  var hexNumber: Int? {
    guard byte(place) == UInt8(ascii: "0"), byte(place + 1).map(ASCIIMatch.lowered) == UInt8(ascii: "x") else {
      return nil
    }
    let end = run(from: place + 2, while: ErrorToken.isHex)
    return end > place + 2 && isBoundary(end) ? end : nil
  }

  /// `42`, `-3.5`, `1,234.56`, `1.2e-3`. Not if letters follow, so that `3000ms` keeps its unit.
  var number: Int? {
    let isSigned = byte(place) == UInt8(ascii: "-") || byte(place) == UInt8(ascii: "+")
    let start = isSigned ? place + 1 : place
    var end = digits(from: start)
    guard end > start else { return nil }
    while let mark = byte(end), mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","), isGroup(mark, from: end + 1) {
      end = digits(from: end + 1)
    }
    if let mark = byte(end), ASCIIMatch.lowered(mark) == UInt8(ascii: "e"), let power = exponent(from: end + 1) {
      end = power
    }
    if end > digits(from: start), let unit = byte(end), ErrorToken.isLetter(unit) { return end }
    return isBoundary(end) ? end : nil
  }

  /// A comma separates only groups of three digits, so that lists are not parsed as numbers.
  private func isGroup(_ mark: UInt8, from start: Int) -> Bool {
    let end = digits(from: start)
    return mark == UInt8(ascii: ".") ? end > start : end == start + 3
  }

  private func exponent(from start: Int) -> Int? {
    let sign = byte(start) == UInt8(ascii: "-") || byte(start) == UInt8(ascii: "+") ? start + 1 : start
    let end = digits(from: sign)
    return end > sign && isBoundary(end) ? end : nil
  }
}

/// Addresses.
extension ErrorForm {
  /// `kim+shop@example.com`.
  var email: Int? {
    let name = run(from: place) { ErrorToken.isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+") }
    guard name > place, byte(name) == UInt8(ascii: "@") else { return nil }
    let end = run(from: name + 1) { ErrorToken.isWord($0) || $0 == UInt8(ascii: ".") }
    let host = text[(name + 1)..<end]
    guard host.dropLast().contains(UInt8(ascii: ".")) else { return nil }
    return host.last == UInt8(ascii: ".") ? end - 1 : end
  }

  /// IPv4 and IPv6 addresses with or without a port, the host of a URL, and a host with a port.
  func address(after word: String) -> Int? {
    if isBehindSlashes { return urlHost }
    if let end = ipv4 { return port(from: end) ?? end }
    if let end = bracketed { return port(from: end) ?? end }
    if let end = ipv6 { return end }
    return hostAndPort(after: word)
  }

  private var isBehindSlashes: Bool {
    place >= 3 && text[place - 1] == UInt8(ascii: "/") && text[place - 2] == UInt8(ascii: "/")
      && text[place - 3] == UInt8(ascii: ":")
  }

  /// Includes user and port, up to the path.
  private var urlHost: Int? {
    let end = run(from: place) { ErrorToken.isWord($0) || Self.urlMarks.contains($0) }
    return end > place ? end : nil
  }

  private static let urlMarks = Set(".:@[]%,".utf8)

  private var ipv4: Int? {
    var index = place
    for position in 0..<4 {
      if position > 0 {
        guard byte(index) == UInt8(ascii: ".") else { return nil }
        index += 1
      }
      let end = digits(from: index)
      guard end > index, end <= index + 3 else { return nil }
      index = end
    }
    return isBoundary(index) && byte(index) != UInt8(ascii: ".") ? index : isSentenceEnd(index) ? index : nil
  }

  private func isSentenceEnd(_ index: Int) -> Bool {
    byte(index) == UInt8(ascii: ".") && !(byte(index + 1).map(ErrorToken.isWord) ?? false)
  }

  /// `[::1]`, if it is an address and not a list.
  private var bracketed: Int? {
    guard byte(place) == UInt8(ascii: "[") else { return nil }
    let end = run(from: place + 1, while: Self.isIPv6Part)
    guard byte(end) == UInt8(ascii: "]"), text[place..<end].filter({ $0 == UInt8(ascii: ":") }).count >= 2 else {
      return nil
    }
    return end + 1
  }

  private var ipv6: Int? {
    let end = run(from: place, while: Self.isIPv6Part)
    let part = text[place..<end]
    let colons = part.indices.filter { part[$0] == UInt8(ascii: ":") }
    let isShortened = zip(colons, colons.dropFirst()).contains { $1 == $0 + 1 }
    guard colons.count == 7 || isShortened, part.contains(where: ErrorToken.isDigit), isBoundary(end),
      part.split(separator: UInt8(ascii: ":")).allSatisfy({ $0.count <= 4 })
    else { return nil }
    return end
  }

  private static func isIPv6Part(_ byte: UInt8) -> Bool { ErrorToken.isHex(byte) || byte == UInt8(ascii: ":") }

  private func port(from colon: Int) -> Int? {
    guard byte(colon) == UInt8(ascii: ":") else { return nil }
    let end = digits(from: colon + 1)
    guard end > colon + 1, end <= colon + 6 else { return nil }
    return byte(end).map(ErrorToken.isLetter) ?? false ? nil : end
  }

  private func hostAndPort(after word: String) -> Int? {
    guard let first = byte(place), ErrorToken.isLetter(first), first < 0x80 else { return nil }
    let end = run(from: place) { $0 < 0x80 && (ErrorToken.isWord($0) || $0 == UInt8(ascii: ".")) }
    guard let stop = port(from: end), port(from: stop) == nil else { return nil }
    let host = text[place..<end]
    let ending = host.split(separator: UInt8(ascii: ".")).last ?? host
    guard !ErrorToken.isSourceFile(ending) else { return nil }
    let isDotted = ending.count < host.count
    let isLocal = host.elementsEqual("localhost".utf8)
    return isDotted || isLocal || ErrorToken.isHostWord(word) || host.contains(UInt8(ascii: "-")) ? stop : nil
  }
}
