import CCurl
import Core

/// libcurl's handle for one target, and what came of the request under way. Belongs to one thread.
///
/// The handle keeps the target's settings from request to request; the connections belong to the multi handle.
final class HTTPTransfer {
  private static let longestLocation = 300

  let target: HTTPTarget
  let handle: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  /// Where libcurl writes what is wrong.
  private let complaint: UnsafeMutablePointer<CChar>
  private(set) var bytes: [UInt8] = []
  private(set) var isCut = false
  /// Of the last handshake: a connection that was kept tells none.
  private(set) var certificateEnd: Timestamp?

  /// `nil` when there is no memory for it.
  init?(_ target: HTTPTarget) {
    guard let handle = curl_easy_init() else { return nil }
    self.target = target
    self.handle = handle
    complaint = .allocate(capacity: Int(CURL_ERROR_SIZE))
    complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    configure()
    setHeaders([])
    HTTPCredentials.set(target.access, on: handle)
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headers)
    complaint.deallocate()
  }

  private func set(_ option: CURLoption, _ value: Int) { sg_curl_set_long(handle, option, value) }

  private func set(_ option: CURLoption, _ value: String?) {
    if let value { sg_curl_set_text(handle, option, value) }
  }

  private func configure() {
    // A library of a program with a screen must not touch its signals.
    set(CURLOPT_NOSIGNAL, 1)
    sg_curl_leave_lookups(handle)
    sg_curl_set_http_only(handle)
    set(CURLOPT_URL, target.url)
    set(CURLOPT_FOLLOWLOCATION, 0)
    // The environment's proxy is for the way out of the cluster, and services lie in it.
    set(CURLOPT_PROXY, "")
    set(CURLOPT_TIMEOUT_MS, Int(clamping: target.timeout.nanosecondsClamped / 1_000_000))
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: target.timeout.nanosecondsClamped / 1_000_000))
    set(CURLOPT_CERTINFO, 1)
    set(CURLOPT_USERAGENT, "sagatop")
    set(CURLOPT_UNIX_SOCKET_PATH, target.access.unixSocket)
    sg_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, complaint)
    sg_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
    sg_curl_set_write(handle, receiveBytes)
  }

  private func setHeaders(_ more: [String]) {
    let access = target.access
    curl_slist_free_all(headers)
    headers = nil
    if !access.headers.contains(where: { $0.name.lowercased() == "accept" }) { add("Accept: \(target.accepts)") }
    for header in access.headers { add("\(header.name): \(header.value)") }
    if let host = access.host { add("Host: \(host)") }
    more.forEach(add)
    sg_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
  }

  /// Asks for this URL from now on, with further headers as lines.
  func turn(to url: String, headers more: [String]) {
    set(CURLOPT_URL, url)
    setHeaders(more)
  }

  /// Of the answer, the last of that name.
  func header(_ name: String) -> String? { sg_curl_header(handle, name).map { String(cString: $0) } }

  private func add(_ line: String) {
    if let longer = curl_slist_append(headers, line) { headers = longer }
  }

  /// Forgets the request before.
  func begin() {
    bytes.removeAll(keepingCapacity: true)
    isCut = false
    complaint[0] = 0
  }

  /// How many of the bytes were taken; fewer than given ends the transfer.
  fileprivate func receive(_ buffer: UnsafeRawBufferPointer) -> Int {
    let room = target.bodyLimit - bytes.count
    if buffer.count > room { isCut = true }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer.prefix(room)))
    return min(buffer.count, room)
  }

  /// Everything came that was meant to.
  func isAnswered(_ code: CURLcode) -> Bool { code == CURLE_OK || (isCut && code == CURLE_WRITE_ERROR) }

  func failure(_ code: CURLcode) -> HTTPFailure {
    HTTPFailure(code, handle, of: target, detail: String(cString: complaint), received: bytes.count)
  }

  /// Of the answer's head.
  var status: Int { sg_curl_long(handle, CURLINFO_RESPONSE_CODE) }

  /// Where the answer leads to.
  var location: String? {
    sg_curl_text(handle, CURLINFO_REDIRECT_URL).map {
      String(String.UnicodeScalarView(String(cString: $0).unicodeScalars.prefix(Self.longestLocation)))
    }
  }

  var phases: ServiceSample.Phases {
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
  func readCertificate() {
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

private func receiveBytes(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  // libcurl gives at most a few hundred KiB at once, so the product cannot overflow.
  let buffer = UnsafeRawBufferPointer(start: bytes, count: size &* count)
  return Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue().receive(buffer)
}
