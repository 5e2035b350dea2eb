import Core
import Text

/// Converts pod samples to and from lines of a recording.
enum RecordedPods {
  static func node(_ sample: PodSample) -> JSONNode {
    RecordedObject.make { object in
      object.time("time", sample.time)
      object.list("changes", sample.changes.map(change))
    }
  }

  private static func change(_ change: PodSample.Change) -> JSONNode {
    RecordedObject.make { object in
      switch change {
      case .pod(let pod): object.set("pod", node(pod))
      case .gone(let id): object.set("gone", node(id))
      case .event(let event): object.set("event", node(event))
      case .all(let ids): object.set("all", .array(ids.map(node)))
      }
    }
  }

  private static func node(_ id: Pod.ID) -> JSONNode {
    RecordedObject.make { object in
      object.text("namespace", id.namespace)
      object.text("name", id.name)
    }
  }

  private static func node(_ pod: Pod) -> JSONNode {
    RecordedObject.make { object in
      object.set("id", node(pod.id))
      object.text("service", pod.service)
      object.text("node", pod.node)
      object.text("version", pod.version)
      object.text("revision", pod.revision)
      object.text("phase", pod.phase.rawValue)
      object.flag("ready", pod.isReady)
      object.whole("restarts", pod.restarts)
      object.time("createdAt", pod.createdAt)
      object.flag("terminating", pod.isTerminating)
      object.text("waiting", pod.waiting?.reason)
      object.text("waitingMessage", pod.waiting?.message)
      object.set("termination", pod.termination.map(node))
      object.text("reason", pod.reason)
      object.text("message", pod.message)
      object.text("unschedulable", pod.unschedulable)
      object.text("job", pod.job)
    }
  }

  private static func node(_ end: Pod.Termination) -> JSONNode {
    RecordedObject.make { object in
      object.text("reason", end.reason)
      object.whole("exitCode", end.exitCode)
      object.whole("signal", end.signal)
      object.time("finishedAt", end.finishedAt)
    }
  }

  private static func node(_ event: PodEvent) -> JSONNode {
    RecordedObject.make { object in
      object.set("pod", node(event.pod))
      object.text("reason", event.reason)
      object.text("message", event.message)
      object.flag("warning", event.isWarning)
      object.whole("count", event.count)
      object.time("lastAt", event.lastAt)
    }
  }

  static func sample(_ node: JSONNode) throws(DamagedLine) -> PodSample {
    var sample = PodSample(time: try DamagedLine.need(node.time("time")), changes: [])
    for change in node.list("changes") { sample.changes.append(try self.change(change)) }
    return sample
  }

  private static func change(_ node: JSONNode) throws(DamagedLine) -> PodSample.Change {
    if let pod = node["pod"] { return .pod(try self.pod(pod)) }
    if let event = node["event"] { return .event(try self.event(event)) }
    if let gone = node["gone"] { return .gone(try id(gone)) }
    var ids: [Pod.ID] = []
    for one in try DamagedLine.need(node["all"]?.elements) { ids.append(try id(one)) }
    return .all(ids)
  }

  private static func id(_ node: JSONNode?) throws(DamagedLine) -> Pod.ID {
    Pod.ID(namespace: node?.text("namespace") ?? "", name: try DamagedLine.need(node?.text("name")))
  }

  private static func pod(_ node: JSONNode) throws(DamagedLine) -> Pod {
    var pod = Pod(id: try id(node["id"]))
    pod.service = node.text("service")
    pod.node = node.text("node")
    pod.version = node.text("version")
    pod.revision = node.text("revision")
    pod.phase = node.text("phase").flatMap { Pod.Phase(rawValue: $0) } ?? .unknown
    pod.isReady = node.flag("ready")
    pod.restarts = max(0, node.whole("restarts") ?? 0)
    pod.createdAt = node.time("createdAt")
    pod.isTerminating = node.flag("terminating")
    pod.waiting = node.text("waiting").map { Pod.Waiting($0, message: node.text("waitingMessage")) }
    pod.termination = node["termination"].map { end in
      Pod.Termination(
        end.text("reason") ?? "Error", exitCode: end.whole("exitCode"), signal: end.whole("signal"),
        finishedAt: end.time("finishedAt"))
    }
    pod.reason = node.text("reason")
    pod.message = node.text("message")
    pod.unschedulable = node.text("unschedulable")
    pod.job = node.text("job")
    return pod
  }

  private static func event(_ node: JSONNode) throws(DamagedLine) -> PodEvent {
    PodEvent(
      pod: try id(node["pod"]), reason: try DamagedLine.need(node.text("reason")), message: node.text("message") ?? "",
      isWarning: node.flag("warning"), count: node.whole("count"), lastAt: node.time("lastAt"))
  }
}
