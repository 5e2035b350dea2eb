import Core
import Text

/// Converts a watch's output about jobs to messages. Each report contains a job's complete state; each change in it becomes one message.
struct JobReader {
  struct Message {
    /// "job created", "job started", "job retried", "job suspended", "job succeeded", "job failed", "job deleted".
    var type: String
    /// `nil` if the API does not report it.
    var time: Timestamp?
    var key: String
    /// Labels, then annotations.
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// Identical for the same change of the same job, even if reported repeatedly.
    var identity: String
  }

  private static let mostHeaders = 64
  private static let mostRetries = 100

  /// `nil` if the document is not about a job.
  func messages(_ bytes: [UInt8]) -> [Message]? {
    guard let document = JSONValue(bytes) else { return nil }
    if let type = document["type"]?.text, let object = document["object"] {
      return type == "BOOKMARK" ? [] : messages(of: object, isDeleted: type == "DELETED")
    }
    if let items = document["items"]?.elements { return items.flatMap { messages(of: $0, isDeleted: false) ?? [] } }
    return messages(of: document, isDeleted: false)
  }

  private func messages(of job: JSONValue, isDeleted: Bool) -> [Message]? {
    let metadata = job["metadata"]
    guard job["kind"]?.text == "Job", let name = text(metadata?["name"]) else { return nil }
    let status = job["status"]
    let uid = text(metadata?["uid"]) ?? "\(text(metadata?["namespace"]) ?? "")/\(name)"
    let headers = headers(metadata)
    func message(_ type: String, _ time: Timestamp?, _ mark: String = "", error: String? = nil) -> Message {
      Message(
        type: type, time: time, key: name, headers: headers, body: body(type, job, time, error).bytes,
        identity: "\(uid) \(type) \(mark)")
    }
    var found = [message("job created", time(metadata?["creationTimestamp"]))]
    if let start = time(status?["startTime"]) { found.append(message("job started", start, start.iso8601)) }
    let failures = max(0, whole(status?["failed"]) ?? 0)
    let ends = ends(status)
    // The last attempt of a failed job is reported as its end.
    let retries = ends.contains { $0.type == "job failed" } ? failures - 1 : failures
    if retries > 0 {
      found += (1...min(retries, Self.mostRetries)).map { message("job retried", nil, "\($0)") }
    }
    found += ends.map { message($0.type, $0.time, $0.time?.iso8601 ?? "", error: $0.error) }
    let isOver = ends.contains { $0.type != "job suspended" }
    if isDeleted, !isOver { found.append(message("job deleted", nil)) }
    return found
  }

  private func ends(_ status: JSONValue?) -> [(type: String, time: Timestamp?, error: String?)] {
    (status?["conditions"]?.elements ?? []).prefix(20).compactMap { condition in
      guard condition["status"]?.text == "True" else { return nil }
      let at = time(condition["lastTransitionTime"])
      switch condition["type"]?.text {
      case "Complete": return ("job succeeded", time(status?["completionTime"]) ?? at, nil)
      case "Suspended": return ("job suspended", at, nil)
      case "Failed":
        let words = [text(condition["reason"]), text(condition["message"])].compactMap(\.self)
        return ("job failed", at, words.isEmpty ? "failed" : words.joined(separator: ": "))
      default: return nil
      }
    }
  }

  private func body(_ type: String, _ job: JSONValue, _ time: Timestamp?, _ error: String?) -> JSONValue {
    let (metadata, spec, status) = (job["metadata"], job["spec"], job["status"])
    let members: [(String, JSONValue?)] = [
      ("type", .string(type)), ("job", metadata?["name"]), ("namespace", metadata?["namespace"]),
      ("uid", metadata?["uid"]), ("time", time.map { .string($0.iso8601) }), ("error", error.map { .string($0) }),
      ("active", status?["active"]), ("succeeded", status?["succeeded"]), ("failed", status?["failed"]),
      ("backoffLimit", spec?["backoffLimit"]), ("deadlineSeconds", spec?["activeDeadlineSeconds"]),
    ]
    return .object(members.compactMap { name, value in value.flatMap { $0.scalar == nil ? nil : (name, $0) } })
  }

  private func headers(_ metadata: JSONValue?) -> [(name: String, value: String)] {
    let members = (metadata?["labels"]?.members ?? []) + (metadata?["annotations"]?.members ?? [])
    return members.compactMap { member in text(member.value).map { (member.name, $0) } }
      .filter { $0.value.utf8.count <= Pod.longestText }.prefix(Self.mostHeaders).map(\.self)
  }

  private func text(_ node: JSONValue?) -> String? {
    guard let text = node?.text, !text.isEmpty else { return nil }
    return text
  }

  private func whole(_ node: JSONValue?) -> Int? { if case .number(let digits) = node { Int(digits) } else { nil } }

  private func time(_ node: JSONValue?) -> Timestamp? { node?.text.flatMap { TimestampParser.parse($0) } }
}
