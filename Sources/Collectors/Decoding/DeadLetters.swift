import Core

/// Recognizes dead letters and finds their original message. Belongs to one thread.
///
/// A topic is recognized by its name. The origin and the error come from the headers of Spring Kafka, Spring Cloud Stream, SmallRye,
/// Kafka Connect, Kafka Streams, NServiceBus, Rebus and CAP, or from a document that wraps the message.
struct DeadLetters: ~Copyable {
  private enum Kind: UInt8 {
    case unknown
    case plain
    case deadLetter
    case retry
  }

  private static let topicHeaders = [
    "kafka_dlt-original-topic", "kafka_original-topic", "__connect.errors.topic", "NServiceBus.FailedQ",
    "x-original-topic", "dead-letter-topic", "__streams.errors.topic", "dlq-original-topic", "original-topic",
  ].map { Array($0.utf8) }
  private static let errorHeaders = [
    "kafka_dlt-exception-message", "kafka_exception-message", "__connect.errors.exception.message",
    "NServiceBus.ExceptionInfo.Message", "MT-Fault-Message", "x-exception-message", "dead-letter-reason",
    "__streams.errors.message", "rbs2-error-details", "cap-exception", "dlq-reason", "error-message",
  ].map { Array($0.utf8) }
  private static let wrappers = [
    "original_value", "originalValue", "original_message", "originalMessage", "original_event", "originalEvent",
    "original_payload", "originalPayload",
  ]
  private static let topics = ["original_topic", "originalTopic"]
  private static let errors = ["error", "error_message", "errorMessage", "exception", "reason"]
  private static let mostTopics = 1 << 16

  private let symbols: SymbolTable
  /// Indexed by the number of the topic's symbol.
  private var kinds: [Kind] = []
  private let wrapperPaths: [CompiledSource]
  private let topicPaths: [CompiledSource]
  private let errorPaths: [CompiledSource]
  private var outer: JSONReader
  private var inner: JSONReader

  init(_ fields: CompiledFields, symbols: SymbolTable) {
    self.symbols = symbols
    let plan = JSONPlan()
    wrapperPaths = Self.wrappers.map { .path(plan.add([$0], whole: true)) }
    topicPaths = Self.topics.map { .path(plan.add([$0])) }
    errorPaths = Self.errors.map { .path(plan.add([$0], whole: true)) }
    outer = JSONReader(plan)
    inner = JSONReader(fields.plan)
  }

  /// `nil` if the message is no dead letter. Sets the wrapped message in the view.
  mutating func open(_ view: inout MessageView, isReadable: Bool) -> DeadLetter? {
    let topic = view.message.origin.topic
    let kind = kind(of: topic)
    guard kind == .deadLetter || kind == .retry else { return nil }
    var origin = first(Self.topicHeaders, view)
    var error = first(Self.errorHeaders, view)
    if isReadable, let body = view.message.body, outer.read(body) == nil {
      let around = MessageView(
        message: view.message, topicName: view.topicName, fields: outer.fields, scratch: view.scratch)
      if let wrapped = around.firstOrWhole(wrapperPaths), inner.read(wrapped.bytes) == nil {
        view.wrapped = inner.fields
      }
      origin = origin ?? around.first(topicPaths).map(Bytes.string)
      error =
        error
        ?? around.firstOrWhole(errorPaths).flatMap { $0.isWhole ? WholeValue.text($0.bytes) : Bytes.string($0.bytes) }
    }
    let name = symbols.text(topic)
    origin = origin ?? DeadLetterTopic.origin(of: name) ?? DeadLetterTopic.retried(name)
    return DeadLetter(
      originalTopic: origin.map { symbols.symbol(String($0.prefix(249))) } ?? .none,
      error: error.map { String($0.prefix(500)) }, isRetry: kind == .retry)
  }

  private func first(_ headers: [[UInt8]], _ view: borrowing MessageView) -> String? {
    for name in headers {
      if let value = view.header(name), !value.isEmpty { return Bytes.string(Bytes.prefix(value, 2000)) }
    }
    return nil
  }

  private mutating func kind(of topic: Symbol) -> Kind {
    let number = Int(topic.number)
    if number < kinds.count, kinds[number] != .unknown { return kinds[number] }
    let name = symbols.text(topic)
    let kind: Kind =
      DeadLetterTopic.retried(name) != nil ? .retry : DeadLetterTopic.isName(name) ? .deadLetter : .plain
    guard number < Self.mostTopics else { return kind }
    if number >= kinds.count { kinds += Array(repeating: .unknown, count: number + 1 - kinds.count) }
    kinds[number] = kind
    return kind
  }
}
