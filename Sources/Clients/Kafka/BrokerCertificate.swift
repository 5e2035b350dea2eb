import COpenSSL
import Core
import Glibc
import Synchronization

/// A broker's TLS certificate, read with a separate handshake: librdkafka reports neither its expiry nor why it is not trusted.
package struct BrokerCertificate: Sendable, Equatable {
  package var end: Timestamp?
  /// Why it is not trusted, such as "certificate has expired". `nil` if it is trusted or verification is disabled.
  package var problem: String?

  /// A warning is shown if the certificate expires within this time.
  package static let warning = Duration.seconds(14 * 86_400)
  private static let patience = timeval(tv_sec: 3, tv_usec: 0)

  /// "expires in 6 days". `nil` if the expiry is further away than `warning`.
  package func expiry(at now: Timestamp) -> String? {
    guard let end, end - now < Self.warning else { return nil }
    if end <= now { return "has expired on \(end.iso8601.prefix(10))" }
    let days = ((end - now).milliseconds / 86_400_000).rounded()
    return days < 2 ? "expires within a day or two, on \(end.iso8601)" : "expires in \(Int(days)) days"
  }

  /// Blocks for a few seconds at most, plus the time of the name resolution. `nil` if the brokers are used without TLS, if the broker
  /// cannot be reached, or if it presents no certificate.
  package static func ask(_ broker: String, _ access: KafkaAccess) -> BrokerCertificate? {
    guard usesTLS(access), let (host, port) = parts(of: broker), let context = SSL_CTX_new(TLS_client_method()) else {
      return nil
    }
    defer { SSL_CTX_free(context) }
    let descriptor = connected(host, port)
    guard descriptor >= 0, let session = SSL_new(context) else { return nil }
    defer {
      SSL_free(session)
      close(descriptor)
    }
    SSL_set_fd(session, descriptor)
    let isChecked = trust(context, access)
    if property("ssl.endpoint.identification.algorithm", access) != "none" { name(session, host) }
    // The handshake must not fail for an untrusted certificate; the verification result is read afterwards.
    SSL_set_verify(session, SSL_VERIFY_NONE, nil)
    _ = SSL_connect(session)
    guard let certificate = SSL_get1_peer_certificate(session) else { return nil }
    defer { X509_free(certificate) }
    let verdict = SSL_get_verify_result(session)
    let problem = String(cString: X509_verify_cert_error_string(verdict))
    return BrokerCertificate(
      end: end(of: certificate), problem: isChecked && verdict != Int(X509_V_OK) ? problem : nil)
  }

  static func usesTLS(_ access: KafkaAccess) -> Bool {
    property("security.protocol", access)?.lowercased().hasSuffix("ssl") ?? false
  }

  private static func property(_ name: String, _ access: KafkaAccess) -> String? {
    access.properties.last { $0.name == name }?.value
  }

  /// Loads the same certificate authorities as the client. Returns false if the client does not verify, or if its authorities cannot be
  /// loaded here.
  private static func trust(_ context: OpaquePointer, _ access: KafkaAccess) -> Bool {
    if property("enable.ssl.certificate.verification", access) == "false" { return false }
    if ["ssl.ca.pem", "ssl.keystore.location"].contains(where: { property($0, access) != nil }) { return false }
    guard let place = property("ssl.ca.location", access), place != "probe" else {
      return SSL_CTX_set_default_verify_paths(context) == 1
    }
    var status = stat()
    let isFolder = stat(place, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    return SSL_CTX_load_verify_locations(context, isFolder ? nil : place, isFolder ? place : nil) == 1
  }

  /// An IP address is compared with the addresses in the certificate and is not sent as server name (SNI).
  private static func name(_ session: OpaquePointer, _ host: String) {
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) != 1 {
      SSL_set1_host(session, host)
      sg_ssl_set_name(session, host)
    }
  }

  private static func end(of certificate: OpaquePointer) -> Timestamp? {
    var parts = tm()
    guard ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1 else { return nil }
    return Timestamp(milliseconds: Int64(timegm(&parts)) * 1000)
  }

  private static func parts(of broker: String) -> (host: String, port: String)? {
    guard let colon = broker.lastIndex(of: ":") else { return nil }
    let host = broker[..<colon].filter { $0 != "[" && $0 != "]" }
    let port = String(broker[broker.index(after: colon)...])
    return host.isEmpty || UInt16(port) == nil ? nil : (host, port)
  }

  /// Returns a negative number if no address accepts the connection.
  private static func connected(_ host: String, _ port: String) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &hints, &list) == 0 else { return -1 }
    defer { freeaddrinfo(list) }
    var next = list
    while let address = next?.pointee {
      next = address.ai_next
      let descriptor = socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
      guard descriptor >= 0 else { continue }
      // Also limits the connection attempt.
      var patience = Self.patience
      for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
        setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
      }
      if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
      close(descriptor)
    }
    return -1
  }
}

/// The certificates of a cluster's brokers. A background thread refreshes them periodically; callers never block. Thread-safe.
final class BrokerCertificates: Sendable {
  private struct State {
    var known: [String: (certificate: BrokerCertificate?, at: ContinuousClock.Instant)] = [:]
    var isLooking = false
    /// An error of this broker, as long as its reason is unknown.
    var unexplained: (text: String, broker: String)?
  }

  private static let interval = Duration.seconds(3600)
  /// Interval for a broker that has a certificate problem or did not respond.
  private static let shortInterval = Duration.seconds(30)
  private static let most = 100

  private let access: KafkaAccess
  private let state = Mutex(State())

  /// `nil` if TLS is not used.
  init?(_ access: KafkaAccess) {
    guard BrokerCertificate.usesTLS(access) else { return nil }
    self.access = access
  }

  func look(at brokers: [String]) {
    let due = state.withLock { state -> [String] in
      if state.isLooking { return [] }
      let due = brokers.prefix(Self.most).filter { broker in
        guard let known = state.known[broker] else { return true }
        let isWell = known.certificate.map { $0.problem == nil } ?? false
        return ContinuousClock.now - known.at > (isWell ? Self.interval : Self.shortInterval)
      }
      state.isLooking = !due.isEmpty
      return due
    }
    guard !due.isEmpty else { return }
    let hasStarted = WorkerThread().start { [self] in
      for broker in due {
        let certificate = BrokerCertificate.ask(broker, access)
        state.withLock { $0.known[broker] = (certificate, .now) }
      }
      state.withLock { $0.isLooking = false }
    }
    if !hasStarted { state.withLock { $0.isLooking = false } }
  }

  /// "certificate of broker kafka-1:9093 expires in 6 days".
  func notes(at now: Timestamp) -> [String] {
    state.withLock { state in
      state.known.sorted { $0.key < $1.key }.compactMap { broker, known in
        known.certificate?.expiry(at: now).map { "certificate of broker \(broker) \($0)" }
      }
    }
  }

  /// Adds the reason, if known, to an error about an untrusted certificate. The error text starts with the broker's address.
  func explained(_ complaint: String) -> String {
    guard BrokerLogMessage.isUntrusted(complaint), let end = complaint.firstRange(of: ": ") else { return complaint }
    var address = complaint[..<end.lowerBound]
    if let scheme = address.firstRange(of: "://") { address = address[scheme.upperBound...] }
    let broker = String(address.prefix { $0 != "/" })
    look(at: [broker])
    state.withLock { $0.unexplained = (complaint, broker) }
    return lateExplanation() ?? complaint
  }

  /// The last error with its reason, as soon as the reason is known: librdkafka logs the same error only rarely.
  func lateExplanation() -> String? {
    state.withLock { state in
      guard let (text, broker) = state.unexplained, let problem = state.known[broker]?.certificate?.problem else {
        return nil
      }
      state.unexplained = nil
      return text + " (\(problem))"
    }
  }
}
