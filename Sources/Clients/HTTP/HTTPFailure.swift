import CCurl
import Core
import Glibc
import Text

/// Why a request got no answer, as a sentence.
package struct HTTPFailure {
  package var text: String
  /// The reason lies here and not with the server.
  package var isOwn = false

  private static let own: Set<UInt32> = [
    CURLE_FAILED_INIT.rawValue, CURLE_URL_MALFORMAT.rawValue, CURLE_NOT_BUILT_IN.rawValue,
    CURLE_OUT_OF_MEMORY.rawValue, CURLE_SSL_CACERT_BADFILE.rawValue,
    CURLE_SSL_CERTPROBLEM.rawValue, CURLE_SSL_ENGINE_NOTFOUND.rawValue,
    // An answer came that cannot be read.
    CURLE_BAD_CONTENT_ENCODING.rawValue,
  ]

  /// `detail` is libcurl's own sentence; `received` are the bytes of the body that came.
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
      case CURLE_RECV_ERROR: "the connection broke while it was answering"
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

  /// The connection failed for want of descriptors or memory here.
  private static func isOutOfMeans(_ handle: UnsafeMutableRawPointer) -> Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains { sg_curl_long(handle, CURLINFO_OS_ERRNO) == Int($0) }
  }

  private static func connection(_ handle: UnsafeMutableRawPointer) -> String {
    let reason = sg_curl_long(handle, CURLINFO_OS_ERRNO)
    guard reason != 0, let number = Int32(exactly: reason) else { return "no connection" }
    let text = String(cString: strerror(number))
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Names the phase that did not end.
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
