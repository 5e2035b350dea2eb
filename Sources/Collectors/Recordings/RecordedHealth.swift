import Core
import Text

/// What a service said of itself as a line of a recording has it.
enum RecordedHealth {
  static func node(_ body: HealthBody) -> JSONNode {
    RecordedObject.make { object in
      object.text("status", body.status)
      object.text("meaning", body.meaning?.rawValue)
      object.text("detail", body.detail)
      object.flag("gateway", body.isGateway)
      object.list("components", body.components.map(node))
      object.list("circuits", body.circuits.map(node))
      object.list("projections", body.projections.map(node))
      object.text("problem", body.problem)
    }
  }

  private static func node(_ component: HealthBody.Component) -> JSONNode {
    RecordedObject.make { object in
      object.text("name", component.name)
      object.text("status", component.status)
      object.text("meaning", component.meaning?.rawValue)
      object.text("detail", component.detail)
    }
  }

  private static func node(_ circuit: HealthBody.Circuit) -> JSONNode {
    RecordedObject.make { object in
      object.text("name", circuit.name)
      object.text("state", circuit.state.rawValue)
      object.number("failureRate", circuit.failureRate)
      object.number("threshold", circuit.threshold)
      object.whole("failureCount", circuit.failureCount)
      object.duration("retryAfter", circuit.retryAfter)
    }
  }

  private static func node(_ projection: HealthBody.Projection) -> JSONNode {
    RecordedObject.make { object in
      object.text("name", projection.name)
      object.text("status", projection.status)
      object.time("updatedAt", projection.updatedAt)
    }
  }

  static func body(_ node: JSONNode) throws(DamagedLine) -> HealthBody {
    var body = HealthBody()
    body.status = node.text("status")
    body.meaning = meaning(node)
    body.detail = node.text("detail")
    body.isGateway = node.flag("gateway")
    body.problem = node.text("problem")
    for component in node.list("components") {
      body.components.append(
        HealthBody.Component(
          try DamagedLine.need(component.text("name")), component.text("status") ?? "", meaning(component),
          detail: component.text("detail")))
    }
    for circuit in node.list("circuits") { body.circuits.append(try self.circuit(circuit)) }
    for projection in node.list("projections") {
      body.projections.append(
        HealthBody.Projection(
          try DamagedLine.need(projection.text("name")), projection.text("status") ?? "",
          updatedAt: projection.time("updatedAt")))
    }
    return body
  }

  private static func meaning(_ node: JSONNode) -> HealthWords.Meaning? {
    node.text("meaning").flatMap(HealthWords.Meaning.init)
  }

  private static func circuit(_ node: JSONNode) throws(DamagedLine) -> HealthBody.Circuit {
    HealthBody.Circuit(
      try DamagedLine.need(node.text("name")),
      try DamagedLine.need(node.text("state").flatMap { CircuitState(rawValue: $0) }),
      failureRate: node.number("failureRate"), threshold: node.number("threshold"),
      failureCount: node.whole("failureCount"), retryAfter: node.duration("retryAfter"))
  }
}
