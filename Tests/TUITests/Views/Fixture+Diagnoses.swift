import Core

extension Fixture {
  /// A stuck saga has two causes, one of them based on an old reading. Every other saga in trouble has the cause that its error shows.
  static func diagnosis(of saga: SagaView) -> Diagnosis {
    var situation = Situation(now: now, saga: saga)
    situation.focus = saga.row.steps.first { $0.name == saga.row.step }
    situation.trouble =
      switch saga.row.status {
      case .failed: .failed
      case .compensated: .compensated
      case .compensating: .compensating
      case .running: saga.row.flags.contains(.stuck) ? .stuck : .waiting
      case .completed, .declined, .ended: .none
      }
    if situation.trouble == .stuck {
      var service = ServiceRow(name: "payment-service", verdict: .down, reason: "10.0.0.7:8085: connection refused")
      service.since = Since(now - .seconds(260))
      service.instances = [InstanceRow(url: "http://10.0.0.7:8085", verdict: .down)]
      service.instances[0].readAt = now - .seconds(1)
      situation.service = service
      situation.group = Situation.Group(
        row: GroupRow(
          name: "payment-service", verdict: .empty, state: .empty, members: 0, lag: 214,
          lagTime: LagTime(.seconds(250), .exact)), readAt: now - .seconds(41))
    }
    return Diagnosis(of: situation)
  }
}
