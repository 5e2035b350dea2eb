import Core
import Text

/// Converts source statuses to and from lines of a recording.
enum RecordedStatus {
  static func node(_ status: SourceStatus) -> JSONNode {
    RecordedObject.make { object in
      object.text("kind", status.kind.rawValue)
      object.text("name", status.name)
      object.text("phase", status.phase.rawValue)
      object.time("lastSuccess", status.lastSuccess)
      object.text("error", status.error)
      object.time("retryAt", status.retryAt)
      object.duration("latency", status.latency)
      object.number("progress", status.progress)
      object.flag("complete", status.isComplete)
      object.whole("messages", status.messages)
      object.whole("bytes", status.bytes)
      object.list("notes", status.notes.map(JSONNode.string))
      object.whole("brokers", status.brokers)
      object.whole("topics", status.topics)
      object.whole("partitions", status.partitions)
      object.duration("patience", status.patience)
      object.list("missing", status.missing.map(node))
      object.set("window", status.window.map(node))
    }
  }

  private static func node(_ window: ReadWindow) -> JSONNode {
    RecordedObject.make { object in
      object.time("wantedSince", window.wantedSince)
      object.time("readSince", window.readSince)
      object.number("progress", window.progress)
      object.duration("remaining", window.remaining)
      object.flag("stopped", window.isStopped)
    }
  }

  private static func window(_ node: JSONNode) -> ReadWindow {
    var window = ReadWindow(
      wantedSince: node.time("wantedSince"), readSince: node.time("readSince"), progress: node.number("progress") ?? 0,
      remaining: node.duration("remaining"))
    window.isStopped = node.flag("stopped")
    return window
  }

  private static func node(_ partition: SourceStatus.MissingPartition) -> JSONNode {
    RecordedObject.make { object in
      object.text("topic", partition.topic)
      object.whole("partition", partition.partition)
      object.text("leader", partition.leader)
    }
  }

  static func status(_ node: JSONNode) throws(DamagedLine) -> SourceStatus {
    let phase = try DamagedLine.need(node.text("phase").flatMap(SourceStatus.Phase.init))
    let name = try DamagedLine.need(node.text("name"))
    // Recordings of earlier versions contain the kind only as the first word of the name.
    let kind = node.text("kind") ?? String(name.prefix { $0 != " " })
    var status = SourceStatus(try DamagedLine.need(SourceKind(rawValue: kind)), name: name, phase: phase)
    status.lastSuccess = node.time("lastSuccess")
    status.error = node.text("error")
    status.retryAt = node.time("retryAt")
    status.latency = node.duration("latency")
    status.progress = node.number("progress")
    status.isComplete = node.flag("complete")
    status.messages = node.whole("messages") ?? 0
    status.bytes = node.whole("bytes") ?? 0
    status.notes = node.list("notes").compactMap(\.text)
    status.brokers = node.whole("brokers")
    status.topics = node.whole("topics")
    status.partitions = node.whole("partitions")
    status.patience = node.duration("patience")
    status.window = node["window"].map(window)
    for partition in node.list("missing") {
      status.missing.append(
        .init(
          topic: try DamagedLine.need(partition.text("topic")),
          partition: try DamagedLine.need(partition.whole("partition")), leader: partition.text("leader")))
    }
    return status
  }
}
