import Core
import Text

/// A look at an instance of a service as a line of a recording has it.
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
