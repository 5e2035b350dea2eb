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

/// libcurl's multi handle: the transfers under way and the connections that are kept between them. Only `wake` may be called by
/// another thread than the one that uses it.
package final class HTTPConnections: @unchecked Sendable {
  // Written by the initialiser only; libcurl allows `curl_multi_wakeup` on any thread, and nothing else is called on another.
  private let multi: UnsafeMutableRawPointer

  package static var libraryVersion: String {
    let names = String(cString: curl_version())
    return String(names.prefix { $0 != " " }.drop { $0 != "/" }.dropFirst())
  }

  /// `kept` connections stay open between requests. `nil` when libcurl cannot be started.
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

  /// Does what can be done without waiting, and gives each transfer that has ended, by its handle.
  package func work(_ ended: (UnsafeMutableRawPointer, HTTPEnd) -> Void) {
    var running: Int32 = 0
    curl_multi_perform(multi, &running)
    var code = CURLE_OK
    while let handle = sg_curl_take_done(multi, &code) { ended(handle, HTTPEnd(code: code)) }
  }

  /// Waits until there is something to do.
  package func wait(atMost time: Duration) {
    let milliseconds = (time.nanosecondsClamped + 999_999) / 1_000_000
    curl_multi_poll(multi, nil, 0, Int32(clamping: max(0, milliseconds)), nil)
  }

  /// Ends a wait.
  package func wake() { curl_multi_wakeup(multi) }
}
