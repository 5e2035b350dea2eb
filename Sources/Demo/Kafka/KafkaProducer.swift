import CKafka

/// A message to publish, with its key, headers and time.
struct Publication {
  let topic: String
  let key: String
  let value: [UInt8]
  let headers: [KafkaMessage.Header]
  /// Milliseconds since 1970.
  let timestamp: Int64
}

/// The position of a published message.
struct Delivery {
  let partition: Int32
  let offset: Int64
}

/// Publishes messages and reports the result of each. Not thread-safe: used only on the event loop's thread.
final class KafkaProducer {
  typealias Report = (Result<Delivery, KafkaFailure>) -> Void

  let handle: KafkaHandle
  private let queue: KafkaQueue
  private var reports: [Int: Report] = [:]
  private var lastNumber = 0

  init(_ handle: KafkaHandle, loop: EventLoop) throws(KafkaFailure) {
    self.handle = handle
    guard let main = rd_kafka_queue_get_main(handle.client) else {
      throw KafkaFailure(handle.name, "has no event queue")
    }
    queue = try KafkaQueue(taking: main)
    loop.watch(queue.descriptor) { [weak self] in self?.serve() }
  }

  /// Passes `publication` to librdkafka. `report` is called later with the result from the broker.
  func publish(_ publication: Publication, report: @escaping Report) {
    lastNumber += 1
    let number = lastNumber
    reports[number] = report
    if let failure = produce(publication, number: number) {
      reports[number] = nil
      report(.failure(failure))
    }
  }

  private func produce(_ publication: Publication, number: Int) -> KafkaFailure? {
    let headers = rd_kafka_headers_new(publication.headers.count)
    for header in publication.headers {
      rd_kafka_header_add(headers, header.name, -1, header.value, header.value.utf8.count)
    }
    var key = publication.key
    var value = publication.value
    let failure = key.withUTF8 { key in
      value.withUnsafeMutableBytes { value in
        publication.topic.withCString { topic in
          Self.send(
            [
              Self.field(RD_KAFKA_VTYPE_TOPIC) { $0.cstr = topic },
              Self.field(RD_KAFKA_VTYPE_KEY) {
                $0.mem.ptr = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(key.baseAddress))
                $0.mem.size = key.count
              },
              Self.field(RD_KAFKA_VTYPE_VALUE) {
                $0.mem.ptr = value.baseAddress
                $0.mem.size = value.count
              },
              Self.field(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY },
              Self.field(RD_KAFKA_VTYPE_TIMESTAMP) { $0.i64 = publication.timestamp },
              Self.field(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers },
              Self.field(RD_KAFKA_VTYPE_OPAQUE) { $0.ptr = UnsafeMutableRawPointer(bitPattern: number) },
            ], to: handle.client)
        }
      }
    }
    // librdkafka takes ownership of the headers only on success.
    if failure != nil { rd_kafka_headers_destroy(headers) }
    return failure.map { KafkaFailure("publishing on \(publication.topic)", $0) }
  }

  private static func field(
    _ type: rd_kafka_vtype_t, _ fill: (inout rd_kafka_vu_s.__Unnamed_union_u) -> Void
  ) -> rd_kafka_vu_t {
    var result = rd_kafka_vu_t()
    result.vtype = type
    fill(&result.u)
    return result
  }

  private static func send(_ fields: [rd_kafka_vu_t], to client: OpaquePointer) -> String? {
    guard let error = rd_kafka_produceva(client, fields, fields.count) else { return nil }
    defer { rd_kafka_error_destroy(error) }
    return String(cString: rd_kafka_error_string(error))
  }

  private func serve() {
    queue.drain { event in
      guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR else { return }
      while let message = rd_kafka_event_message_next(event) {
        deliver(message.pointee)
      }
    }
  }

  private func deliver(_ message: rd_kafka_message_t) {
    guard let report = reports.removeValue(forKey: Int(bitPattern: message._private)) else { return }
    guard message.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
      return report(.failure(KafkaFailure("publishing", code: message.err.rawValue)))
    }
    report(.success(Delivery(partition: message.partition, offset: message.offset)))
  }
}
