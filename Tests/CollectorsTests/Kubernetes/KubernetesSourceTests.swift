import Core
import Glibc
import TestSupport
import Testing

@testable import Collectors

@Suite("Watching a Kubernetes cluster", .serialized)
struct KubernetesSourceTests {
  private let directory: TemporaryDirectory
  private let sink = CollectingSink()
  private let symbols = SymbolTable()

  /// A saga with one job per step. Labels name saga and step.
  private static let system = SystemDefinition(
    name: "jobs", topics: [],
    sagas: [
      SagaDefinition(
        type: "order", identities: [.init(name: "saga", sources: [.header("shop/saga")])],
        steps: [StepDefinition(name: "pay")],
        events: [
          EventRule(type: "job started", effects: [.init(.begins, .carried)]),
          EventRule(type: "job failed", effects: [.init(.fails, .carried)], ends: .failed),
          EventRule(type: "job succeeded", effects: [.init(.completes, .carried)]),
        ], stepSources: [.header("shop/step")], errorSources: [.path(["error"])])
    ])

  init() throws { directory = try TemporaryDirectory() }

  private static func pod(_ name: String, version: String = "1") -> String {
    #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","namespace":"shop","resourceVersion":"\#(version)","#
      + #""labels":{"app":"payment"}},"spec":{"containers":[]},"status":{"phase":"Running"}}"#
  }

  private static func event(_ type: String, _ name: String, version: String = "1") -> String {
    #"{"type":"\#(type)","object":\#(pod(name, version: version))}"#
  }

  /// A script in place of kubectl: `watch` runs to watch pods, `list` to list them. There are no events.
  private func fake(_ watch: String, list: String = "exit 0") throws -> KubernetesSettings {
    let path = directory.path + "/kubectl"
    try directory.write(
      """
      #!/bin/sh
      case "$*" in
        *"get events"*"--output name") exit 0 ;;
        *"get events"*) exec sleep 600 ;;
        *"--output name") \(list) ;;
      esac
      \(watch)

      """, to: "kubectl")
    chmod(path, 0o700)
    var settings = KubernetesSettings()
    (settings.command, settings.namespace) = ([path], "shop")
    return settings
  }

  private func watch(
    _ settings: KubernetesSettings, _ patience: PodWatch.Patience = .init(), until isDone: () -> Bool
  ) async throws {
    let source = KubernetesSource(
      settings, system: Self.system, symbols: symbols, sink: sink, patience: patience)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { isDone() })
  }

  private func status(_ name: String) -> SourceStatus? { sink.statuses.last { $0.name == name } }

  private var names: [String] {
    sink.pods.flatMap(\.changes).compactMap { if case .pod(let pod) = $0 { pod.id.name } else { nil } }
  }

  @Test("output of a watch is reported; when it pauses the list is complete, also an empty one")
  func lines() async throws {
    let lines = ["a", "b"].map { "echo '\(Self.event("ADDED", $0))'" }.joined(separator: "\n")
    try await watch(try fake("\(lines)\nsleep 600")) {
      status("kubernetes pods")?.isComplete ?? false && status("kubernetes events")?.isComplete ?? false
    }
    #expect(names == ["a", "b"] && status("kubernetes pods")?.phase == .up)
    let all = sink.pods.flatMap(\.changes).contains { change in
      if case .all(let ids) = change { ids.map(\.name) == ["a", "b"] } else { false }
    }
    #expect(all)
  }

  @Test("a watch that is silent for long is replaced, because it may hang; pods missing afterwards are gone")
  func silent() async throws {
    let settings = try fake(
      """
      if [ -e \(directory.path)/second ]; then echo '\(Self.event("ADDED", "b"))'; exec sleep 600; fi
      echo '\(Self.event("ADDED", "a"))'; touch \(directory.path)/second; exec sleep 600
      """)
    var patience = PodWatch.Patience()
    patience.silence = .seconds(2)
    try await watch(settings, patience) {
      sink.pods.flatMap(\.changes).contains { if case .all(let ids) = $0 { ids.map(\.name) == ["b"] } else { false } }
    }
    #expect(!sink.statuses.contains { $0.phase == .down })
  }

  @Test(
    "a watch without output does not mean an empty cluster until a list confirms it",
    arguments: [
      ("exec sleep 600", "does not list pods within 0.5s"),
      ("echo 'no route to host' >&2; exit 1", "no route to host"),
      ("echo pod/a; exit 0", "prints nothing, although there are pods"),
    ])
  func hanging(list: String, reason: String) async throws {
    var patience = PodWatch.Patience()
    (patience.silence, patience.list) = (.seconds(4), .milliseconds(500))
    try await watch(try fake("exec sleep 600", list: list), patience) {
      status("kubernetes pods")?.error?.contains(reason) ?? false
    }
    #expect(status("kubernetes pods")?.phase == .down && status("kubernetes pods")?.isComplete == false)
    #expect(sink.pods.isEmpty)
  }

  @Test("an empty cluster is reported after a list confirms it")
  func empty() async throws {
    try await watch(try fake("exec sleep 600")) { status("kubernetes pods")?.isComplete ?? false }
    #expect(sink.pods.flatMap(\.changes) == [.all([])])
  }

  @Test("a client that ends is started again, and pods missing afterwards are gone")
  func again() async throws {
    let settings = try fake(
      """
      if [ -e \(directory.path)/second ]; then echo '\(Self.event("ADDED", "b"))'; exec sleep 600; fi
      echo '\(Self.event("ADDED", "a"))'; touch \(directory.path)/second; sleep 1
      """)
    try await watch(settings) {
      sink.pods.flatMap(\.changes).contains { if case .all(let ids) = $0 { ids.map(\.name) == ["b"] } else { false } }
    }
    #expect(names == ["a", "b"])
  }

  @Test("a refusal is reported with the missing rule, a missing program with its name")
  func refused() async throws {
    let text =
      #"Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:ops:sagatop" cannot list"#
    try await watch(try fake("echo '\(text)' >&2; exit 1")) { status("kubernetes pods")?.phase == .down }
    let error = try #require(status("kubernetes pods")?.error)
    #expect(
      error.contains("pods is forbidden")
        && error.contains(#"{apiGroups: [""], resources: [pods], verbs: [get, list, watch]}"#))
    var settings = KubernetesSettings()
    settings.command = ["/nowhere/kubectl"]
    try await watch(settings) { status("kubernetes events")?.error?.contains("/nowhere/kubectl") ?? false }
  }

  @Test("invalid documents are counted, and the rest is read")
  func damaged() async throws {
    let script =
      "echo 'W0127 warning {\"kind\":7}'; echo '{\"a\": }'; echo '\(Self.event("ADDED", "a"))'; exec sleep 600"
    try await watch(try fake(script)) { status("kubernetes pods")?.isComplete ?? false }
    #expect(names == ["a"] && status("kubernetes pods")?.notes == ["2 documents not understood"])
  }

  @Test("the arguments of the client")
  func words() {
    var settings = KubernetesSettings()
    (settings.context, settings.namespace) = ("prod", "*")
    #expect(
      settings.words("pods", selector: "team=a") == [
        "kubectl", "--context", "prod", "--all-namespaces", "get", "pods", "--selector", "team=a", "--output", "json",
        "--watch",
        "--output-watch-events",
      ])
  }

  private static let kubectl: String? = ["/usr/bin/kubectl", "/usr/local/bin/kubectl"].first { (path: String) in
    access(path, X_OK) == 0
  }

  @Test(
    "the real kubectl watches jobs, whose changes are events of the sagas named by their labels",
    .enabled(if: kubectl != nil))
  func jobs() async throws {
    let server = try RudeServer()
    let json = ["Content-Type: application/json"]
    func answer(_ path: String, _ body: String, status: String = "200 OK") {
      for query in ["", "?timeout=32s", "?timeout=5s"] {
        server.answer(path + query, body, status: status, headers: json)
      }
    }
    answer("/api", #"{"kind":"APIVersions","versions":["v1"]}"#)
    let version = #"{"groupVersion":"batch/v1","version":"v1"}"#
    answer(
      "/apis",
      #"{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"batch","versions":[\#(version)],"preferredVersion":\#(version)}]}"#
    )
    answer("/version", #"{"major":"1","minor":"20","gitVersion":"v1.20.2"}"#)
    answer("/api/v1", #"{"kind":"APIResourceList","groupVersion":"v1","resources":[]}"#)
    answer(
      "/apis/batch/v1",
      #"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"batch/v1","resources":[{"name":"jobs","singularName":"job","namespaced":true,"kind":"Job","verbs":["get","list","watch"]}]}"#
    )
    let base = "/apis/batch/v1/namespaces/shop/jobs"
    let items = [JobReaderTests.job("pay-1", status: JobReaderTests.started)].joined(separator: ",")
    server.answer(
      "\(base)?labelSelector=app%3Dsaga&limit=500",
      #"{"kind":"JobList","apiVersion":"batch/v1","metadata":{"resourceVersion":"10"},"items":[\#(items)]}"#,
      headers: json)
    let failed = JobReaderTests.job(
      "pay-2", labels: #""shop/saga":"s-2","shop/step":"pay""#, uid: "u-2",
      status: JobReaderTests.failed("BackoffLimitExceeded", "Job has reached the specified backoff limit", failed: 1))
    server.answer(
      "\(base)?labelSelector=app%3Dsaga&resourceVersion=10&watch=true",
      [
        #"{"type":"MODIFIED","object":\#(JobReaderTests.job("pay-1", status: JobReaderTests.done))}"#,
        #"{"type":"ADDED","object":\#(failed)}"#,
      ].joined(separator: "\n") + "\n", headers: json)
    var settings = KubernetesSettings()
    settings.command = [
      try #require(Self.kubectl), "--kubeconfig", "/dev/null", "--cache-dir", directory.path + "/cache", "--server",
      server.url(""),
    ]
    (settings.namespace, settings.jobs) = ("shop", "app=saga")
    try await watch(settings) { sink.events.contains { symbols.text($0.type) == "job failed" } }
    let rules = Set(Self.system.sagas[0].events.map(\.type))
    let told = sink.events.filter { rules.contains(symbols.text($0.type)) }.map { event in
      "\(event.link?.key.value ?? "") \(symbols.text(event.type)) \(event.link?.steps.map(symbols.text) ?? [])"
        + (event.link?.error.map { ": \($0)" } ?? "")
    }
    let expected = [
      "s-1 job started [\"pay\"]", "s-1 job succeeded [\"pay\"]", "s-2 job started [\"pay\"]",
      "s-2 job failed [\"pay\"]: BackoffLimitExceeded: Job has reached the specified backoff limit",
    ]
    #expect(Array(told.prefix(4)) == expected, "\(told) \(sink.statuses.compactMap(\.error))")
  }

  @Test("the real kubectl watches pods on a server that supports list and watch", .enabled(if: kubectl != nil))
  func real() async throws {
    let server = try RudeServer()
    let json = ["Content-Type: application/json"]
    func answer(_ path: String, _ body: String, status: String = "200 OK") {
      for query in ["", "?timeout=32s", "?timeout=5s"] {
        server.answer(path + query, body, status: status, headers: json)
      }
    }
    answer("/api", #"{"kind":"APIVersions","versions":["v1"]}"#)
    answer("/apis", #"{"kind":"APIGroupList","apiVersion":"v1","groups":[]}"#)
    answer("/version", #"{"major":"1","minor":"20","gitVersion":"v1.20.2"}"#)
    let resources = ["pods", "events"].map { name in
      #"{"name":"\#(name)","singularName":"","namespaced":true,"kind":"\#(name == "pods" ? "Pod" : "Event")","verbs":["get","list","watch"]}"#
    }
    answer(
      "/api/v1", #"{"kind":"APIResourceList","groupVersion":"v1","resources":[\#(resources.joined(separator: ","))]}"#)
    let base = "/api/v1/namespaces/shop"
    let items = ["a", "b"].map { Self.pod($0, version: "9") }.joined(separator: ",")
    server.answer(
      "\(base)/pods?limit=500",
      #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"10"},"items":[\#(items)]}"#,
      headers: json)
    server.answer(
      "\(base)/pods?resourceVersion=10&watch=true",
      [Self.event("MODIFIED", "a", version: "11"), Self.event("DELETED", "b", version: "12")].joined(separator: "\n")
        + "\n",
      headers: json)
    server.answer(
      "\(base)/events?limit=500",
      #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"events is forbidden: User \"sagatop\" cannot list resource \"events\"","reason":"Forbidden","code":403}"#,
      status: "403 Forbidden", headers: json)
    var settings = KubernetesSettings()
    settings.command = [
      try #require(Self.kubectl), "--kubeconfig", "/dev/null", "--cache-dir", directory.path + "/cache", "--server",
      server.url(""),
    ]
    settings.namespace = "shop"
    try await watch(settings) {
      let isGone = sink.pods.flatMap(\.changes).contains(.gone(.init(namespace: "shop", name: "b")))
      return isGone && status("kubernetes events")?.error != nil
    }
    #expect(names.prefix(3) == ["a", "b", "a"])
    #expect(status("kubernetes events")?.error?.contains("resources: [events]") ?? false)
  }
}
