import Core

/// One message whose body has been read, with the ways to find fields in it.
struct MessageView {
  let message: ConsumedMessage
  let topicName: UnsafeRawBufferPointer
  let fields: JSONFields
  /// Of the envelope's text.
  let opened: JSONFields

  private static let cloudTypes = ["ce_type", "ce-type"].map { Array($0.utf8) }
  private static let cloudTimes = ["ce_time", "ce-time"].map { Array($0.utf8) }
  private static let cloudIDs = ["ce_id", "ce-id"].map { Array($0.utf8) }
  private static let traceParent = Array("traceparent".utf8)

  /// The value of the first source that has one that is not empty.
  func first(_ sources: [CompiledSource]) -> UnsafeRawBufferPointer? {
    for source in sources {
      if let value = value(source), !value.isEmpty { return value }
    }
    return nil
  }

  func forEach(_ source: CompiledSource, _ body: (UnsafeRawBufferPointer) -> Void) {
    switch source {
    case .path(let path): fields.forEachValue(at: path, body)
    case .opened(let path): opened.forEachValue(at: path, body)
    default: value(source).map(body)
    }
  }

  private func value(_ source: CompiledSource) -> UnsafeRawBufferPointer? {
    switch source {
    case .path(let path): fields.value(at: path)
    case .opened(let path): opened.value(at: path)
    case .header(let name): header(name)
    case .traceID: header(Self.traceParent).flatMap(SagaID.traceID)
    case .key: message.key
    case .topic: topicName
    }
  }

  private func header(_ name: [UInt8]) -> UnsafeRawBufferPointer? {
    message.headers.first { Bytes.equal($0.name, name) }?.value
  }

  func cloudType(_ rules: CompiledFields) -> UnsafeRawBufferPointer? { cloud(Self.cloudTypes, rules.cloudType, rules) }
  func cloudTime(_ rules: CompiledFields) -> UnsafeRawBufferPointer? { cloud(Self.cloudTimes, rules.cloudTime, rules) }
  func cloudID(_ rules: CompiledFields) -> UnsafeRawBufferPointer? { cloud(Self.cloudIDs, rules.cloudID, rules) }

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
