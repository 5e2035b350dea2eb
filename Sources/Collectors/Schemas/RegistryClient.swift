import Clients
import Core
import Glibc
import Text

/// Fetches schemas from a registry. Blocks; belongs to one thread.
final class RegistryClient {
  enum Failure: Error, Equatable {
    /// The registry does not respond or rejects all requests: no schema is available.
    case outage(String)
    /// The registry or a server before it cannot respond at present, which is not a property of the schema.
    case overload(String)
    /// The registry does not have this schema.
    case absence(String)
    /// The registry responds, but the schema cannot be fetched or used.
    case refusal(String)

    /// The same error for a referenced schema.
    fileprivate func of(_ place: Place) -> Failure {
      let name = "its reference to subject \(place.subject), version \(place.version)"
      return switch self {
      case .outage, .overload: self
      case .absence(let reason): .absence("\(name): \(reason)")
      case .refusal(let reason): .refusal("\(name): \(reason)")
      }
    }
  }

  private static let timeout = Duration.seconds(5)
  private static let longestSchema = 8 << 20
  private static let mostReferences = 200
  private static let mostKept = 1000

  fileprivate struct Place: Hashable {
    var subject: String
    var version: String
  }

  /// The name belongs to the schema that refers: others may give the same place another name.
  private struct Reference: Hashable {
    var name: String
    var place: Place
  }

  private let url: String
  private let connections: HTTPConnections
  private let transfer: HTTPTransfer
  private let isStopping: @Sendable () -> Bool
  /// Referenced schemas, cached because many schemas share them.
  private var known: [Place: (text: [UInt8], references: [Reference])] = [:]

  /// `nil` if libcurl cannot be initialized.
  init?(_ registry: SchemaSettings.Registry, isStopping: @escaping @Sendable () -> Bool) {
    let target = HTTPTarget(
      url: registry.url, timeout: Self.timeout, access: registry.access,
      accepts: "application/vnd.schemaregistry.v1+json, application/json", bodyLimit: Self.longestSchema)
    guard let connections = HTTPConnections(kept: 1), let transfer = HTTPTransfer(target) else { return nil }
    url = registry.url
    self.connections = connections
    self.transfer = transfer
    self.isStopping = isStopping
  }

  /// Checks whether a schema registry responds at the URL.
  func probe() throws(Failure) {
    do throws(Failure) {
      let answer = try get("/schemas/types")
      guard JSONValue(answer)?.elements == nil else { return }
      throw .outage("\(transfer.target.place) does not answer as a schema registry does: is its URL right?")
    } catch {
      // Registries from before 2020 do not have this path, but their error response is that of a registry.
      if case .outage = error { throw error }
      if case .overload(let reason) = error { throw .outage(reason) }
      if transfer.status == 403 {
        throw .outage("\(transfer.target.place): HTTP 403: it wants `basic` or `bearer`, or others")
      }
      if JSONValue(transfer.bytes)?["error_code"] != nil { return }
      throw .outage(
        "\(transfer.target.place) answers \(transfer.status) to \(url)/schemas/types: is the registry's URL right?")
    }
  }

  func schema(_ id: SchemaID) throws(Failure) -> MessageSchema {
    let path =
      switch id {
      case .number(let number): "/schemas/ids/\(number)"
      case .guid(let text): "/schemas/guids/\(text)"
      }
    let (answer, text) = try document(path)
    var schema = SchemaText(type: answer["schemaType"]?.text ?? "AVRO", text: text)
    var done: Set<Reference> = []
    for reference in try references(of: answer) { try add(reference, to: &schema, &done, depth: 0) }
    do throws(SchemaFault) { return try schema.compiled() } catch {
      throw .refusal("\(transfer.target.place) gives one that cannot be used: \(error.reason)")
    }
  }

  private func references(of answer: JSONValue) throws(Failure) -> [Reference] {
    var found: [Reference] = []
    for reference in answer["references"]?.elements ?? [] {
      guard let name = reference["name"]?.text, let subject = reference["subject"]?.text,
        let version = reference["version"]?.scalar
      else { throw .refusal("\(transfer.target.place) gives a reference without name, subject or version") }
      found.append(Reference(name: name, place: Place(subject: subject, version: version)))
    }
    return found
  }

  /// Adds the referenced schema after its own references.
  private func add(
    _ reference: Reference, to schema: inout SchemaText, _ done: inout Set<Reference>, depth: Int
  ) throws(Failure) {
    guard done.insert(reference).inserted else { return }
    guard done.count <= Self.mostReferences, depth < 30 else {
      throw .refusal("\(transfer.target.place) gives one that refers to more than \(Self.mostReferences) schemas")
    }
    let found = try document(at: reference.place)
    for other in found.references { try add(other, to: &schema, &done, depth: depth + 1) }
    if !schema.references.contains(where: { $0.name == reference.name }) {
      schema.references.append(.init(name: reference.name, text: found.text))
    }
  }

  private func document(at place: Place) throws(Failure) -> (text: [UInt8], references: [Reference]) {
    if let found = known[place] { return found }
    let found: (text: [UInt8], references: [Reference])
    do throws(Failure) {
      let (answer, text) = try document(
        "/subjects/\(ByteText.percentEncoded(place.subject))/versions/\(ByteText.percentEncoded(place.version))?deleted=true"
      )
      found = (text, try references(of: answer))
    } catch { throw error.of(place) }
    if known.count >= Self.mostKept { known.removeAll() }
    known[place] = found
    return found
  }

  private func document(_ path: String) throws(Failure) -> (JSONValue, [UInt8]) {
    let bytes = try get(path)
    guard let answer = JSONValue(bytes), let text = answer["schema"]?.text else {
      throw .refusal("\(transfer.target.place) gives no schema for it")
    }
    return (answer, Array(text.utf8))
  }

  private func get(_ path: String) throws(Failure) -> [UInt8] {
    transfer.setURL(url + path, headers: [])
    connections.start(transfer)
    defer { connections.remove(transfer) }
    var end: HTTPEnd?
    // libcurl ends the transfer at the timeout at the latest.
    while end == nil {
      if isStopping() { throw .outage("stopped") }
      connections.work { _, code in end = code }
      if end == nil { connections.wait(atMost: .milliseconds(100)) }
    }
    guard let end, end.isWhole else {
      if transfer.isCut {
        throw .refusal("\(transfer.target.place) gives one longer than \(Self.longestSchema >> 20) MiB")
      }
      throw .outage(transfer.failure(end ?? .notBegun).text)
    }
    switch transfer.status {
    case 200..<300: return transfer.bytes
    case 401:
      throw .outage("\(transfer.target.place): HTTP \(transfer.status): it wants `basic` or `bearer`, or others")
    // A user may be allowed to read some subjects only.
    case 403: throw .absence("\(transfer.target.place): HTTP 403: its user may not read it\(complaint)")
    case 404: throw .absence("\(transfer.target.place) does not have it (HTTP 404\(complaint))")
    case 300..<400:
      throw .outage("\(transfer.target.place): HTTP \(transfer.status), to \(transfer.location ?? "elsewhere")")
    case 400..<408, 409..<429, 430..<500:
      throw .refusal("\(transfer.target.place): HTTP \(transfer.status)\(complaint)")
    case 408, 429, 502...504: throw .overload("\(transfer.target.place): HTTP \(transfer.status)\(complaint)")
    default: throw .outage("\(transfer.target.place): HTTP \(transfer.status)\(complaint)")
    }
  }

  private var complaint: String {
    JSONValue(transfer.bytes)?["message"]?.text.map { ": \($0.prefix(150))" } ?? ""
  }
}
