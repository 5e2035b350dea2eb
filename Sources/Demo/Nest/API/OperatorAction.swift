/// What an operator may ask for.
enum OperatorAction: String {
  case retry, compensate

  /// Why the saga's status does not allow it, or nil when it does.
  func refusal(_ saga: NestSaga) -> String? {
    switch (self, saga.status) {
    case (.retry, .failed),
      (.retry, .started) where saga.isAbandoned:
      nil
    case (.retry, .started): "Saga is still in progress"
    case (.compensate, .started), (.compensate, .completed): nil
    case (_, .failed),
      (_, .compensating) where saga.isAbandoned:
      nil
    default: "Saga cannot be \(self == .retry ? "retried" : "compensated") while it is \(saga.status.rawValue)"
    }
  }
}
