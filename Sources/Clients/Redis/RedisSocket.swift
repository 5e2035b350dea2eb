import COpenSSL
import Glibc

/// Reads and writes the bytes of a connection, with or without TLS. Never blocks. Used by one thread only. Does not own the descriptor.
final class RedisSocket {
  enum Step: Equatable {
    case done(Int)
    /// Can continue when the descriptor is ready for these `poll` events.
    case wait(Int32)
    case failed(String)
  }

  private let descriptor: Int32
  private let context: OpaquePointer?
  private let ssl: OpaquePointer?

  /// Without TLS.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    (context, ssl) = (nil, nil)
  }

  /// With TLS: the server's certificate must be signed by a trusted authority and be valid for `host`.
  init(_ descriptor: Int32, host: String, _ tls: RedisAddress.TLS) throws(RedisError) {
    guard let context = SSL_CTX_new(TLS_client_method()), let ssl = Self.session(context, tls, descriptor, host) else {
      throw .unreachable("no TLS: \(Self.reason())")
    }
    (self.descriptor, self.context, self.ssl) = (descriptor, context, ssl)
    if let file = tls.authorities, SSL_CTX_load_verify_locations(context, file, nil) != 1 {
      throw .unsupported("the CA file \(file) cannot be used: \(Self.reason())")
    }
    if let certificate = tls.certificate, let key = tls.key,
      SSL_use_certificate_chain_file(ssl, certificate) != 1 || SSL_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) != 1
        || SSL_check_private_key(ssl) != 1
    {
      throw .unsupported("the client certificate \(certificate) cannot be used: \(Self.reason())")
    }
  }

  private static func session(
    _ context: OpaquePointer, _ tls: RedisAddress.TLS, _ descriptor: Int32, _ host: String
  ) -> OpaquePointer? {
    sg_ssl_configure(context)
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    if tls.authorities == nil { SSL_CTX_set_default_verify_paths(context) }
    guard let ssl = SSL_new(context) else {
      SSL_CTX_free(context)
      return nil
    }
    SSL_set_fd(ssl, descriptor)
    // An IP address is compared with the addresses in the certificate and is not sent as server name (SNI).
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) != 1 {
      SSL_set1_host(ssl, host)
      sg_ssl_set_name(ssl, host)
    }
    return ssl
  }

  deinit {
    if let ssl { SSL_free(ssl) }
    if let context { SSL_CTX_free(context) }
  }

  /// OpenSSL has buffered bytes, so data is available although the descriptor may not become readable.
  var hasPending: Bool { ssl.map { SSL_pending($0) > 0 } ?? false }

  func shakeHands() -> Step {
    guard let ssl else { return .done(0) }
    let result = SSL_connect(ssl)
    if result == 1 { return .done(0) }
    let verdict = SSL_get_verify_result(ssl)
    if verdict != Int(X509_V_OK) {
      return .failed("its certificate is not trusted: \(String(cString: X509_verify_cert_error_string(verdict)))")
    }
    return step(ssl, result, "TLS cannot be agreed")
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Step {
    if let ssl {
      let count = SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
      return count > 0 ? .done(Int(count)) : step(ssl, count, "the connection broke")
    }
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count > 0 { return .done(count) }
    return count == 0 ? .failed("server closed the connection") : failure(waiting: POLLIN)
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Step {
    if let ssl {
      let count = SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
      return count > 0 ? .done(Int(count)) : step(ssl, count, "the connection broke")
    }
    let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    return count > 0 ? .done(count) : failure(waiting: POLLOUT)
  }

  private func failure(waiting events: Int32) -> Step {
    if errno == EAGAIN || errno == EINTR { return .wait(events) }
    return .failed(Self.text(of: errno))
  }

  private func step(_ ssl: OpaquePointer, _ result: Int32, _ what: String) -> Step {
    let number = errno
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ: return .wait(POLLIN)
    case SSL_ERROR_WANT_WRITE: return .wait(POLLOUT)
    case SSL_ERROR_ZERO_RETURN: return .failed("server closed the connection")
    case SSL_ERROR_SYSCALL:
      return .failed(number == 0 ? "server closed the connection" : "\(what): \(Self.text(of: number))")
    default: return .failed("\(what): \(Self.reason())")
    }
  }

  /// OpenSSL's latest error. Clears the error queue for the next call.
  private static func reason() -> String {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    return ERR_reason_error_string(code).map { String(cString: $0) } ?? "unknown reason"
  }

  static func text(of number: Int32) -> String {
    let text = String(cString: strerror(number))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
