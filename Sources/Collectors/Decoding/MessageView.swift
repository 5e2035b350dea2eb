import Core

/// One message whose body has been read, with the ways to find fields in it. Handed on without copies: it holds several references.
struct MessageView: ~Copyable {
  let message: ConsumedMessage
  var topicName: UnsafeRawBufferPointer
  let fields: JSONFields
  /// Of the envelope's text.
  var opened = JSONFields()
  /// Of the message that a dead letter wraps: what stands in it comes before what stands around it.
  var wrapped: JSONFields?
  /// Of the key, where it is JSON.
  var keyFields = JSONFields()
  let scratch: DecodingScratch

  private static let cloudTypes = ["ce_type", "ce-type"].map { Array($0.utf8) }
  private static let cloudTimes = ["ce_time", "ce-time"].map { Array($0.utf8) }
  private static let cloudIDs = ["ce_id", "ce-id"].map { Array($0.utf8) }
  private static let cloudSources = ["ce_source", "ce-source"].map { Array($0.utf8) }

  /// The value of the first source that has one that is not empty.
  func first(_ sources: SourceList) -> UnsafeRawBufferPointer? {
    sources.onlyPath >= 0 ? text(at: sources.onlyPath) : first(sources.all)
  }

  /// The same, with the sources looked at only where their shortcut does not say all.
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

  /// Whether the path has a value, also an empty one.
  func has(_ path: Int) -> Bool { fields.has(path) || wrapped != nil }

  func first(_ sources: [CompiledSource]) -> UnsafeRawBufferPointer? {
    // By index: iterating over the elements copies each of them with all that it holds.
    for place in sources.indices {
      if let text = text(sources[place]) { return text }
    }
    return nil
  }

  /// The source's value, where it is not empty.
  func text(_ source: CompiledSource) -> UnsafeRawBufferPointer? {
    value(source).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The same, and an array or object where a source was compiled to take it.
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

  /// Nothing where one of its fields has nothing.
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

  /// The id of the trace that the message belongs to: of the sources, else of the headers that tracers write.
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

  /// Of a CloudEvent: its id is unique for its source only.
  func cloudFingerprint(_ rules: CompiledFields) -> UInt64 {
    guard let id = cloud(Self.cloudIDs, rules.cloudID, rules) else { return 0 }
    let source = cloud(Self.cloudSources, rules.cloudSource, rules)
    return Bytes.hash(id, seed: source.map { Bytes.hash($0) } ?? 0)
  }

  /// A CloudEvents attribute: in binary form a header, in structured form a member of the body.
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

/// Where the texts of one message are made: templates apart from what they are made of.
final class DecodingScratch {
  let texts = Scratch()
  let templates = Scratch()

  func clear() {
    texts.clear()
    templates.clear()
  }
}

/// Trace ids in headers.
enum TraceHeader {
  private static let names = ["b3", "traceparent", "x-b3-traceid", "uber-trace-id", "ce_traceparent"].map {
    Array($0.utf8)
  }

  /// Letters' case does not matter: clients write them in several ways.
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

  /// Of a W3C `traceparent` header, `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`, or of a `b3` header, `<16 or 32 hex
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
