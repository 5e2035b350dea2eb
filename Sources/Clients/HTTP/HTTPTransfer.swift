import CCurl
import Core

/// How libcurl ended a transfer.
package struct HTTPEnd: Sendable {
  package let code: CURLcode

  /// The response came whole.
  package var isWhole: Bool { code == CURLE_OK }
  /// For a request that could not even begin.
  package static let notBegun = HTTPEnd(code: CURLE_FAILED_INIT)
}

/// A request to one target that is sent again and again, and what came of the request under way. Belongs to one thread.
///
/// The handle keeps the target's settings from request to request; the connections belong to the multi handle.
package final class HTTPTransfer {
  private static let longestLocation = 300

  package let target: HTTPTarget
  private let own: HTTPHandle
  /// Of the last handshake: a connection that was kept tells none.
  package private(set) var certificateEnd: Timestamp?

  /// `nil` when there is no memory for it.
  package init?(_ target: HTTPTarget) {
    guard let own = HTTPHandle(bodyLimit: target.bodyLimit) else { return nil }
    self.target = target
    self.own = own
    own.set(CURLOPT_URL, target.url)
    own.set(timeout: target.timeout)
    own.set(CURLOPT_CERTINFO, 1)
    own.set(target.access)
    setHeaders([])
  }

  /// libcurl's handle, which identifies the transfer.
  package var handle: UnsafeMutableRawPointer { own.raw }
  package var bytes: [UInt8] { own.bytes }
  package var isCut: Bool { own.isCut }

  private func setHeaders(_ more: [String]) {
    let hasAccept = target.access.headers.contains { $0.name.lowercased() == "accept" }
    own.set(headers: (hasAccept ? [] : ["Accept: \(target.accepts)"]) + more, of: target.access)
  }

  /// Asks for this URL from now on, with further headers as lines.
  package func setURL(_ url: String, headers more: [String]) {
    own.set(CURLOPT_URL, url)
    setHeaders(more)
  }

  /// Of the answer, the last of that name.
  package func header(_ name: String) -> String? { sg_curl_header(handle, name).map { String(cString: $0) } }

  /// Forgets the request before.
  package func begin() { own.begin() }

  /// Everything came that was meant to.
  package func isAnswered(_ end: HTTPEnd) -> Bool { own.isAnswered(end.code) }

  package func failure(_ end: HTTPEnd) -> HTTPFailure {
    HTTPFailure(end.code, handle, of: target, detail: own.error(end.code), received: bytes.count)
  }

  /// Of the answer's head.
  package var status: Int { sg_curl_long(handle, CURLINFO_RESPONSE_CODE) }

  /// Where the answer leads to.
  package var location: String? {
    sg_curl_text(handle, CURLINFO_REDIRECT_URL).map {
      String(String.UnicodeScalarView(String(cString: $0).unicodeScalars.prefix(Self.longestLocation)))
    }
  }

  package var phases: ServiceSample.Phases {
    func time(_ info: CURLINFO) -> Int64 { max(0, sg_curl_time(handle, info)) }
    let lookup = time(CURLINFO_NAMELOOKUP_TIME_T)
    let connect = max(lookup, time(CURLINFO_CONNECT_TIME_T))
    let tls = max(connect, time(CURLINFO_APPCONNECT_TIME_T))
    let sent = max(tls, time(CURLINFO_PRETRANSFER_TIME_T))
    let first = max(sent, time(CURLINFO_STARTTRANSFER_TIME_T))
    let isNew = sg_curl_long(handle, CURLINFO_NUM_CONNECTS) > 0
    return ServiceSample.Phases(
      lookup: .microseconds(isNew ? lookup : 0), connect: .microseconds(isNew ? connect - lookup : 0),
      tls: .microseconds(isNew ? tls - connect : 0), firstByte: .microseconds(first - sent),
      total: .microseconds(time(CURLINFO_TOTAL_TIME_T)))
  }

  /// To be called when the transfer has ended.
  package func readCertificate() {
    var entry = sg_curl_certificate(handle)
    while let line = entry?.pointee {
      if let data = line.data {
        let text = String(cString: data)
        if text.hasPrefix("Expire date:") { certificateEnd = CertificateDate.parse(text.dropFirst(12)) }
      }
      entry = UnsafePointer(line.next)
    }
  }
}
