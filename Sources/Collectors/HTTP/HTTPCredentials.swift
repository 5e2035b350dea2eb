import CCurl
import Core

/// What lets a request in at a server, as libcurl has it. Every client of this program enters by this door.
package enum HTTPCredentials {
  /// `handle` is libcurl's, and belongs to the calling thread. A `bearer` takes the place of what the access has. Headers are set elsewhere.
  package static func set(_ access: HTTPAccess, bearer: String? = nil, on handle: UnsafeMutableRawPointer) {
    func set(_ option: CURLoption, _ value: String?) {
      if let value { sg_curl_set_text(handle, option, value) }
    }
    if let bearer = bearer ?? access.bearer {
      sg_curl_set_long(handle, CURLOPT_HTTPAUTH, Int(CURLAUTH_BEARER_BITS))
      set(CURLOPT_XOAUTH2_BEARER, bearer)
    } else if let user = access.user {
      sg_curl_set_long(handle, CURLOPT_HTTPAUTH, Int(CURLAUTH_BASIC_BITS))
      set(CURLOPT_USERNAME, user)
      set(CURLOPT_PASSWORD, access.password ?? "")
    }
    set(CURLOPT_CAINFO, access.authorities)
    set(CURLOPT_SSLCERT, access.certificate)
    set(CURLOPT_SSLKEY, access.key)
    set(CURLOPT_KEYPASSWD, access.keyPassword)
  }
}
