import Clients
import Core
import Text

/// Requests one endpoint of a service and parses the response. Belongs to one thread.
final class ServiceProbe {
  private static let excerptLength = 4096

  let endpoint: HTTPEndpoint
  let transfer: HTTPTransfer
  private var lastBody: (bytes: [UInt8], body: HealthBody)?

  /// `nil` if out of memory.
  init?(_ endpoint: HTTPEndpoint) {
    guard let transfer = HTTPTransfer(endpoint.target) else { return nil }
    self.endpoint = endpoint
    self.transfer = transfer
  }

  /// The result of the request.
  func outcome(_ code: HTTPEnd) -> ServiceSample.Outcome {
    let isAnswered = transfer.isAnswered(code)
    transfer.readCertificate()
    switch endpoint.purpose {
    case .health(let reader): return isAnswered ? .answered(answer(reader)) : failed(code)
    case .metrics(let text): return metrics(text, code, isAnswered: isAnswered)
    }
  }

  private func failed(_ code: HTTPEnd) -> ServiceSample.Outcome {
    let failure = transfer.failure(code)
    return failure.isOwn ? .notAsked(failure.text) : .failed(failure.text)
  }

  private func metrics(_ text: PrometheusText, _ code: HTTPEnd, isAnswered: Bool) -> ServiceSample.Outcome {
    if !isAnswered { return .noMetrics(transfer.failure(code).text) }
    if transfer.isCut {
      return .noMetrics("\(transfer.target.place): more than \(Quantity.bytes(transfer.target.bodyLimit)) of metrics")
    }
    if !(200..<300).contains(transfer.status) {
      return .noMetrics("\(transfer.target.place): HTTP \(transfer.status) at \(endpoint.url)")
    }
    let type = transfer.header("Content-Type")?.lowercased() ?? ""
    return .metrics(text.read(transfer.bytes, isOpenMetrics: type.hasPrefix("application/openmetrics-text")))
  }

  private func answer(_ reader: HealthBodyReader) -> ServiceSample.Answer {
    ServiceSample.Answer(
      status: transfer.status, phases: transfer.phases, body: body(reader),
      excerpt: Array(transfer.bytes.prefix(Self.excerptLength)), length: transfer.bytes.count, isCut: transfer.isCut,
      location: transfer.location, certificateEnd: transfer.certificateEnd)
  }

  /// Caches the parsed body: most responses equal the previous one.
  private func body(_ reader: HealthBodyReader) -> HealthBody {
    if transfer.isCut { return reader.cut(at: Quantity.bytes(transfer.target.bodyLimit)) }
    let bytes = transfer.bytes
    if let lastBody, lastBody.bytes == bytes { return lastBody.body }
    let body = reader.read(bytes)
    lastBody = (bytes, body)
    return body
  }
}
