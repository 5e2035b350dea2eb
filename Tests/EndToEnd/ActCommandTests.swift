import Foundation
import Testing

@Suite("Actions on the command line", .serialized)
struct ActCommandTests {
  /// Runs a script in the demo, with `$SAGATOP` and a private state folder. The function `running` prints orders that wait for payment.
  private func demo(_ script: String) throws -> Run {
    let prelude = """
      export XDG_STATE_HOME="$HOME/state"
      running() {
        for round in 1 2 3 4 5 6 7 8 9 10; do
          "$SAGATOP" snapshot -o json --sections sagas >"$HOME/snapshot.json"
          ids=$(tr -d ' \\n' <"$HOME/snapshot.json" | tr '{' '\\n' | sed -n 's/.*"id":"\\([0-9]*\\)".*"status":"running".*"step":"payment".*/\\1/p' | head -$1)
          if [ "$(echo "$ids" | wc -w)" -ge "$1" ]; then echo $ids; return; fi
          sleep 1
        done
      }
      """
    return try Run.demo(
      [
        "--seed", "7", "--rate", "6", "--fault", "payment-flaky@0", "--", "/usr/bin/env", "SAGATOP=\(Binaries.sagatop)",
        "sh", "-c",
        prelude + "\n" + script,
      ])
  }

  @Test(
    "a plan exits with 3, --dry-run with 0, read-only with 77, all without writing; an observed action exits with 0"
  )
  func codes() throws {
    let run = try demo(
      """
      id=$(running 1)
      "$SAGATOP" compensate $id </dev/null; echo "plan $?"
      "$SAGATOP" compensate $id --dry-run; echo "dry $?"
      "$SAGATOP" compensate $id --yes --read-only; echo "read-only $?"
      ls "$HOME/state" 2>/dev/null
      "$SAGATOP" retry nosuch --yes; echo "nosuch $?"
      "$SAGATOP" compensate $id --yes --reason 'it is "late"'; echo "done $?"
      "$SAGATOP" compensate $id --yes; echo "again $?"
      "$SAGATOP" actions -o json >/dev/null; echo "actions $?"
      grep -c '"outcome":"observed"' "$HOME/state/sagatop/audit.jsonl"
      """)
    let codes = run.output.split(separator: "\n").filter { line in
      ["plan ", "dry ", "read-only ", "nosuch ", "done ", "again ", "actions "].contains { line.hasPrefix($0) }
    }
    #expect(
      codes == ["plan 3", "dry 0", "read-only 77", "nosuch 2", "done 0", "again 2", "actions 0"],
      "\(run.output)\(run.errors)")
    #expect(run.output.hasSuffix("\n1\n"))
    #expect(run.output.contains("observed in "))
  }

  @Test("a manual compensation names the operator in the snapshot and in the saga's report")
  func trigger() throws {
    let run = try demo(
      """
      id=$(running 1)
      "$SAGATOP" compensate $id --yes --reason 'card is gone' >&2; echo "done $?"
      "$SAGATOP" snapshot -o json --sections compensations | tr -d ' \\n' | sed 's/"saga"/\\n&/g' | grep "^.saga.:.$id.," \
        | grep -o '"trigger":"[a-z]*","operator":"[^"]*"'
      "$SAGATOP" report $id | grep -A4 '^## Actions'
      """)
    #expect(run.output.hasPrefix("done 0\n"), "\(run.output)\(run.errors)")
    #expect(run.output.contains("\"trigger\":\"operator\",\"operator\":\""), "\(run.output)\(run.errors)")
    #expect(run.output.contains("## Actions") && run.output.contains("| compensate | "), "\(run.output)")
    #expect(run.output.contains("| card is gone | observed in "), "\(run.output)")
  }

  @Test("if the disk becomes full during a run, the rest is not sent, and the log has no partial line")
  func fillingDisk() throws {
    let run = try demo(
      """
      ids=$(running 6)
      (ulimit -f 6; "$SAGATOP" compensate $ids --yes; echo "middle $?") 2>&1 | cat
      "$SAGATOP" actions -o json >/dev/null; echo "whole $?"
      log="$HOME/state/sagatop/audit.jsonl"
      echo "intended $(grep -c '"record":"intended"' "$log")"
      echo "end $(tail -c 1 "$log" | od -An -tu1 | tr -d ' ')"
      """)
    let text = run.output
    #expect(text.contains("middle 2") || text.contains("middle 3"), "\(text)\(run.errors)")
    #expect(text.contains("skipped not sent: the audit log ") && text.contains("whole 0") && text.contains("end 10"))
    #expect((1...5).contains { text.contains("intended \($0)\n") }, "\(text)")
    #expect(text.contains("sagatop: the audit log "), "\(text)")
  }

  @Test("if the disk is full, nothing is sent, and the exit status is 74")
  func fullDisk() throws {
    let run = try demo(
      """
      id=$(running 1)
      (ulimit -f 0; "$SAGATOP" compensate $id --yes; echo "full $?") 2>&1 | cat
      "$SAGATOP" actions -o json | grep -c '"intent"'
      """)
    #expect(run.output.contains("full 74"), "\(run.output)\(run.errors)")
    #expect(run.output.contains("cannot be written") && run.output.hasSuffix("\n0\n"))
  }
}
