import Foundation
import Testing

@Suite("Child processes of a command")
struct DescendantsTests {
  /// Prints an event, starts a child with a grandchild, writes the grandchild's and its own pid to files, and keeps running.
  private static let script = """
    echo '{"type":"order.created","orderId":"1"}'
    sh -c 'sleep 1000 & echo $! > "$PIDS/inner"; wait' &
    trap '' TERM
    echo $$ > "$PIDS/outer"
    wait
    """

  private static let configuration = """
    contexts:
      a:
        preset: shop.yaml
        commands: {feed: {run: [sh, SCRIPT]}}
    """

  private static let preset = """
    name: shop
    topics: ["*"]
    fields: {type: type}
    sagas:
      order:
        ids: {order: orderId}
        steps: [stock, payment]
        events:
          order.created: {starts: true}
          paid: {completes: payment, ends: completed}
    """

  private func run(_ folder: Folder, _ signal: Int32) throws {
    try folder.write(Self.script, to: "feed.sh")
    try folder.write(Self.preset, to: "shop.yaml")
    try folder.write(
      Self.configuration.replacingOccurrences(of: "SCRIPT", with: folder.path("feed.sh")), to: "config.yaml")
    let program = try RunningProgram(
      Binaries.sagatop, ["record", folder.path("out.jsonl"), "--config", folder.path("config.yaml")],
      // Swift's crash report takes minutes for a debug build.
      environment: ["PIDS": folder.path, "SWIFT_BACKTRACE": "enable=no"])
    let pids = try eventually("the command's processes tell their pids") { () -> [pid_t]? in
      let pids = try? ["inner", "outer"].compactMap { pid_t(try folder.text($0).trimmed) }
      return pids?.count == 2 ? pids : nil
    }
    program.send(signal)
    _ = try program.end()
    try eventually("\(pids) have ended") { pids.allSatisfy { kill($0, 0) != 0 && errno == ESRCH } ? true : nil }
  }

  @Test(
    "end with sagatop, for any end of sagatop",
    arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGUSR1, SIGKILL])
  func ended(signal: Int32) throws { try run(try Folder(), signal) }
}
