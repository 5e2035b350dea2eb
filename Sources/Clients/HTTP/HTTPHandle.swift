import CCurl
import Core

/// A libcurl easy handle, the response of the current request, and the strings that libcurl only references. Used by one thread only.
final class HTTPHandle {
  /// The libcurl easy handle.
  let raw: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  /// Buffer for libcurl's error message (`CURLOPT_ERRORBUFFER`).
  private let errorText: UnsafeMutablePointer<CChar>
  private let bodyLimit: Int
  private let headLimit: Int
  private var headLength = 0
  private(set) var bytes: [UInt8] = []
  private(set) var isCut = false
  /// The empty line at the end of the response head was received. If it is missing, libcurl treats a truncated head as complete.
  private(set) var isHeadWhole = false

  static let isReady = sg_curl_start() == 0

  /// The body is cut at `bodyLimit` bytes; a head longer than `headLimit` bytes fails the request. `nil` if there is no memory for the
  /// handle.
  init?(bodyLimit: Int, headLimit: Int = 1 << 20) {
    guard Self.isReady, let raw = curl_easy_init() else { return nil }
    self.raw = raw
    self.bodyLimit = bodyLimit
    self.headLimit = headLimit
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    configure()
  }

  deinit {
    curl_easy_cleanup(raw)
    curl_slist_free_all(headers)
    errorText.deallocate()
  }

  private func configure() {
    // libcurl must not install signal handlers in a program with a terminal screen.
    set(CURLOPT_NOSIGNAL, 1)
    sg_curl_leave_lookups(raw)
    sg_curl_set_http_only(raw)
    set(CURLOPT_FOLLOWLOCATION, 0)
    // Ignores the proxy of the environment: it is for traffic out of the cluster, but services are inside the cluster.
    set(CURLOPT_PROXY, "")
    set(CURLOPT_USERAGENT, "sagatop")
    // Accepts every encoding that libcurl supports. The body limit applies to the decompressed size.
    set(CURLOPT_ACCEPT_ENCODING, "")
    let context = Unmanaged.passUnretained(self).toOpaque()
    sg_curl_set_pointer(raw, CURLOPT_ERRORBUFFER, errorText)
    sg_curl_set_pointer(raw, CURLOPT_WRITEDATA, context)
    sg_curl_set_write(raw, receiveBody)
    sg_curl_set_head(raw, receiveLine, context)
  }

  func set(_ option: CURLoption, _ value: Int) { sg_curl_set_long(raw, option, value) }

  func set(_ option: CURLoption, _ value: String?) {
    if let value { sg_curl_set_text(raw, option, value) }
  }

  func set(timeout: Duration) {
    let milliseconds = Int(clamping: timeout.nanosecondsClamped / 1_000_000)
    set(CURLOPT_TIMEOUT_MS, milliseconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
  }

  /// Sets credentials and TLS options, but not the headers. `bearer` replaces the credentials of `access`.
  func set(_ access: HTTPAccess, bearer: String? = nil) {
    if let bearer = bearer ?? access.bearer {
      set(CURLOPT_HTTPAUTH, Int(CURLAUTH_BEARER_BITS))
      set(CURLOPT_XOAUTH2_BEARER, bearer)
    } else if let user = access.user {
      set(CURLOPT_HTTPAUTH, Int(CURLAUTH_BASIC_BITS))
      set(CURLOPT_USERNAME, user)
      set(CURLOPT_PASSWORD, access.password ?? "")
    }
    set(CURLOPT_CAINFO, access.authorities)
    set(CURLOPT_SSLCERT, access.certificate)
    set(CURLOPT_SSLKEY, access.key)
    set(CURLOPT_KEYPASSWD, access.keyPassword)
    set(CURLOPT_UNIX_SOCKET_PATH, access.unixSocket)
  }

  /// Replaces all headers with those of `access` and these lines.
  func set(headers lines: [String], of access: HTTPAccess) {
    curl_slist_free_all(headers)
    headers = nil
    let host = access.host.map { ["Host: \($0)"] } ?? []
    for line in access.headers.map({ "\($0.name): \($0.value)" }) + host + lines {
      if let longer = curl_slist_append(headers, line) { headers = longer }
    }
    sg_curl_set_pointer(raw, CURLOPT_HTTPHEADER, headers)
  }

  /// Clears the response of the previous request.
  func begin() {
    bytes.removeAll(keepingCapacity: true)
    (isCut, isHeadWhole, headLength) = (false, false, 0)
    errorText[0] = 0
  }

  /// The response is complete, or it was cut at the body limit.
  func isAnswered(_ code: CURLcode) -> Bool { code == CURLE_OK || (isCut && code == CURLE_WRITE_ERROR) }

  /// The error if the response head is truncated or too long; otherwise `nil`. libcurl reports "out of memory" for a long line.
  func headError(_ code: CURLcode) -> String? {
    switch code {
    case CURLE_OK where !isHeadWhole: "the answer broke off in its head"
    case CURLE_OUT_OF_MEMORY where headLength > 0: "a line of the answer's head is too long"
    case CURLE_WRITE_ERROR where headLength > headLimit: "the answer's head is longer than \(headLimit >> 10) KiB"
    default: nil
    }
  }

  /// libcurl's error message.
  func error(_ code: CURLcode) -> String {
    if let error = headError(code) { return error }
    let text = String(cString: errorText)
    return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
  }

  func long(_ info: CURLINFO) -> Int { sg_curl_long(raw, info) }

  /// Returns the number of bytes accepted. If it is smaller than the number given, libcurl aborts the transfer.
  fileprivate func receive(_ buffer: UnsafeRawBufferPointer) -> Int {
    let room = bodyLimit - bytes.count
    if buffer.count > room { isCut = true }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer.prefix(room)))
    return min(buffer.count, room)
  }

  /// Receives one line of the head; the result is as in `receive`.
  fileprivate func receiveHead(_ line: UnsafeRawBufferPointer) -> Int {
    headLength += line.count
    // An interim response (status 1xx) has a head of its own. Lines after the empty one are trailers.
    if line.starts(with: "HTTP/".utf8) { isHeadWhole = false }
    if line.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) { isHeadWhole = true }
    return headLength > headLimit ? 0 : line.count
  }
}

private func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  received(bytes, size, count, context) { $0.receive($1) }
}

private func receiveLine(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  received(bytes, size, count, context) { $0.receiveHead($1) }
}

private func received(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
  _ take: (HTTPHandle, UnsafeRawBufferPointer) -> Int
) -> Int {
  guard let bytes, let context else { return 0 }
  // libcurl passes at most a few hundred KiB per call, so the product cannot overflow.
  let buffer = UnsafeRawBufferPointer(start: bytes, count: size &* count)
  return take(Unmanaged<HTTPHandle>.fromOpaque(context).takeUnretainedValue(), buffer)
}

/// The URL, credentials and limits for requests of one kind.
package struct HTTPTarget: Sendable {
  /// Contains no credentials.
  package var url: String
  package var timeout: Duration
  package var access: HTTPAccess
  /// Value of the `Accept` header.
  package var accepts: String
  /// Maximum number of body bytes to read. A longer body is cut.
  package var bodyLimit: Int

  package init(url: String, timeout: Duration, access: HTTPAccess, accepts: String, bodyLimit: Int) {
    self.url = url
    self.timeout = timeout
    self.access = access
    self.accepts = accepts
    self.bodyLimit = bodyLimit
  }

  /// `host:port` or the path of the Unix socket, for messages.
  package var place: String {
    if let socket = access.unixSocket { return socket }
    guard let start = url.firstRange(of: "://") else { return url }
    return String(url[start.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }
}

/// Parses dates as OpenSSL prints them: `Nov 21 08:00:00 2026 GMT`.
package enum CertificateDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  package static func parse(_ text: some StringProtocol) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 5, words[4] == "GMT", let month = months.firstIndex(of: String(words[0])),
      let day = Int(words[1]), (1...31).contains(day), words[2].utf8.count == 8, words[3].utf8.count == 4
    else { return nil }
    return TimestampParser.parse("\(words[3])-\(padded(month + 1))-\(padded(day))T\(words[2])Z")
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
