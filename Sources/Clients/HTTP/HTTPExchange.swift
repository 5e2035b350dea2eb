import CCurl
import Core

/// One request and its response, on a connection of its own: a kept connection that turns out to be dead would make libcurl send the
/// request a second time by itself. Blocks.
package enum HTTPExchange {
  package struct Request {
    package var method: String
    package var url: String
    /// `Name: value`.
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
    /// Nothing of the request has left this machine.
    case notSent(String)
    /// It was sent, at least in part, and no whole response came.
    case lost(String)
    /// `retryAfter` is what its header of that name says, a time or a span.
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
    guard code != CURLE_OK || handle.isHeadWhole else { return .lost("the answer broke off in its head") }
    if handle.isAnswered(code) {
      let rest = sg_curl_time(handle.raw, CURLINFO_RETRY_AFTER)
      return .answered(
        status: handle.long(CURLINFO_RESPONSE_CODE), body: handle.bytes,
        retryAfter: rest > 0 ? .seconds(min(rest, 86_400)) : nil)
    }
    // libcurl counts what it has handed to the connection.
    let hasBegun = handle.long(CURLINFO_REQUEST_SIZE) > 0
    return hasBegun ? .lost(handle.error(code)) : .notSent(handle.error(code))
  }

  /// libcurl leaves out a header whose value is empty, but for this form of it.
  private static func kept(_ header: String) -> String {
    let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1] == " " ? "\(parts[0]);" : header
  }

  private static func configure(_ handle: HTTPHandle, _ request: Request) {
    handle.set(CURLOPT_URL, request.url)
    handle.set(CURLOPT_PATH_AS_IS, 1)
    handle.set(CURLOPT_FRESH_CONNECT, 1)
    handle.set(CURLOPT_FORBID_REUSE, 1)
    // With HTTP/2 libcurl sends a refused stream's request again by itself.
    handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    handle.set(timeout: request.timeout)
    handle.set(request.access, bearer: request.bearer)
    // Waiting for leave to send the body would only make the outcome less certain.
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
