import Foundation
import TestSupport
import Testing

@Suite("Notifications received by other programs", .serialized)
struct NotificationTests {
  /// A configuration with one service that is polled five times per second. `notify` is YAML text.
  private static func configuration(_ folder: Folder, service port: UInt16, _ notify: String) throws {
    try folder.write(
      """
      notify: {after: 2, most: 100, \(notify)}
      contexts:
        shop:
          preset: spring
          kafka: {brokers: "127.0.0.1:1"}
          services: {payment: {url: "http://127.0.0.1:\(port)/health", interval: 200ms, timeout: 1s, body: {ignore: true}}}
          checks: {payment: "service[name=payment]"}
      """, to: "config.yaml")
  }

  private static let watch = "snapshot -c config.yaml -o nagios --watch 200ms --timeout 1s"

  private func health(_ folder: Folder, _ port: UInt16) throws -> Server {
    try folder.write("{}", to: "health")
    let server = try Server([
      "python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder.path, "\(port)",
    ])
    try eventually("the service answers") { LoopbackPort.accepts(port) ? true : nil }
    return server
  }

  @Test("a real Alertmanager has the labelled alert while the service is down, and ends it when the service returns")
  func alertmanager() throws {
    let folder = try Folder()
    try folder.write("route: {receiver: none}\nreceivers: [{name: none}]\n", to: "alertmanager.yml")
    let (web, service) = (try LoopbackPort.free(), try LoopbackPort.free())
    let alertmanager = try Server([
      "prometheus-alertmanager", "--config.file=\(folder.path)/alertmanager.yml", "--storage.path=\(folder.path)/data",
      "--web.listen-address=127.0.0.1:\(web)", "--cluster.listen-address=",
    ])
    defer { alertmanager.end() }
    let alerts = "http://127.0.0.1:\(web)/api/v2/alerts"
    try eventually(within: 60, "Alertmanager answers") { try Self.alerts(alerts) }

    try Self.configuration(folder, service: service, "webhook: {url: \"\(alerts)\", template: alertmanager}")
    let program = try RunningProgram(
      "/bin/sh", ["-c", "cd '\(folder.path)' && exec '\(Binaries.sagatop)' \(Self.watch)"])
    defer { program.send(SIGKILL) }
    let firing = try eventually(within: 60, "the alert is there") {
      try Self.alerts(alerts).flatMap { $0.isEmpty ? nil : $0 }
    }
    #expect(firing.count == 1)
    let labels = try #require(firing[0]["labels"] as? [String: String])
    #expect(
      labels == [
        "alertname": "payment", "context": "shop", "measure": "service[name=payment]", "severity": "critical",
        "source": "sagatop",
      ])
    let annotations = try #require(firing[0]["annotations"] as? [String: String])
    #expect(annotations["summary"]?.hasPrefix("payment is critical: ") == true, "\(annotations)")
    #expect((firing[0]["status"] as? [String: Any])?["state"] as? String == "active")

    let back = try health(folder, service)
    defer { back.end() }
    try eventually(within: 60, "the alert has ended") { try Self.alerts(alerts)?.isEmpty == true ? true : nil }
    back.end()
    try eventually(within: 60, "it fires again") { try Self.alerts(alerts)?.count == 1 ? true : nil }
    program.send(SIGTERM)
    #expect(try program.end(within: 10).errors == "", "nothing is complained of")
  }

  /// Active alerts; `nil` without a response.
  private static func alerts(_ url: String) throws -> [[String: Any]]? {
    let run = try Run.command("/usr/bin/env", ["curl", "-sf", url])
    return try? JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
  }

  @Test(
    "the terminal outside tmux receives the bell and the notification unchanged, with allow-passthrough",
    arguments: [
      ("osc9", "\u{1b}]9;sagatop shop: payment is "), ("osc777", "\u{1b}]777;notify;sagatop shop;payment is "),
    ])
  func terminal(kind: String, begin: String) throws {
    let folder = try Folder()
    try Self.configuration(folder, service: try LoopbackPort.free(), "bell: true, desktop: \(kind)")
    let tmux = "tmux -S '\(folder.path)/socket' -f /dev/null"
    // script(1) records the output of the outer terminal.
    let run = try Run.command(
      "/bin/sh",
      [
        "-c",
        """
        cd '\(folder.path)' || exit
        export TERM=xterm-256color LC_ALL=C.UTF-8
        \(tmux) new-session -d -x 100 -y 20 'sleep 2; exec "\(Binaries.sagatop)" \(Self.watch)'
        \(tmux) set -g allow-passthrough on
        script -qfec "\(tmux) attach" typescript </dev/null >/dev/null 2>&1 &
        for _ in $(seq 150); do grep -aq 'payment is' typescript && break; sleep 0.2; done
        sleep 1
        \(tmux) kill-server
        wait
        """,
      ])
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.path + "/typescript")), as: UTF8.self)
    #expect(text.contains(begin), "\(run.errors)\n\(text)")
    #expect(text.contains("\u{7}"))
    #expect(!text.contains("Ptmux"))
  }

  @Test("without tmux the terminal receives them unchanged")
  func plain() throws {
    let folder = try Folder()
    try Self.configuration(folder, service: try LoopbackPort.free(), "bell: true, desktop: osc777")
    let run = try Run.command(
      "/bin/sh",
      [
        "-c",
        "cd '\(folder.path)' && unset TMUX && TERM=xterm-256color timeout -s INT 10 script -qfec \"timeout -s INT 5 '\(Binaries.sagatop)' \(Self.watch)\" typescript </dev/null",
      ])
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.path + "/typescript")), as: UTF8.self)
    #expect(text.contains("\u{1b}]777;notify;sagatop shop;payment is critical"), "\(run.errors)\n\(text)")
    #expect(text.contains("\u{1b}\\\u{7}"))
  }
}
