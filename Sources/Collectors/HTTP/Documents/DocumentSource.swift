import Clients
import Core
import Synchronization

/// Polls documents over HTTP, each at its interval, all on one thread, and delivers their messages as events. Content that was already
/// delivered is not delivered again.
package final class DocumentSource: Source {
  package static let kind = SourceKind.document

  private let documents: [DocumentTarget]
  private let fields: CompiledFields
  private let symbols: SymbolTable
  private let since: Duration?
  private let sink: any ObservationSink
  private let hide: @Sendable ([UInt8]) -> [UInt8]
  private let now: @Sendable () -> Timestamp
  private let thread = WorkerThread()
  private let connections = Mutex<HTTPConnections?>(nil)
  private let isStopping = Atomic(false)

  /// Events more than `since` before the start are skipped. `now` is the clock for events without a time and for the status; `hide` removes
  /// secrets from a message.
  package init(
    _ documents: [DocumentTarget], system: SystemDefinition, symbols: SymbolTable, since: Duration? = nil,
    sink: any ObservationSink, hide: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 },
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.documents = documents
    fields = CompiledFields(system, symbols: symbols)
    self.symbols = symbols
    self.since = since
    self.sink = sink
    self.hide = hide
    self.now = now
  }

  /// The name of a document's status.
  package static func name(of document: DocumentDefinition) -> String { "document \(document.name)" }

  /// Starts polling on a new thread and returns immediately. Later errors are reported in the status.
  package func start() {
    for document in documents { sink.accept(SourceStatus(.document, name: Self.name(of: document.definition))) }
    guard let opened = HTTPConnections(kept: documents.count) else { return fail("libcurl cannot be started") }
    connections.withLock { $0 = opened }
    if !thread.start({ [self] in run(opened) }) { fail("the system gives no thread to ask for documents with") }
  }

  private func fail(_ reason: String) {
    for document in documents {
      var status = SourceStatus(.document, name: Self.name(of: document.definition), phase: .down)
      status.error = reason
      sink.accept(status)
    }
  }

  /// Stops polling and waits at most one second.
  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    connections.withLock { $0?.wake() }
    thread.join(patience: .seconds(1))
    connections.withLock { $0 = nil }
  }

  private func run(_ connections: HTTPConnections) {
    let polls = documents.compactMap { document in
      DocumentPoll(
        document,
        feed: MessageFeed(
          source: document.definition.name, fields: fields, symbols: symbols, since: since.map { now() - $0 },
          sink: sink, hide: hide))
    }
    let reader = DocumentReader(polls, connections: connections, sink: sink, now: now)
    while !isStopping.load(ordering: .relaxed) { reader.step() }
  }
}
