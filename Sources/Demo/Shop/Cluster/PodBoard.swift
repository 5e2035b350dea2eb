import Glibc

/// The shop's pods as the Kubernetes API describes them: a file with watch output, and a `kubectl` script that follows it.
final class PodBoard {
  private struct Pod {
    let origin: Origin
    var restarts = 0
    var isDead = false
  }

  /// Milliseconds between two out-of-memory kills of a pod.
  private static let relapse = 4000

  /// Path of the `kubectl` script.
  let program: String
  private let pods: String
  private let loop: EventLoop
  private var all: [Pod]
  private let createdAt = Clock.epochMilliseconds()

  init(directory: String, origins: [Origin], loop: EventLoop) throws(SystemFailure) {
    (program, pods) = (directory + "/kubectl", directory + "/pods.jsonl")
    self.loop = loop
    all = origins.map { Pod(origin: $0) }
    try Self.write(Self.script(directory), to: program, mode: 0o700)
    try Self.write(all.map { line("ADDED", $0) }.joined(), to: pods, mode: 0o600)
    try Self.write("", to: directory + "/events.jsonl", mode: 0o600)
  }

  /// The script follows the file of the watched resource kind. With `--output name` it only shows whether the file has content.
  private static func script(_ directory: String) -> String {
    """
    #!/bin/sh
    for word in "$@"; do
      case $word in pods | events) file='\(directory)'/"$word.jsonl" ;; esac
    done
    case "$file $*" in
      ?*"--output name"*) exec cut -c1-20 "$file" ;;
      /*) exec tail -n +1 -f "$file" ;;
    esac
    echo 'error: this kubectl watches pods and events' >&2
    exit 1

    """
  }

  private static func write(_ text: String, to path: String, mode: mode_t, flags: Int32 = O_TRUNC) throws(SystemFailure)
  {
    let file = Descriptor(open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode))
    guard file.number >= 0, Output.write(text, to: file.number) else { throw .last("writing \(path)") }
  }

  /// The pods of a service are killed repeatedly by the out-of-memory killer until they are healed.
  func kill(_ service: Service) {
    for place in all.indices where all[place].origin.service == service {
      all[place].isDead = true
      all[place].restarts += 1
      tell(place)
    }
    loop.after(milliseconds: Self.relapse) { [weak self] in
      guard let self, all.contains(where: { $0.origin.service == service && $0.isDead }) else { return }
      kill(service)
    }
  }

  func heal(_ service: Service) {
    for place in all.indices where all[place].origin.service == service {
      all[place].isDead = false
      tell(place)
    }
  }

  private func tell(_ place: Int) {
    try? Self.write(line("MODIFIED", all[place]), to: pods, mode: 0o600, flags: O_APPEND)
  }

  private func line(_ type: String, _ pod: Pod) -> String {
    JSON.members(["type": .string(type), "object": object(pod)]).text + "\n"
  }

  private func object(_ pod: Pod) -> JSON {
    let (service, node) = (pod.origin.service.rawValue, pod.origin.node)
    return .members([
      "apiVersion": .string("v1"), "kind": .string("Pod"),
      "metadata": .members([
        "name": .string("\(service)-7f9c5-\(node)"), "namespace": .string("shop"),
        "labels": .members(["app": .string(service), "pod-template-hash": .string("7f9c5")]),
        "creationTimestamp": .string(Self.text(createdAt)),
      ]),
      "spec": .members([
        "nodeName": .string(node),
        "containers": .array([.members(["name": .string(service), "image": .string("registry/shop/\(service):1.4")])]),
      ]),
      "status": .members([
        "phase": .string("Running"),
        "conditions": .array([
          .members(["type": .string("Ready"), "status": .string(pod.isDead ? "False" : "True")])
        ]),
        "containerStatuses": .array([container(pod)]),
      ]),
    ])
  }

  private func container(_ pod: Pod) -> JSON {
    let waiting = JSON.members([
      "waiting": .members([
        "reason": .string("CrashLoopBackOff"), "message": .string("back-off 40s restarting failed container"),
      ])
    ])
    let ended = JSON.members([
      "terminated": .members([
        "reason": .string("OOMKilled"), "exitCode": .integer(137),
        "finishedAt": .string(Self.text(Clock.epochMilliseconds())),
      ])
    ])
    return .members([
      "name": .string(pod.origin.service.rawValue), "restartCount": .integer(pod.restarts), "ready": .bool(!pod.isDead),
      "state": pod.isDead ? waiting : .members(["running": .members([:])]),
      "lastState": pod.restarts > 0 ? ended : .members([:]),
    ])
  }

  /// UTC time with whole seconds, in the format of the API.
  private static func text(_ milliseconds: Int64) -> String {
    var time = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&time, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
