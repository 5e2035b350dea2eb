extension ServiceFleet {
  /// What an instance says of itself; nothing where its node is lost.
  func health(of origin: Origin) -> ServiceHealth? {
    guard !isLost(origin), !(isPaymentKilled && origin.service == .payment) else { return nil }
    var health = ServiceHealth()
    switch origin.service {
    case .order: health.circuits = [ServiceHealth.Circuit(name: "paymentService", breaker: orders.breaker)]
    case .payment:
      health.circuits = [ServiceHealth.Circuit(name: "paymentGateway", breaker: payments.breaker)]
      if !isPaymentAnswering {
        health.databaseError =
          "org.springframework.jdbc.CannotGetJdbcConnectionException: Failed to obtain JDBC Connection"
      }
    case .inventory: health.redisVersion = redisVersion
    default: break
    }
    return health
  }
}
