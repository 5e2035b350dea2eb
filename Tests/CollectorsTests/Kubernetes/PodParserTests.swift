import Core
import TestRandom
import Testing

@testable import Collectors

@Suite("Output of kubectl")
struct PodParserTests {
  /// Shortened output of `kubectl get pods -o json --watch --output-watch-events`.
  static let killed = #"""
    {"type":"MODIFIED","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"payment-7f9c5-x2b","namespace":"shop",
    "uid":"5f0c","resourceVersion":"4711","creationTimestamp":"2026-01-27T09:00:00Z",
    "labels":{"app":"payment","pod-template-hash":"7f9c5"},
    "ownerReferences":[{"kind":"ReplicaSet","name":"payment-7f9c5"}]},
    "spec":{"nodeName":"worker-3","containers":[{"name":"payment","image":"registry:5000/shop/payment:1.4@sha256:0a1b"}]},
    "status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"},{"type":"PodScheduled","status":"True"}],
    "containerStatuses":[{"name":"payment","ready":false,"restartCount":3,
     "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s"}},
     "lastState":{"terminated":{"reason":"OOMKilled","exitCode":137,"finishedAt":"2026-01-27T10:00:00Z"}}},
     {"name":"proxy","ready":true,"restartCount":1,"state":{"running":{}},
     "lastState":{"terminated":{"reason":"Completed","exitCode":0,"finishedAt":"2026-01-27T10:00:30Z"}}}]}}}
    """#

  private let parser = PodParser(settings: KubernetesSettings())

  private func pod(_ text: String, _ settings: KubernetesSettings = KubernetesSettings()) throws -> Pod {
    let changes = try #require(PodParser(settings: settings).changes(Array(text.utf8)))
    guard case .pod(let pod)? = changes.first else { throw CancellationError() }
    return pod
  }

  @Test("a pod is read with service, version, readiness, restarts and last termination")
  func killed() throws {
    let pod = try pod(Self.killed)
    #expect(pod.id == .init(namespace: "shop", name: "payment-7f9c5-x2b") && pod.service == "payment")
    #expect(pod.version == "1.4" && pod.revision == "7f9c5" && pod.node == "worker-3")
    #expect(!pod.isReady && pod.restarts == 4 && pod.waiting == .init("CrashLoopBackOff", message: "back-off 40s"))
    #expect(pod.termination?.phrase == "was OOMKilled (exit code 137)")
    #expect(pod.termination?.finishedAt == TimestampParser.parse("2026-01-27T10:00:00Z") && pod.job == nil)
  }

  @Test("labels and their values are mapped to services as configured")
  func mapping() throws {
    var settings = KubernetesSettings()
    settings.services = ["payment": "payment-service"]
    #expect(try pod(Self.killed, settings).service == "payment-service")
    settings.labels = ["tier"]
    #expect(try pod(Self.killed, settings).service == nil)
  }

  @Test(
    "the version is the image's tag",
    arguments: [
      ("a", nil), ("a:1", "1"), ("r:5000/a", nil), ("r:5000/s/a:1.4-rc1", "1.4-rc1"),
      ("a@sha256:0123456789abcdef", "0123456789ab"),
      ("", nil), (":", nil),
    ] as [(String, String?)])
  func tags(image: String, tag: String?) {
    #expect(PodParser.tag(image) == tag)
  }

  private static func containers(_ images: [(String, String)]) -> String {
    images.map { #"{"name":"\#($0.0)","image":"r/\#($0.1)"}"# }.joined(separator: ",")
  }

  @Test(
    "the version is that of the container that does the work",
    arguments: [
      // kubectl's annotation names it.
      (
        #"{"kubectl.kubernetes.io/default-container":"app"}"#, [("istio-proxy", "proxyv2:1.20.1"), ("app", "pay:4.5")],
        "4.5"
      ),
      (#"{"kubectl.kubernetes.io/default-container":"none"}"#, [("payment", "pay:4.5")], "4.5"),
      // Its name or its image's name is that of the service or the workload.
      ("{}", [("x", "x:1"), ("payment", "pay:4.5")], "4.5"), ("{}", [("x", "x:1"), ("main", "payment:4.5")], "4.5"),
      ("{}", [("x", "x:1"), ("payment-deployment", "pay:4.5")], "4.5"),
      // A similar name.
      ("{}", [("x", "x:1"), ("payment-service", "pay:4.5")], "4.5"),
      ("{}", [("payment-proxy", "x:1"), ("y", "pay:4.5")], "4.5"),
      // Known sidecars.
      ("{}", [("istio-proxy", "proxyv2:1.20.1"), ("app", "pay:4.5")], "4.5"),
      ("{}", [("log-agent", "x:1"), ("app", "pay:4.5")], "4.5"),
      (#"{"sidecar.istio.io/status":"{\"containers\":[\"mesh\"]}"}"#, [("mesh", "x:1"), ("app", "pay:4.5")], "4.5"),
      // Otherwise the first container.
      ("{}", [("a", "x:1"), ("b", "y:2")], "1"), ("{}", [("istio-proxy", "proxyv2:1.20.1")], "1.20.1"),
      ("[]", [], nil),
    ] as [(String, [(String, String)], String?)])
  func mainContainer(annotations: String, images: [(String, String)], version: String?) throws {
    let text =
      #"{"kind":"Pod","metadata":{"name":"payment-deployment-7f9c5-x2b","labels":{"app":"payment","pod-template-hash":"7f9c5"},"#
      + #""annotations":\#(annotations),"ownerReferences":[{"kind":"ReplicaSet","name":"payment-deployment-7f9c5"}]},"#
      + #""spec":{"initContainers":[{"name":"payment","image":"r/mesh:9","restartPolicy":"Always"}],"#
      + #""containers":[\#(Self.containers(images))]},"status":{"phase":"Running"}}"#
    #expect(try pod(text).version == version)
  }

  @Test(
    "a deleted pod is reported once more as gone; a bookmark gives nothing; other objects are counted as unknown")
  func kinds() {
    let deleted = parser.changes(Array(Self.killed.replacing("MODIFIED", with: "DELETED").utf8))
    #expect(deleted?.count == 2)
    #expect(parser.changes(Array(#"{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{}}}"#.utf8)) == [])
    #expect(parser.changes(Array(#"{"type":"ERROR","object":{"kind":"Status","code":410}}"#.utf8)) == nil)
    #expect(parser.changes(Array("{".utf8)) == nil)
    let event = #"""
      {"kind":"Event","type":"Warning","reason":"BackOff","message":"Back-off restarting","count":7,
      "involvedObject":{"kind":"Pod","name":"a","namespace":"shop"},"lastTimestamp":"2026-01-27T10:00:00Z"}
      """#
    guard case .event(let read)? = parser.changes(Array(event.utf8))?.first else {
      Issue.record("no event")
      return
    }
    #expect(read.reason == "BackOff" && read.count == 7 && read.isWarning && read.pod.name == "a" && read.lastAt != nil)
  }

  @Test("documents are separated for any split of the bytes, and too long ones are skipped")
  func splitting() {
    let texts = [#"{"a":"}{\"\\"}"#, #"{"b":{"c":[{}]}}"#, "{\n  \"d\": 1\n}"]
    let bytes = Array(texts.joined(separator: "\n \n").utf8)
    for seed in UInt64(0)..<200 {
      var random = SeededRandom(seed: seed)
      var (splitter, found, rest) = (DocumentSplitter(), [String](), bytes[...])
      while !rest.isEmpty {
        let part = rest.prefix(.random(in: 1...9, using: &random))
        splitter.add(part) { found.append(String(decoding: $0, as: UTF8.self)) }
        rest = rest.dropFirst(part.count)
      }
      #expect(found == texts, "seed \(seed)")
    }
    var (small, found) = (DocumentSplitter(limit: 10), [String]())
    small.add(Array(#"{"long":"0123456789"}{"a":1}"#.utf8)) { found.append(String(decoding: $0, as: UTF8.self)) }
    #expect(found == [#"{"a":1}"#] && small.dropped == 1)
  }

  @Test("no modified document causes a crash")
  func changed() {
    let document = Array(Self.killed.utf8)
    for seed in UInt64(0)..<500 {
      var random = SeededRandom(seed: seed)
      var bytes = document
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        if Bool.random(using: &random) {
          bytes[place] = .random(in: 0x20...0x7e, using: &random)
        } else {
          bytes.remove(at: place)
        }
      }
      var state = [PodSample.Change]()
      state += parser.changes(bytes) ?? []
      #expect(state.count <= 2, "seed \(seed)")
    }
  }
}
