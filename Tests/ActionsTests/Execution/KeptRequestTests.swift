import Clients
import Core
import Glibc
import TestSupport
import Testing

@testable import Actions

@Suite("Stored requests next to the audit log")
struct KeptRequestTests {
  private static let secret = "hunter2-very-secret"
  private static let form = KeptRequest(
    secrets: ["other-secret", secret], apis: [ActionAPI(name: "shop", url: "http://shop:80")])

  private static func http(_ api: String?, body: String?) -> PreparedRequest.Call {
    .http(
      .init(
        api: api, method: "PUT", url: "http://shop:80/a/\(secret)?x=\(secret)\(secret)",
        serverLength: api == nil ? 0 : 14,
        headers: ["X-A: é \(secret)", "X-Empty: "], body: body, quotesKey: true))
  }

  private static let calls: [PreparedRequest.Call] = [
    http("shop", body: #"{"p": "\#(secret)", "q": "\n"}"#), http(nil, body: nil),
    .kafka(
      .init(
        topic: "t", partition: 3, key: [0xff, 0], headers: [.init(name: "h", value: Array(secret.utf8))],
        value: Array("x\(secret)".utf8), origin: .init(topic: "t.DLT", partition: 1, offset: 1 << 60))),
    .kafka(.init(topic: "t", key: nil, headers: [], value: [0, 0xc3, 0x28])),
    .command(["run", "--token=\(secret)", ""]),
    .releaseLock(.init(source: "redis", key: "lock:1", token: "t-\(secret)", isHash: true)),
  ]

  @Test("every kind of request is read back as written, and the file contains no secret", arguments: calls)
  func everyKind(call: PreparedRequest.Call) throws {
    let request = PreparedRequest(call: call, idempotencyKey: "k1", timeout: .seconds(3))
    let text = Self.form.json(request)
    #expect(!text.contains(Self.secret) && !text.contains("hunter2"))
    #expect(Self.form.request(Array(text.utf8), timeout: .seconds(3)) == request)
  }

  @Test("a secret next to combining marks is not stored and is restored byte by byte")
  func combined() throws {
    let texts = [
      "\(Self.secret)\u{301}", "e\u{301}\(Self.secret)\u{200d}\u{301}\(Self.secret)", "\r\(Self.secret)\r\n",
    ]
    for call in [PreparedRequest.Call.command(texts)] + texts.map({ Self.http("shop", body: $0) }) {
      let request = PreparedRequest(call: call, idempotencyKey: "k1", timeout: .seconds(3))
      let kept = Self.form.json(request)
      #expect(!kept.utf8.split(separator: UInt8(ascii: "h")).contains { $0.starts(with: "unter2".utf8) }, "\(kept)")
      let read = try #require(Self.form.request(Array(kept.utf8), timeout: .seconds(3)))
      #expect("\(read)".utf8.elementsEqual("\(request)".utf8))
    }
  }

  @Test("a request is not restored without its secret or API, or from a truncated file")
  func incomplete() {
    let request = PreparedRequest(
      call: Self.http("shop", body: "{}"), idempotencyKey: "k1", timeout: .seconds(3))
    let bytes = Array(Self.form.json(request).utf8)
    let others = [
      KeptRequest(secrets: ["another"], apis: Self.form.apis), KeptRequest(secrets: [Self.secret], apis: []),
    ]
    for form in others { #expect(form.request(bytes, timeout: .seconds(3)) == nil) }
    for count in 0..<bytes.count { #expect(Self.form.request(Array(bytes.prefix(count)), timeout: .seconds(3)) == nil) }
  }

  @Test("non-text bytes that contain a secret are not stored in readable form")
  func secretAmongBytes() {
    let value = [0xff] + Array(Self.secret.utf8)
    let request = PreparedRequest(
      call: .kafka(.init(topic: "t", key: nil, headers: [], value: value)), idempotencyKey: "k", timeout: .seconds(3))
    let text = Self.form.json(request)
    #expect(!text.contains("base64") && Self.form.request(Array(text.utf8), timeout: .seconds(3)) == nil)
  }

  /// A saga with a secret in its message. The server closes the connection of the retry, so its outcome is unknown.
  private static func scene() throws -> (ActionScene, ActionServer, ActionExecutor) {
    let call = try ActionScene.http(body: #"{"why": "{reason}", "name": "{data.name}"}"#)
    let scene = try ActionScene([
      ActionDefinition(name: .retry, call: call, expectation: .init(events: ["done"], within: .milliseconds(50)))
    ])
    let server = try ActionServer { _ in .close }
    scene.fail("7", body: "{\"name\":\"\(secret)\"}")
    let gate = scene.gate(server) {
      $0.mask = { $0.replacing(secret, with: "***") }
      $0.secrets = [secret]
    }
    return (scene, server, gate)
  }

  private static func file(_ scene: ActionScene) throws -> String {
    let digest = try #require(scene.lines.first { $0.kind == .intended }?.record.digest)
    return "\(scene.directory.path)/state/requests/\(digest)"
  }

  @Test("an unknown request is sent again unchanged even if the saga's fields changed; no file contains its secret")
  func again() async throws {
    let (scene, server, gate) = try Self.scene()
    _ = try await scene.run(gate, ["7"], reason: "first")
    let file = try Self.file(scene)
    var status = stat()
    #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(
      !ActionScene.text(of: file).contains(Self.secret) && !ActionScene.text(of: scene.audit).contains(Self.secret))
    scene.publish("seen", "7", body: #"{"name":"b"}"#)
    let plan = try scene.plan(gate, "7", reason: "second")
    let warning = try #require(plan.items[0].warning)
    #expect(
      warning.contains(#"as it was then, then `{"why": "first", "name": "***"}`, now `{"why": "first", "name": "b"}`"#))
    #expect(plan.request.last == #"{"why": "first", "name": "***"}"#)
    #expect(gate.run(plan, answer: .yes) == nil)
    _ = try await scene.outcomes(gate, plan)
    let bodies = server.requests.map(\.body)
    #expect(bodies == Array(repeating: "{\"why\": \"first\", \"name\": \"\(Self.secret)\"}", count: 2))
    #expect(Set(server.requests.map(\.key)).count == 1 && Set(server.requests.map(\.path)).count == 1)
  }

  @Test(
    "a saga whose request changed is excluded if the stored request is missing, modified or owned by another user",
    arguments: ["gone", "changed", "another's"])
  func notKept(how: String) async throws {
    let (scene, server, gate) = try Self.scene()
    _ = try await scene.run(gate, ["7"], reason: "first")
    let file = try Self.file(scene)
    switch how {
    case "gone": unlink(file)
    case "changed":
      let text = ActionScene.text(of: file).replacing("/retry/7", with: "/retry/8")
      let descriptor = open(file, O_WRONLY | O_TRUNC)
      #expect(write(descriptor, text, text.utf8.count) > 0)
      close(descriptor)
    default: guard geteuid() == 0, chown(file, 65534, 65534) == 0 else { return }
    }
    // No file is needed while the request would be the same.
    #expect(try scene.plan(gate, "7").items.count == 1)
    scene.publish("seen", "7", body: #"{"name":"b"}"#)
    let refusal = try #require(throws: ActionRefusal.self) { try scene.plan(gate, "7") }
    #expect(refusal.message.contains("the request differs from the one whose outcome is unknown: then it was `POST"))
    #expect(refusal.exclusions.first?.insist == .newKey && server.requests.count == 1)
  }
}
