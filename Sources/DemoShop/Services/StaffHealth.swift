extension Staff {
  /// What a service says of itself.
  func health(of service: Service) -> ServiceHealth {
    var health = ServiceHealth()
    switch service {
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
