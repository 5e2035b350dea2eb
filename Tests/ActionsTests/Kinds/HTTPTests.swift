import Collectors
import Core
import Synchronization
import TestSupport
import Testing
import Text

@testable import Actions

@Suite("HTTP requests")
struct HTTPTests {
  private func scene(_ call: ActionCall) throws -> ActionScene {
    try ActionScene([ActionDefinition(name: .retry, call: call, expectation: .init(within: .milliseconds(50)))])
  }

  private static let leavesPath = ["\\", "; rm -rf /", "../../admin", "..", "a/../../b", "%2e%2e%2f"]

  @Test(
    "a saga is excluded if a path value has several segments or leaves the path, also after decoding twice",
    arguments: [
      "x/../../admin/delete", "a/b", "/", "a\\b", ".", "..", "..;x", ".;a=b", "%2e%2e", "%2E%2E%2f", "a%2fb", "a%5Cb",
      "%252e%252e", "a%252fb",
    ])
  func path(value: String) throws {
    let scene = try scene(try ActionScene.http("/orders/{data.name}/retry"))
    scene.fail("7", body: "{\"name\":\"\(JSONString.escaped(value))\"}")
    guard case .failure(let refusal) = scene.gate().plan(ActionRequest(.retry, scene.subjects(["7"]))) else {
      throw TestFailure("it was planned")
    }
    #expect(refusal.message.contains("more than one part of the URL's path"))
  }

  @Test(
    "a path value may contain dots, percent signs and blanks",
    arguments: ["a..b", "1.2", "100%", "a b", "...", "%zz"])
  func harmless(value: String) throws {
    let scene = try scene(try ActionScene.http("/orders/{data.name}/retry"))
    scene.fail("7", body: "{\"name\":\"\(value)\"}")
    #expect(try scene.gate().plan(ActionRequest(.retry, scene.subjects(["7"]))).get().items.count == 1)
  }

  @Test(
    "a field that allows `/` is one value and never leaves its position",
    arguments: [
      ("a/b", "a%2Fb"), ("/a", "%2Fa"), ("a%2fb", "a%252fb"), ("..a/b..", "..a%2Fb.."), ("a/../b", nil), ("..", nil),
      ("a/.", nil), ("a\\b", nil), ("a/%2e%2e/b", nil), ("a/..;x", nil), ("a%2f..%2fb", nil), ("", nil),
    ] as [(String, String?)])
  func slash(value: String, sent: String?) async throws {
    let target = try ActionTemplate(
      "/orders/{data.name}/retry", place: .url, fields: ActionFieldNames(scope: .saga), slashes: ["data.name"])
    let scene = try scene(.http(.init(api: "shop", target: target)))
    scene.fail("7", body: "{\"name\":\"\(JSONString.escaped(value))\"}")
    let server = try ActionServer { _ in .answer(200, "") }
    if let sent {
      _ = try await scene.run(scene.gate(server), ["7"])
      #expect(server.requests.map(\.path) == ["/orders/\(sent)/retry"])
    } else {
      #expect(throws: ActionRefusal.self) { try scene.plan(scene.gate(server), "7") }
    }
  }

  @Test("no value leaves its position in the path, query, header or body", arguments: Injection.corpus)
  func injection(value: String) async throws {
    let call = ActionCall.http(
      .init(
        api: "shop", target: try ActionScene.template("/a/{data.name}/b?q={data.name}&r=1", .url),
        headers: [.init(name: "X-Name", value: try ActionScene.template("<{data.name}>", .header))],
        body: try ActionScene.template(#"{"n": "{data.name}", "v": {data.name}, "i": {orderId}}"#, .json)))
    let scene = try scene(call)
    scene.fail("7", body: "{\"name\":\"\(JSONString.escaped(value))\"}")
    let server = try ActionServer { _ in .answer(200, "") }
    let planned = scene.gate(server).plan(ActionRequest(.retry, scene.subjects(["7"])))
    // A value that a proxy may resolve to another path is never sent.
    guard !Self.leavesPath.contains(value) else {
      #expect(throws: ActionRefusal.self) { try planned.get() }
      return
    }
    _ = try await scene.run(scene.gate(server), ["7"])
    let request = try #require(server.requests.first)
    let parts = request.path.split(separator: "?", omittingEmptySubsequences: false)
    #expect(parts.count == 2 && parts[0].split(separator: "/").count == 3 && parts[1].split(separator: "&").count == 2)
    #expect(parts[0].hasPrefix("/a/") && parts[0].hasSuffix("/b") && parts[1].hasSuffix("&r=1"))
    #expect(request.headers["x-name"] == "<\(value)>")
    let body = try #require(JSONNode(Array(request.body.utf8)))
    #expect(body.members?.map(\.name) == ["n", "v", "i"])
    #expect(body["n"] == .string(value) && body["v"] == .string(value) && body["i"] == .number("7"))
    #expect(request.headers["content-type"] == "application/json")
  }

  @Test(
    "a control character or a missing field excludes the saga",
    arguments: Injection.controls + ["missing"])
  func controls(value: String) throws {
    let scene = try scene(try ActionScene.http("/a", body: #"{"n": "{data.name}"}"#))
    scene.fail("7", body: value == "missing" ? "{}" : "{\"name\":\"\(JSONString.escaped(value))\"}")
    guard case .failure(let refusal) = scene.gate().plan(ActionRequest(.retry, scene.subjects(["7"]))) else {
      throw TestFailure("it was planned")
    }
    #expect(refusal.message.contains(value == "missing" ? "no message of the saga" : "control character"))
  }

  private static func token(_ expiry: Int, _ number: Int) -> String {
    // Base64url-encodes {"exp":…}: three bytes become four characters.
    let bytes = Array("{\"exp\":\(expiry),\"n\":\(number)}".utf8)
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
      for letter in 0...part.count { text.append(letters[bits >> (18 - 6 * letter) & 63]) }
    }
    return "head.\(text).sign\(number)"
  }

  @Test(
    "one login is sent initially, one before the token expires, and one after the server rejects the token",
    arguments: [
      // (seconds until the token expires, number of refused requests, logins, requests, outcome)
      (3600, 0, 1, 3, "accepted"), (28, 0, 1, 3, "accepted"), (-5, 0, 3, 3, "accepted"), (3600, 1, 2, 4, "accepted"),
      (3600, 99, 4, 6, "refused"),
    ])
  func login(left: Int, refused: Int, logins: Int, requests: Int, outcome: String) async throws {
    let scene = try scene(try ActionScene.http())
    let now = Int(SystemClock.now().milliseconds / 1000)
    let counts = Mutex((logins: 0, refused: 0))
    let server = try ActionServer { request in
      guard request.path == "/auth/login" else {
        let isGood = request.headers["authorization"]?.hasPrefix("Bearer head.") == true
        let isRefused = counts.withLock { counts in
          counts.refused += 1
          return counts.refused <= refused
        }
        return isGood && !isRefused ? .answer(200, "") : .answer(401, "token expired")
      }
      let number = counts.withLock { counts in
        counts.logins += 1
        return counts.logins
      }
      let isKnown = request.body == #"{"email":"ops@x","password":"p\"w"}"#
      return isKnown
        ? .answer(201, "{\"data\":{\"token\":\"\(Self.token(now + left, number))\"}}") : .answer(401, "who?")
    }
    let login = ActionAPI.Login(
      path: "/auth/login", body: [("email", "ops@x"), ("password", "p\"w")], token: ["data", "token"])
    let gate = scene.gate(server) { $0.apis[0].login = login }
    for id in ["1", "2", "3"] {
      scene.fail(id)
      let record = try #require(try await scene.run(gate, [id]).first)
      #expect(record.stages.contains { $0.outcome.name == outcome }, "\(record.outcome)")
    }
    #expect(counts.withLock { $0.logins } == logins)
    #expect(server.requests.count { $0.path != "/auth/login" } == requests)
  }

  @Test("after a failed login nothing is sent, and no secret is reported")
  func noLogin() async throws {
    let scene = try scene(try ActionScene.http())
    let server = try ActionServer { _ in .answer(401, "not hunter2") }
    let gate = scene.gate(server) {
      $0.apis[0].login = .init(path: "/auth/login", body: [("password", "hunter2")])
      $0.mask = { $0.replacing("hunter2", with: "***") }
    }
    scene.fail("7")
    let record = try #require(try await scene.run(gate, ["7"]).first)
    #expect(record.outcome.detail == "not sent: login at \(server.url)/auth/login: HTTP 401 not ***")
    #expect(!ActionScene.text(of: scene.audit).contains("hunter2"))
    #expect(server.requests.map(\.path) == ["/auth/login"])
  }

  @Test("a token printed by a program is used, and masked if the server repeats it")
  func tokenCommand() async throws {
    let scene = try scene(try ActionScene.http())
    let server = try ActionServer { .answer(409, "no \($0.headers["authorization"] ?? "")") }
    let gate = scene.gate(server) { $0.apis[0].tokenCommand = ["echo", "abc-token"] }
    scene.fail("7")
    let record = try #require(try await scene.run(gate, ["7"]).first)
    #expect(record.outcome == .refused(status: 409, message: "no Bearer ***"))
  }
}
