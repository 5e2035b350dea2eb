import CCurl
import Core
import Glibc
import Text

/// Sends one request on a new connection and returns the response. The connection is not reused, because libcurl repeats a request by
/// itself when a reused connection turns out to be closed. Blocks.
package enum HTTPExchange {
  package struct Request {
    package var method: String
    package var url: String
    /// Lines of the form `Name: value`.
    package var headers: [String]
    package var body: String?
    package var access: HTTPAccess
    package var bearer: String?
    package var timeout: Duration

    package init(
      method: String, url: String, headers: [String], body: String?, access: HTTPAccess, bearer: String? = nil,
      timeout: Duration
    ) {
      self.method = method
      self.url = url
      self.headers = headers
      self.body = body
      self.access = access
      self.bearer = bearer
      self.timeout = timeout
    }
  }

  package enum Result {
    /// No byte of the request was sent.
    case notSent(String)
    /// At least a part of the request was sent, but no complete response was received.
    case lost(String)
    /// `retryAfter` is the `Retry-After` header, given there as a date or as seconds. `nil` if absent.
    case answered(status: Int, body: [UInt8], retryAfter: Duration? = nil)
  }

  private static let longestBody = 65_536
  private static let longestHead = 131_072

  package static func run(_ request: Request) -> Result {
    guard let handle = HTTPHandle(bodyLimit: longestBody, headLimit: longestHead) else {
      return .notSent("libcurl cannot be started")
    }
    configure(handle, request)
    let code = curl_easy_perform(handle.raw)
    guard code != CURLE_OK || handle.isHeadWhole else { return .lost(handle.error(code)) }
    if handle.isAnswered(code) {
      let rest = sg_curl_time(handle.raw, CURLINFO_RETRY_AFTER)
      return .answered(
        status: handle.long(CURLINFO_RESPONSE_CODE), body: handle.bytes,
        retryAfter: rest > 0 ? .seconds(min(rest, 86_400)) : nil)
    }
    // CURLINFO_REQUEST_SIZE is the number of bytes that libcurl has passed to the connection.
    let hasBegun = handle.long(CURLINFO_REQUEST_SIZE) > 0
    return hasBegun ? .lost(handle.error(code)) : .notSent(handle.error(code))
  }

  /// libcurl drops a header with an empty value unless it is written as `Name;`.
  private static func kept(_ header: String) -> String {
    let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1] == " " ? "\(parts[0]);" : header
  }

  private static func configure(_ handle: HTTPHandle, _ request: Request) {
    handle.set(CURLOPT_URL, request.url)
    handle.set(CURLOPT_PATH_AS_IS, 1)
    handle.set(CURLOPT_FRESH_CONNECT, 1)
    handle.set(CURLOPT_FORBID_REUSE, 1)
    // With HTTP/2, libcurl repeats the request of a refused stream by itself.
    handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    handle.set(timeout: request.timeout)
    handle.set(request.access, bearer: request.bearer)
    // Disables `Expect: 100-continue`: waiting for permission to send the body makes the outcome less certain.
    handle.set(headers: request.headers.map(Self.kept) + ["Expect:"], of: request.access)
    if let body = request.body {
      handle.set(CURLOPT_POSTFIELDSIZE, body.utf8.count)
      handle.set(CURLOPT_COPYPOSTFIELDS, body)
    } else if request.method != "GET" {
      handle.set(CURLOPT_POSTFIELDSIZE, 0)
      handle.set(CURLOPT_COPYPOSTFIELDS, "")
    }
    handle.set(CURLOPT_CUSTOMREQUEST, request.method)
  }
}

/// Describes, as a sentence, why a request got no response.
package struct HTTPFailure {
  package var text: String
  /// The cause is on this machine, not on the server.
  package var isOwn = false

  private static let own: Set<UInt32> = [
    CURLE_FAILED_INIT.rawValue, CURLE_URL_MALFORMAT.rawValue, CURLE_NOT_BUILT_IN.rawValue,
    CURLE_OUT_OF_MEMORY.rawValue, CURLE_SSL_CACERT_BADFILE.rawValue,
    CURLE_SSL_CERTPROBLEM.rawValue, CURLE_SSL_ENGINE_NOTFOUND.rawValue,
    // The server responded, but the response cannot be decoded.
    CURLE_BAD_CONTENT_ENCODING.rawValue,
  ]

  init(text: String) { self.text = text }

  /// `detail` is libcurl's error message, `received` the number of body bytes received.
  init(_ code: CURLcode, _ handle: UnsafeMutableRawPointer, of target: HTTPTarget, detail: String, received: Int) {
    let what =
      switch code {
      case CURLE_OPERATION_TIMEDOUT: Self.timeout(handle, target, received)
      case CURLE_COULDNT_CONNECT: Self.connection(handle)
      case CURLE_COULDNT_RESOLVE_HOST: "the name is not known"
      case CURLE_GOT_NOTHING: "closed the connection without an answer"
      case CURLE_BAD_CONTENT_ENCODING: "the answer's compression is damaged or not known: \(detail)"
      case CURLE_PARTIAL_FILE: "the answer broke off after \(Quantity.bytes(received))"
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: "the answer is not HTTP"
      case CURLE_RECV_ERROR where detail.isEmpty || detail.hasPrefix("Recv failure"):
        "the connection broke while it was answering"
      case CURLE_RECV_ERROR: "the answer is damaged: \(detail)"
      case CURLE_SEND_ERROR: "the connection broke while it was asked"
      case CURLE_PEER_FAILED_VERIFICATION: "its certificate is not trusted: \(detail)"
      case CURLE_SSL_CACERT_BADFILE: "the CA file \(target.access.authorities ?? "") cannot be read"
      case CURLE_SSL_CERTPROBLEM:
        "the client certificate \(target.access.certificate ?? "") cannot be used: \(detail)"
      case CURLE_SSL_CONNECT_ERROR: "TLS cannot be agreed: \(detail)"
      default: detail
      }
    text = "\(target.place): \(what)"
    isOwn = Self.own.contains(code.rawValue) || (code == CURLE_COULDNT_CONNECT && Self.isOutOfMeans(handle))
  }

  /// Whether the connection failed because this machine has no free file descriptors or memory.
  private static func isOutOfMeans(_ handle: UnsafeMutableRawPointer) -> Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains { sg_curl_long(handle, CURLINFO_OS_ERRNO) == Int($0) }
  }

  private static func connection(_ handle: UnsafeMutableRawPointer) -> String {
    let reason = sg_curl_long(handle, CURLINFO_OS_ERRNO)
    guard reason != 0, let number = Int32(exactly: reason) else { return "no connection" }
    let text = String(cString: strerror(number))
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Names the phase in which the timeout occurred.
  private static func timeout(
    _ handle: UnsafeMutableRawPointer, _ target: HTTPTarget, _ received: Int
  ) -> String {
    func isOver(_ phase: CURLINFO) -> Bool { sg_curl_time(handle, phase) > 0 }
    let limit = "within \(Quantity.latency(target.timeout))"
    let isNew = sg_curl_long(handle, CURLINFO_NUM_CONNECTS) > 0 || !isOver(CURLINFO_PRETRANSFER_TIME_T)
    if isNew, !isOver(CURLINFO_PRETRANSFER_TIME_T) {
      if !isOver(CURLINFO_NAMELOOKUP_TIME_T) { return "the name was not resolved \(limit)" }
      if !isOver(CURLINFO_CONNECT_TIME_T) { return "no connection \(limit)" }
      return "TLS was not agreed \(limit)"
    }
    if !isOver(CURLINFO_STARTTRANSFER_TIME_T) { return "no answer \(limit), though connected: slow, or it hangs" }
    return "the answer was not complete \(limit), \(Quantity.bytes(received)) came"
  }
}
