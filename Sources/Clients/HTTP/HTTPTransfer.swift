import CCurl
import Core

/// The result of a libcurl transfer.
package struct HTTPEnd: Sendable {
  package let code: CURLcode

  /// The response is complete.
  package var isWhole: Bool { code == CURLE_OK }
  /// The result of a request that could not be started.
  package static let notBegun = HTTPEnd(code: CURLE_FAILED_INIT)
}

/// A request to one target that is repeated, and the response of the current request. Used by one thread only.
///
/// The handle keeps the target's settings between requests. The connections belong to the multi handle.
package final class HTTPTransfer {
  private static let longestLocation = 300

  package let target: HTTPTarget
  private let own: HTTPHandle
  /// Expiry of the certificate in the last TLS handshake. A reused connection does not report it.
  package private(set) var certificateEnd: Timestamp?

  /// `nil` if there is no memory for the handle.
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

  /// The libcurl easy handle, which identifies the transfer.
  package var handle: UnsafeMutableRawPointer { own.raw }
  package var bytes: [UInt8] { own.bytes }
  package var isCut: Bool { own.isCut }

  private func setHeaders(_ more: [String]) {
    let hasAccept = target.access.headers.contains { $0.name.lowercased() == "accept" }
    own.set(headers: (hasAccept ? [] : ["Accept: \(target.accepts)"]) + more, of: target.access)
  }

  /// Sets the URL and additional header lines for the next requests.
  package func setURL(_ url: String, headers more: [String]) {
    own.set(CURLOPT_URL, url)
    setHeaders(more)
  }

  /// The last response header with this name.
  package func header(_ name: String) -> String? { sg_curl_header(handle, name).map { String(cString: $0) } }

  /// Clears the response of the previous request.
  package func begin() { own.begin() }

  /// The response is complete, or it was cut at the body limit.
  package func isAnswered(_ end: HTTPEnd) -> Bool { own.isHeadWhole && own.isAnswered(end.code) }

  package func failure(_ end: HTTPEnd) -> HTTPFailure {
    if let error = own.headError(end.code) { return HTTPFailure(text: "\(target.place): \(error)") }
    return HTTPFailure(end.code, handle, of: target, detail: own.error(end.code), received: bytes.count)
  }

  /// Status code of the response.
  package var status: Int { sg_curl_long(handle, CURLINFO_RESPONSE_CODE) }

  /// Target URL of a redirect.
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

  /// Must be called after the transfer has ended.
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

/// A libcurl multi handle: the current transfers and the connections that stay open between them. All calls except `wake` must be made on
/// the same thread.
package final class HTTPConnections: @unchecked Sendable {
  // Set only in the initialiser. libcurl allows `curl_multi_wakeup` on any thread, and no other call is made from another thread.
  private let multi: UnsafeMutableRawPointer

  package static var libraryVersion: String {
    let names = String(cString: curl_version())
    return String(names.prefix { $0 != " " }.drop { $0 != "/" }.dropFirst())
  }

  /// `kept` is the maximum number of connections that stay open between requests. `nil` if libcurl cannot be initialised.
  package init?(kept: Int) {
    guard HTTPHandle.isReady, let multi = curl_multi_init() else { return nil }
    self.multi = multi
    sg_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, kept)
  }

  deinit {
    curl_multi_cleanup(multi)
  }

  package func start(_ transfer: HTTPTransfer) {
    transfer.begin()
    curl_multi_add_handle(multi, transfer.handle)
  }

  package func remove(_ transfer: HTTPTransfer) { curl_multi_remove_handle(multi, transfer.handle) }

  /// Does all work that is possible without waiting, and calls `ended` for each finished transfer with its handle.
  package func work(_ ended: (UnsafeMutableRawPointer, HTTPEnd) -> Void) {
    var running: Int32 = 0
    curl_multi_perform(multi, &running)
    var code = CURLE_OK
    while let handle = sg_curl_take_done(multi, &code) { ended(handle, HTTPEnd(code: code)) }
  }

  /// Waits until a transfer can continue, `wake` is called, or `time` is over.
  package func wait(atMost time: Duration) {
    let milliseconds = (time.nanosecondsClamped + 999_999) / 1_000_000
    curl_multi_poll(multi, nil, 0, Int32(clamping: max(0, milliseconds)), nil)
  }

  /// Ends a `wait`.
  package func wake() { curl_multi_wakeup(multi) }
}
