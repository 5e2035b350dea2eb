import CCurl
import Collectors
import Core

/// One request and its answer, on a connection of its own: a kept connection that turns out to be dead would make libcurl send the
/// request a second time by itself. Belongs to one thread.
final class HTTPExchange {
  struct Request {
    var method: String
    var url: String
    /// `Name: value`.
    var headers: [String]
    var body: String?
    var access: HTTPAccess
    var bearer: String?
    var timeout: Duration
  }

  enum Result {
    /// Nothing of the request has left this machine.
    case notSent(String)
    /// It was sent, at least in part, and no whole answer came.
    case lost(String)
    case answered(status: Int, body: [UInt8])
  }

  private static let longestBody = 65_536
  private static let longestHead = 131_072
  private static let isReady = sg_curl_start() == 0

  private let handle: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  private let complaint: UnsafeMutablePointer<CChar>
  private var bytes: [UInt8] = []
  private var isCut = false
  private var headLength = 0
  /// The empty line at the head's end has come: without it libcurl takes what there is for the whole.
  private var isHeadWhole = false

  static func run(_ request: Request) -> Result {
    guard isReady, let handle = curl_easy_init() else { return .notSent("libcurl cannot be started") }
    return HTTPExchange(handle).run(request)
  }

  private init(_ handle: UnsafeMutableRawPointer) {
    self.handle = handle
    complaint = .allocate(capacity: Int(CURL_ERROR_SIZE))
    complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headers)
    complaint.deallocate()
  }

  private func run(_ request: Request) -> Result {
    configure(request)
    enter(request.access, bearer: request.bearer)
    for header in request.headers { add(header) }
    // Waiting for leave to send the body would only make the outcome less certain.
    add("Expect:")
    sg_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    let code = curl_easy_perform(handle)
    guard code != CURLE_OK || isHeadWhole else { return .lost("the answer broke off in its head") }
    if code == CURLE_OK || (isCut && code == CURLE_WRITE_ERROR) {
      return .answered(status: sg_curl_long(handle, CURLINFO_RESPONSE_CODE), body: bytes)
    }
    let text = String(cString: complaint)
    let reason = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    // libcurl counts what it has handed to the connection.
    let hasBegun = sg_curl_long(handle, CURLINFO_REQUEST_SIZE) > 0
    return hasBegun ? .lost(reason) : .notSent(reason)
  }

  private func configure(_ request: Request) {
    set(CURLOPT_NOSIGNAL, 1)
    sg_curl_set_http_only(handle)
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_PROXY, "")
    set(CURLOPT_FRESH_CONNECT, 1)
    set(CURLOPT_FORBID_REUSE, 1)
    // With HTTP/2 libcurl sends a refused stream's request again by itself.
    set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    let milliseconds = Int(clamping: request.timeout.nanosecondsClamped / 1_000_000)
    set(CURLOPT_TIMEOUT_MS, milliseconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
    set(CURLOPT_USERAGENT, "sagatop")
    sg_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, complaint)
    sg_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
    sg_curl_set_write(handle, receiveAnswer)
    sg_curl_set_head(handle, receiveLine, Unmanaged.passUnretained(self).toOpaque())
    if let body = request.body {
      set(CURLOPT_POSTFIELDSIZE, body.utf8.count)
      set(CURLOPT_COPYPOSTFIELDS, body)
    } else if request.method != "GET" {
      set(CURLOPT_POSTFIELDSIZE, 0)
      set(CURLOPT_COPYPOSTFIELDS, "")
    }
    set(CURLOPT_CUSTOMREQUEST, request.method)
  }

  private func enter(_ access: HTTPAccess, bearer: String?) {
    for header in access.headers { add("\(header.name): \(header.value)") }
    if let host = access.host { add("Host: \(host)") }
    HTTPCredentials.set(access, bearer: bearer, on: handle)
    set(CURLOPT_UNIX_SOCKET_PATH, access.unixSocket)
  }

  private func set(_ option: CURLoption, _ value: Int) { sg_curl_set_long(handle, option, value) }

  private func set(_ option: CURLoption, _ value: String?) {
    if let value { sg_curl_set_text(handle, option, value) }
  }

  private func add(_ line: String) {
    if let longer = curl_slist_append(headers, line) { headers = longer }
  }

  /// How many of the bytes were taken; fewer than given ends the exchange.
  fileprivate func receive(_ buffer: UnsafeRawBufferPointer) -> Int {
    let room = Self.longestBody - bytes.count
    if buffer.count > room { isCut = true }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer.prefix(room)))
    return min(buffer.count, room)
  }

  /// One line of the head, the same way.
  fileprivate func receiveHead(_ line: UnsafeRawBufferPointer) -> Int {
    headLength += line.count
    isHeadWhole = line.allSatisfy { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
    return headLength > Self.longestHead ? 0 : line.count
  }
}

private func receiveAnswer(
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
  _ take: (HTTPExchange, UnsafeRawBufferPointer) -> Int
) -> Int {
  guard let bytes, let context else { return 0 }
  let buffer = UnsafeRawBufferPointer(start: bytes, count: size &* count)
  return take(Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue(), buffer)
}
