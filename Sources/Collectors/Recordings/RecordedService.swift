import Core
import Text

/// Converts service samples to and from lines of a recording.
enum RecordedService {
  static func node(_ reading: ServiceSample) -> JSONNode {
    RecordedObject.make { object in
      object.text("service", reading.service)
      object.whole("instance", reading.instance)
      object.time("time", reading.time)
      switch reading.outcome {
      case .answered(let answer): object.set("answer", node(answer))
      case .failed(let reason): object.text("failed", reason)
      case .notAsked(let reason): object.text("notAsked", reason)
      case .metrics(let metrics): object.set("metrics", RecordedMetrics.node(metrics))
      case .noMetrics(let reason): object.text("noMetrics", reason)
      }
    }
  }

  private static func node(_ answer: ServiceSample.Answer) -> JSONNode {
    RecordedObject.make { object in
      object.whole("status", answer.status)
      object.set("phases", node(answer.phases))
      object.set("health", RecordedHealth.node(answer.body))
      if let text = String(validating: answer.excerpt, as: UTF8.self) {
        object.text("excerpt", text.isEmpty ? nil : text)
      } else {
        object.text("excerpt64", Base64.encoded(answer.excerpt))
      }
      object.whole("length", answer.length)
      object.flag("cut", answer.isCut)
      object.text("location", answer.location)
      object.time("certificateEnd", answer.certificateEnd)
    }
  }

  private static func node(_ phases: ServiceSample.Phases) -> JSONNode {
    RecordedObject.make { object in
      object.duration("lookup", phases.lookup)
      object.duration("connect", phases.connect)
      object.duration("tls", phases.tls)
      object.duration("firstByte", phases.firstByte)
      object.duration("total", phases.total)
    }
  }

  static func reading(_ node: JSONNode) throws(DamagedLine) -> ServiceSample {
    ServiceSample(
      service: try DamagedLine.need(node.text("service")), instance: try DamagedLine.need(node.whole("instance")),
      time: try DamagedLine.need(node.time("time")), outcome: try outcome(node))
  }

  private static func outcome(_ node: JSONNode) throws(DamagedLine) -> ServiceSample.Outcome {
    if let answer = node["answer"] { return .answered(try self.answer(answer)) }
    if let metrics = node["metrics"] { return .metrics(try RecordedMetrics.reading(metrics)) }
    if let reason = node.text("failed") { return .failed(reason) }
    if let reason = node.text("notAsked") { return .notAsked(reason) }
    return .noMetrics(try DamagedLine.need(node.text("noMetrics")))
  }

  private static func answer(_ node: JSONNode) throws(DamagedLine) -> ServiceSample.Answer {
    let phases = try DamagedLine.need(node["phases"])
    var answer = ServiceSample.Answer(
      status: try DamagedLine.need(node.whole("status")),
      phases: ServiceSample.Phases(
        lookup: phases.duration("lookup") ?? .zero, connect: phases.duration("connect") ?? .zero,
        tls: phases.duration("tls") ?? .zero, firstByte: phases.duration("firstByte") ?? .zero,
        total: try DamagedLine.need(phases.duration("total"))),
      body: try RecordedHealth.body(try DamagedLine.need(node["health"])),
      excerpt: Array((node.text("excerpt") ?? "").utf8), length: node.whole("length") ?? 0, isCut: node.flag("cut"),
      location: node.text("location"), certificateEnd: node.time("certificateEnd"))
    if let text = node.text("excerpt64") { answer.excerpt = try DamagedLine.need(Base64.decoded(Array(text.utf8))) }
    return answer
  }
}

/// Converts health bodies to and from lines of a recording.
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
