import Core

/// One message with its parsed body, and access to its fields. Passed without copying, because it holds several references.
struct MessageView: ~Copyable {
  let message: ConsumedMessage
  var topicName: UnsafeRawBufferPointer
  let fields: JSONFields
  /// Fields of the envelope's text.
  var opened = JSONFields()
  /// Fields of the message wrapped in a dead letter; they have precedence over the outer fields.
  var wrapped: JSONFields?
  /// Fields of the key, if it is JSON.
  var keyFields = JSONFields()
  let scratch: DecodingScratch

  private static let cloudTypes = ["ce_type", "ce-type"].map { Array($0.utf8) }
  private static let cloudTimes = ["ce_time", "ce-time"].map { Array($0.utf8) }
  private static let cloudIDs = ["ce_id", "ce-id"].map { Array($0.utf8) }
  private static let cloudSources = ["ce_source", "ce-source"].map { Array($0.utf8) }

  /// The first non-empty value of the sources.
  func first(_ sources: SourceList) -> UnsafeRawBufferPointer? {
    sources.onlyPath >= 0 ? text(at: sources.onlyPath) : first(sources.all)
  }

  /// The same; the sources are read only if the shortcut is not enough.
  func first(_ shortcut: SourceShortcut, _ sources: @autoclosure () -> SourceList) -> UnsafeRawBufferPointer? {
    switch shortcut {
    case .empty: nil
    case .path(let path): text(at: Int(path))
    case .topic: topicName.isEmpty ? nil : topicName
    case .other: first(sources().all)
    }
  }

  func text(at path: Int) -> UnsafeRawBufferPointer? {
    let value = wrapped == nil ? fields.value(at: path) : wrappedValue(at: path)
    return value.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether the path has a value, even an empty one.
  func has(_ path: Int) -> Bool { fields.has(path) || wrapped != nil }

  func first(_ sources: [CompiledSource]) -> UnsafeRawBufferPointer? {
    // By index, because iteration would copy each element with its references.
    for place in sources.indices {
      if let text = text(sources[place]) { return text }
    }
    return nil
  }

  /// The value of the source; `nil` if it is empty.
  func text(_ source: CompiledSource) -> UnsafeRawBufferPointer? {
    value(source).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The same; also an array or object if the source was compiled with `whole`.
  func firstOrWhole(_ sources: SourceList) -> (bytes: UnsafeRawBufferPointer, isWhole: Bool)? {
    if sources.onlyPath >= 0, let text = text(at: sources.onlyPath) { return (text, false) }
    return firstOrWhole(sources.all)
  }

  func firstOrWhole(_ sources: [CompiledSource]) -> (bytes: UnsafeRawBufferPointer, isWhole: Bool)? {
    for source in sources {
      if let value = value(source), !value.isEmpty { return (value, false) }
      if let whole = whole(source) { return (whole, true) }
    }
    return nil
  }

  func forEach(_ source: CompiledSource, _ body: (UnsafeRawBufferPointer) -> Void) {
    switch source {
    case .path(let path):
      if let wrapped, wrapped.value(at: path) != nil { return wrapped.forEachValue(at: path, body) }
      fields.forEachValue(at: path, body)
    case .opened(let path): opened.forEachValue(at: path, body)
    case .keyPath(let path): keyFields.forEachValue(at: path, body)
    case .either(let sources):
      if let source = sources.first(where: { value($0) != nil }) { forEach(source, body) }
    default: value(source).map(body)
    }
  }

  private func value(_ source: CompiledSource) -> UnsafeRawBufferPointer? {
    switch source {
    case .path(let path): wrapped == nil ? fields.value(at: path) : wrappedValue(at: path)
    case .opened(let path): opened.value(at: path)
    case .header(let name): header(name).map { BinaryText.text($0, scratch.texts) }
    case .traceID(let name): header(name).flatMap(TraceHeader.find)
    case .key: message.key.isEmpty ? nil : BinaryText.text(message.key, scratch.texts)
    case .keyPath(let path): keyFields.value(at: path)
    case .topic: topicName
    case .template(let parts): text(of: parts)
    case .either(let sources): first(sources)
    }
  }

  private func wrappedValue(at path: Int) -> UnsafeRawBufferPointer? {
    wrapped?.value(at: path) ?? fields.value(at: path)
  }

  private func whole(_ source: CompiledSource) -> UnsafeRawBufferPointer? {
    switch source {
    case .path(let path): wrapped?.whole(at: path) ?? fields.whole(at: path)
    case .opened(let path): opened.whole(at: path)
    case .either(let sources): firstWhole(sources)
    default: nil
    }
  }

  private func firstWhole(_ sources: [CompiledSource]) -> UnsafeRawBufferPointer? {
    for source in sources {
      if let whole = whole(source) { return whole }
    }
    return nil
  }

  /// `nil` if one of the fields has no value.
  private func text(of parts: [CompiledSource.Part]) -> UnsafeRawBufferPointer? {
    scratch.templates.begin()
    for part in parts {
      if part.source.isEmpty {
        scratch.templates.append(part.text)
      } else {
        guard let value = first(part.source) else { return nil }
        scratch.templates.append(Bytes.prefix(value, Self.longestPart))
      }
    }
    return scratch.templates.end()
  }

  private static let longestPart = 1024

  func header(_ name: [UInt8]) -> UnsafeRawBufferPointer? {
    message.headers.first { Bytes.equal($0.name, name) }?.value
  }

  /// The trace id of the message: from the sources, otherwise from the headers of tracing libraries.
  func trace(_ shortcut: SourceShortcut, _ sources: @autoclosure () -> SourceList) -> TraceID? {
    if shortcut != .empty {
      for source in sources().all {
        if let id = text(source).flatMap({ TraceID(header: $0) }) { return id }
      }
    }
    for header in message.headers where TraceHeader.isName(header.name) {
      if let id = TraceID(header: header.value) { return id }
    }
    return nil
  }

  func cloudType(_ rules: CompiledFields) -> UnsafeRawBufferPointer? { cloud(Self.cloudTypes, rules.cloudType, rules) }
  func cloudTime(_ rules: CompiledFields) -> UnsafeRawBufferPointer? { cloud(Self.cloudTimes, rules.cloudTime, rules) }

  /// Fingerprint of a CloudEvent. It includes the source, because the id is unique only within its source.
  func cloudFingerprint(_ rules: CompiledFields) -> UInt64 {
    guard let id = cloud(Self.cloudIDs, rules.cloudID, rules) else { return 0 }
    let source = cloud(Self.cloudSources, rules.cloudSource, rules)
    return Bytes.hash(id, seed: source.map { Bytes.hash($0) } ?? 0)
  }

  /// A CloudEvents attribute: a header in binary mode, a member of the body in structured mode.
  private func cloud(
    _ headers: [[UInt8]], _ member: CompiledSource, _ rules: CompiledFields
  ) -> UnsafeRawBufferPointer? {
    if !message.headers.isEmpty {
      for name in headers {
        if let value = header(name) { return value }
      }
    }
    return value(rules.cloudVersion) == nil ? nil : value(member)
  }
}

/// Scratch memory for the texts of one message; templates are separate from their parts.
final class DecodingScratch {
  let texts = Scratch()
  let templates = Scratch()

  func clear() {
    texts.clear()
    templates.clear()
  }
}

/// Finds trace ids in headers.
enum TraceHeader {
  private static let names = ["b3", "traceparent", "x-b3-traceid", "uber-trace-id", "ce_traceparent"].map {
    Array($0.utf8)
  }

  /// Case-insensitive, because clients differ.
  static func isName(_ name: UnsafeRawBufferPointer) -> Bool {
    guard name.count == 2 || 11...14 ~= name.count else { return false }
    switch name[0] | 0x20 {
    case UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "c"): break
    default: return false
    }
    return names.contains { known in
      known.count == name.count
        && zip(known, name).allSatisfy { $0 == $1 || $0 == $1 | 0x20 && $1 >= 0x41 && $1 <= 0x5a }
    }
  }

  /// The id in a W3C `traceparent` header, `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`, or in a `b3` header, `<16 or 32 hex
  /// digits>-<16 hex digits>…`.
  static func find(_ header: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let dash = UInt8(ascii: "-")
    if header.count >= 55, header[2] == dash, header[35] == dash { return id(header[3..<35]) }
    guard let end = header.firstIndex(of: dash), end == 16 || end == 32 else { return nil }
    return id(header[..<end])
  }

  private static func id(_ bytes: Slice<UnsafeRawBufferPointer>) -> UnsafeRawBufferPointer? {
    guard bytes.allSatisfy(isHexDigit), bytes.contains(where: { $0 != UInt8(ascii: "0") }) else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
