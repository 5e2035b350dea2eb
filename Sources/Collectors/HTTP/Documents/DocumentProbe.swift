import Clients
import Core
import Text

/// Examines a document of which only the URL is known: finds the list that contains the messages and how the list is paged. Blocks for a
/// few requests, each at most for the timeout of the document.
package struct DocumentProbe {
  /// Why no definition could be found, as a sentence.
  package struct Failure: Error {
    package var reason: String
  }

  private static let deepest = 4
  /// Paging cannot be detected in shorter lists.
  private static let least = 3
  private static let cursors = ["eventid", "id", "messageid", "sequence", "position", "offset", "timestamp", "time"]
  static let parameters = ["after", "since", "cursor", "from", "after_id", "starting_after"]

  private let document: DocumentTarget
  private let connections: HTTPConnections
  private let transfer: HTTPTransfer

  /// The document with the rules that were found.
  package static func find(_ document: DocumentTarget) throws(Failure) -> DocumentDefinition {
    guard let connections = HTTPConnections(kept: 1), let transfer = HTTPTransfer(document.target) else {
      throw Failure(reason: "libcurl cannot be started")
    }
    return try DocumentProbe(document: document, connections: connections, transfer: transfer).find()
  }

  private func find() throws(Failure) -> DocumentDefinition {
    var definition = document.definition
    let answer = try ask(document.url)
    guard let (path, list) = Self.longestList(in: answer) else {
      throw Failure(reason: "\(document.url): there is no list of objects in it")
    }
    definition.messages = [MessageRule(each: path + ["*"])]
    definition.paging = paging(of: list, at: path)
    return definition
  }

  private func ask(_ url: String) throws(Failure) -> JSONNode {
    transfer.setURL(url, headers: [])
    connections.start(transfer)
    defer { connections.remove(transfer) }
    var end: HTTPEnd?
    // libcurl ends the request when the timeout of the document expires.
    while end == nil {
      connections.work { _, code in end = code }
      if end == nil { connections.wait(atMost: .milliseconds(100)) }
    }
    guard let end, end.isWhole else { throw Failure(reason: transfer.failure(end ?? .notBegun).text) }
    guard (200..<300).contains(transfer.status) else { throw Failure(reason: "\(url): HTTP \(transfer.status)") }
    guard let node = JSONNode(transfer.bytes) else {
      throw Failure(reason: "\(url): \(DocumentPoll.kind(transfer)) that are no whole JSON")
    }
    return node
  }

  /// The longest list of objects, without searching inside lists. The first one if several have the same length.
  private static func longestList(
    in node: JSONNode, at path: [String] = []
  ) -> (path: [String], list: [JSONNode])? {
    if let elements = node.elements {
      return elements.contains { $0.members != nil } ? (path, elements) : nil
    }
    guard path.count < deepest else { return nil }
    var longest: (path: [String], list: [JSONNode])?
    for member in node.members ?? [] {
      guard let found = longestList(in: member.value, at: path + [member.name]) else { continue }
      if found.list.count > longest?.list.count ?? 0 { longest = found }
    }
    return longest
  }

  /// A parameter is a paging parameter if a request with the cursor of a middle element returns a list that starts at that element or at
  /// the next one.
  private func paging(of list: [JSONNode], at path: [String]) -> DocumentDefinition.Paging? {
    guard list.count >= Self.least, let members = list[0].members else { return nil }
    let names = members.filter { $0.value.scalar != nil }.map(\.name)
    for cursor in Self.cursors {
      guard let name = names.first(where: { FieldName.normalized($0) == cursor }) else { continue }
      guard let middle = Self.middle(of: list, by: name), let value = list[middle][name]?.scalar else { continue }
      for parameter in Self.parameters {
        let url = document.url + DocumentPoll.query(parameter, value, after: document.url)
        guard let answer = try? ask(url), let first = Self.elements(of: answer, at: path)?.first else { continue }
        if first != list[0], first == list[middle] || first == list[middle + 1] {
          return DocumentDefinition.Paging(parameter: parameter, member: [name])
        }
      }
    }
    return nil
  }

  /// An element near the middle of the list with a unique value.
  private static func middle(of list: [JSONNode], by name: String) -> Int? {
    var counts: [String: Int] = [:]
    for value in list.compactMap({ $0[name]?.scalar }) { counts[value, default: 0] += 1 }
    return (list.count / 2..<list.count - 1).first { place in
      list[place][name]?.scalar.map { counts[$0] == 1 } ?? false
    }
  }

  private static func elements(of node: JSONNode, at path: [String]) -> [JSONNode]? { node.value(at: path)?.elements }
}

/// A document and the access settings of its server.
package struct DocumentTarget: Sendable {
  package var definition: DocumentDefinition
  /// Complete URL, without credentials.
  package var url: String
  package var access: HTTPAccess

  package init(definition: DocumentDefinition, url: String, access: HTTPAccess = HTTPAccess()) {
    self.definition = definition
    self.url = url
    self.access = access
  }

  static let bodyLimit = 4 << 20

  var target: HTTPTarget {
    HTTPTarget(
      url: url, timeout: max(.milliseconds(10), definition.timeout), access: access, accepts: "application/json",
      bodyLimit: Self.bodyLimit)
  }
}
