import Foundation
import Testing

@Suite("The configuration in other programs and on the live screen", .serialized)
final class ConfigurationTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "sagatop-config-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func write(_ name: String, _ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private func python(_ script: String, _ arguments: [String] = []) throws -> Run {
    try Run.command("/usr/bin/python3", ["-c", script] + arguments)
  }

  @Test("an independent schema validator accepts each example, preset and valid file, and refuses unknown keys")
  func schema() throws {
    let run = try python(
      """
      import glob, json, re, jsonschema, yaml
      schema = json.load(open('docs/config.schema.json'))
      jsonschema.Draft202012Validator.check_schema(schema)
      whole = jsonschema.Draft202012Validator(schema)
      preset = jsonschema.Draft202012Validator(
        {'$schema': schema['$schema'], '$ref': '#/$defs/preset', '$defs': schema['$defs']})
      count = 0
      def take(validator, name, text):
          global count
          count += 1
          for error in validator.iter_errors(yaml.safe_load(text)):
              print(name, list(error.absolute_path), error.message[:200])
      fixtures = 'Tests/ConfigurationTests/Fixtures/'
      for name in glob.glob('presets/*.yaml') + glob.glob(fixtures + 'valid/presets/*.yaml'):
          take(preset, name, open(name).read())
      for name in glob.glob(fixtures + 'valid/configurations/*.yaml') + ['packaging/examples/config.yaml']:
          take(whole, name, open(name).read())
      for name in ['docs/configuration.md', 'docs/actions.md', 'docs/kubernetes.md', 'README.md']:
          for block in re.findall(r'```yaml\\n(.*?)```', open(name).read(), re.S):
              if re.search(r'^contexts:', block, re.M) and 'curentContext' not in block: take(whole, name, block)
      for kind, validator in [('configurations', whole), ('presets', preset)]:
          for name in glob.glob(fixtures + 'invalid/' + kind + '/*.txt'):
              if 'unknown key' not in open(name).read(): continue
              count += 1
              if validator.is_valid(yaml.safe_load(open(name[:-3] + 'yaml').read())): print(name, 'is taken')
      print(count)
      """)
    #expect(run.code == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 1 && (lines.last.flatMap { Int($0) } ?? 0) > 25, "\(run.output)")
  }

  @Test("config check exits with 0, with 1 on warnings, and with 78 on errors, with all positions")
  func check() throws {
    let good = try write("good.yaml", "contexts: {a: {preset: spring, kafka: {brokers: \"127.0.0.1:1\"}}}\n")
    let fine = try Run.sagatop(["config", "check", "-c", good])
    #expect(fine.code == 0 && fine.output == "\(good): the context a: ok\n" && fine.errors.isEmpty)
    let doubtful = try write(
      "doubtful.yaml", "keys: {retry: F}\ncontexts: {a: {preset: spring, kafka: {brokers: \"127.0.0.1:1\"}}}\n")
    #expect(try Run.sagatop(["config", "check", "-c", doubtful]).code == 1)
    let bad = try write(
      "bad.yaml", "keys: {retry: Enter}\ncontexts: {a: {preset: spring, kafka: {brokers: \"b:1\"}}}\n")
    let run = try Run.sagatop(["config", "check", "-c", bad])
    #expect(run.code == 78 && run.errors.contains("bad.yaml:1:8: `keys`: `retry` acts on the system"), "\(run.errors)")
    let same = try write("same.yaml", "keys: {copy: ^M}\ncontexts: {a: {preset: spring, kafka: {brokers: \"b:1\"}}}\n")
    let told = try Run.sagatop(["config", "check", "-c", same])
    #expect(told.code == 78 && told.errors.contains("same.yaml:1:8: `keys`: `copy`: `^M` cannot be told from Enter"))
    #expect(try Run.sagatop(["config", "chek"]).errors.contains("did you mean `check`?"))
  }

  @Test("config check reports the errors of keys, theme, preset and filters together, each with its place")
  func together() throws {
    let theme = try write("theme.yaml", "text: {}\nfaild: {bold: true}\nfailed: {fg: redd}\n")
    let preset = try write("preset.yaml", "name: x\ntopcs: [a]\n")
    let file = try write(
      "config.yaml",
      """
      theme: theme.yaml
      keys: {retri: R, copy: Hyper}
      filters: {late: "status:stuk"}
      contexts: {a: {preset: preset.yaml, kafka: {brokers: "b:1"}}}

      """)
    let run = try Run.sagatop(["config", "check", "-c", file])
    #expect(run.code == 78)
    for place in [
      "\(theme):2:1: unknown role `faild`", "\(theme):3:1: `failed`: `redd`", "\(preset):2:1: unknown key `topcs`",
      "\(file):2:8: `keys`: nothing is called `retri`", "\(file):2:18: `keys`: `copy`: expected a key",
      "\(file):3:17: the filter `late`: column 8: unknown status `stuk`; did you mean `stuck`?",
    ] { #expect(run.errors.contains(place), "\(place) is not in \(run.errors)") }
    let named = try write(
      "named.yaml", "theme: mon\ncontexts: {a: {preset: sprnig, kafka: {brokers: \"b:1\"}}}\n")
    let names = try Run.sagatop(["config", "check", "-c", named]).errors
    #expect(names.contains("\(named):1:8: unknown theme `mon`; did you mean `mono`?"), "\(names)")
    #expect(names.contains("\(named):2:24: unknown preset `sprnig`; did you mean `spring`?"), "\(names)")
  }

  @Test("without a file, config check names the paths that were searched and the options")
  func noFile() throws {
    let run = try Run.sagatop(["config", "check"])
    #expect(run.code == 78 && run.errors.contains("looked for ") && run.errors.contains("--config FILE"))
    let flags = try Run.sagatop(["config", "check", "--brokers", "127.0.0.1:1", "--preset", "spring"])
    #expect(flags.code == 0 && flags.output.hasPrefix("no configuration file (looked for "), "\(flags.output)")
  }

  @Test("config check warns of a literal secret and of a file that others may change, and shows no secret")
  func warnings() throws {
    let file = try write(
      "config.yaml",
      """
      notify: {command: [curl, -u, "ada:hunter2-word", "http://h"]}
      contexts: {a: {preset: spring, kafka: {brokers: "127.0.0.1:1"}, checks: {a: stuck}}}

      """)
    chmod(file, 0o666)
    let run = try Run.sagatop(["config", "check", "-c", file])
    #expect(run.code == 1 && run.output.hasSuffix(": 3 warnings\n"), "\(run.output)\(run.errors)")
    #expect(
      run.errors.contains("\(file):1:19: `command`: this may be a literal secret: ada:***; write it as ${env:NAME}"))
    #expect(run.errors.contains("\(file): other users may change it (mode 0666)") && run.errors.contains("chmod go-w"))
    #expect(!(run.errors + run.output).contains("hunter2"))
    let screen = try Tmux("'\(Binaries.sagatop)' -c '\(file)'")
    try screen.wait(for: "other users may change it (mode 0666)")
  }

  @Test("a change of theme, keys and filters keeps the sources and the pictures of the past")
  func reloadOfScreen() throws {
    let file = try write("config.yaml", Self.two)
    let run = try TerminalRun("'\(Binaries.sagatop)' -c '\(file)'")
    try run.terminal.wait(for: "sagatop  first")
    try eventually(within: 30, "a picture of the past is shown") {
      try run.terminal.type("[")
      return try run.terminal.screen.contains(" PAST ") ? true : nil
    }
    _ = try write("config.yaml", "theme: mono\nkeys: {quit: F10}\nfilters: {late: status:stuck}\n" + Self.two)
    try run.terminal.wait(for: "configuration reloaded; the sources did not change")
    #expect(try run.terminal.screen.contains(" PAST "))
    try run.terminal.type(":past 8h\n")
    try run.terminal.wait(for: "the oldest picture is of ")
    try run.terminal.type("L")
    try run.terminal.wait(until: { !$0.contains(" PAST ") }, "it is live")
    _ = try write("config.yaml", Self.two.replacingOccurrences(of: "127.0.0.1:1", with: "127.0.0.1:9"))
    try run.terminal.wait(for: "all sources are read again; ")
    #expect(try run.terminal.screen.contains("dropped"))
    try run.terminal.type("q")
    #expect(try run.terminal.exitCode() == 0)
  }

  @Test("names of key commands are the same in the program, the schema and the documentation")
  func keyNames() throws {
    let file = try write(
      "keys.yaml", "keys: {zzzzzzzzz: R}\ncontexts: {a: {preset: spring, kafka: {brokers: \"b:1\"}}}\n")
    let errors = try Run.sagatop(["config", "check", "-c", file]).errors.trimmed
    let names = try #require(errors.components(separatedBy: "; known: ").last).components(separatedBy: ", ")
    #expect(names.count > 40)
    let schema = try JSONSerialization.jsonObject(
      with: Data(contentsOf: Binaries.root.appendingPathComponent("docs/config.schema.json")))
    let properties = (schema as? [String: Any])?["properties"] as? [String: Any]
    let known = ((properties?["keys"] as? [String: Any])?["propertyNames"] as? [String: Any])?["enum"] as? [String]
    #expect(Set(known ?? []) == Set(names))
    let page = try String(contentsOf: Binaries.root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
  }

  private static let two = """
    currentContext: first
    contexts:
      first: {preset: spring, kafka: {brokers: "127.0.0.1:1"}}
      second: {preset: spring, protected: true, kafka: {brokers: "127.0.0.1:2"}}

    """

  @Test("a changed file is reloaded, an invalid one is reported and ignored, and SIGHUP does not end the screen")
  func reload() throws {
    let file = try write("config.yaml", Self.two)
    let run = try TerminalRun("'\(Binaries.sagatop)' -c '\(file)'")
    try run.terminal.wait(for: "sagatop  first")
    _ = try write("config.yaml", "currentContxt: x\n" + Self.two)
    try run.terminal.wait(for: "config.yaml:1:1: unknown key `currentContxt`")
    #expect(try run.terminal.screen.contains("sagatop  first"))
    _ = try write("config.yaml", Self.two.replacingOccurrences(of: "first", with: "other"))
    try run.terminal.wait(for: "sagatop  other")
    #expect(kill(try run.pid, SIGHUP) == 0)
    try run.terminal.wait(for: "configuration reloaded; the sources did not change")
    try run.terminal.type("q")
    #expect(try run.terminal.exitCode() == 0)
  }

  @Test(":ctx lists the contexts and switches to one; a protected one requires a confirmation")
  func contexts() throws {
    let file = try write("config.yaml", Self.two)
    let screen = try Tmux("'\(Binaries.sagatop)' -c '\(file)'")
    try screen.wait(for: "sagatop  first")
    for (typed, shown) in [
      (":ctx", "contexts: first, second"), (":ctx secnd", "no context `secnd`: the contexts are second, first"),
      (":ctx second", "is marked as protected"), (":ctx second yes", "second PROTECTED"),
      (":ctx first", "sagatop  first"),
    ] {
      try screen.type(typed)
      try screen.press("Enter")
      try screen.wait(for: shown)
    }
  }

  @Test("a check's transition is sent to a command and, signed, to a webhook; failures are reported")
  func notifications() throws {
    let told = folder.appendingPathComponent("told").path
    let server = try write(
      "server.py",
      """
      import hashlib, hmac, http.server, json, sys
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
              body = self.rfile.read(int(self.headers['Content-Length']))
              code = hmac.new(b'hook-word', body, hashlib.sha256).hexdigest()
              signed = self.headers['X-Sagatop-Signature'] == 'sha256=' + code
              open(sys.argv[1], 'a').write(json.dumps({'signed': signed, 'body': json.loads(body)}) + '\\n')
              self.send_response(500)
              self.end_headers()
          def log_message(self, *words): pass
      server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
      open(sys.argv[2], 'w').write(str(server.server_port))
      server.serve_forever()
      """)
    let port = folder.appendingPathComponent("port").path
    let web = try RunningProgram("/usr/bin/python3", [server, told, port], environment: [:])
    defer { web.send(SIGKILL) }
    let number = try eventually("the server listens") { try? String(contentsOfFile: port, encoding: .utf8).trimmed }
    let file = try write(
      "config.yaml",
      """
      notify:
        after: 2
        webhook: {url: "http://127.0.0.1:\(number)/hook", secret: hook-word}
        command: [sh, -c, 'echo "$SAGATOP_CHECK $SAGATOP_STATE $0" >> "$1"', word, "\(told).sh"]
      contexts: {a: {preset: spring, kafka: {brokers: "127.0.0.1:1"}, checks: {orders: "stuck:1:5"}}}
      """)
    let watching = try RunningProgram(
      Binaries.sagatop, ["snapshot", "-c", file, "-o", "nagios", "--watch", "200ms", "--timeout", "1s"],
      environment: ["PATH": "/usr/bin:/bin"])
    let line = try eventually("the webhook is called") { try? String(contentsOfFile: told, encoding: .utf8) }
    #expect(
      line.contains("\"signed\": true") && line.contains("\"to\": \"unknown\"")
        && line.contains("\"check\": \"orders\""))
    #expect(line.contains("\"schema\": \"sagatop.notification/v1\"") && line.contains("\"from\": null"))
    let command = try eventually("the command is run") { try? String(contentsOfFile: told + ".sh", encoding: .utf8) }
    #expect(command == "orders unknown word\n")
    watching.send(SIGTERM)
    let end = try watching.end(within: 10)
    #expect(end.errors.contains("notify: the webhook: ") && end.errors.contains("answered with 500"), "\(end.errors)")
    #expect(!end.errors.contains("hook-word"))
  }

  @Test("ids of sagas and groups of a running system are completed quickly, and nothing for an unreachable system")
  func runningSystem() throws {
    let demo = try Demo(["--broker", "noida", "--rate", "20"])
    let environment = ["SAGATOP_CONFIG": demo.configuration]
    let orders = try eventually("orders are completed") {
      let run = try Run.sagatop(["complete", "why", ""], environment: environment)
      return run.output.contains("\torder ") ? run.output : nil
    }
    let known = try demo.ledger.orders
    for line in orders.split(separator: "\n") {
      #expect(known[String(line.prefix { $0 != "\t" })] != nil, "\(line)")
    }
    let groups = try eventually("groups are completed") {
      let run = try Run.sagatop(["complete", "snapshot", "--filter", "group:pay"], environment: environment)
      return run.output.isEmpty ? nil : run.output
    }
    #expect(groups == "group:payment-service\n")
    let start = ContinuousClock.now
    let silent = try SilentPort()
    let run = try Run.sagatop(["complete", "--brokers", "127.0.0.1:\(silent.port)", "--preset", "spring", "why", ""])
    #expect(run.code == 0 && run.output.isEmpty && run.errors.isEmpty)
    #expect(ContinuousClock.now - start < .seconds(1))
  }

  @Test(
    "each shell completes options and values of the typed command",
    arguments: [
      "bash --norc -i", "zsh -f -i", "fish --no-config -i",
    ])
  func completion(shell: String) throws {
    let name = String(shell.prefix { $0 != " " })
    let file = try write("config.yaml", Self.two)
    let screen = try Tmux(
      "PATH='\(Binaries.sagatop.dropLast("/sagatop".count))':$PATH SAGATOP_CONFIG='\(file)' HOME='\(folder.path)' \(shell)"
    )
    let setup = [
      "bash": "source <(sagatop completion bash)",
      "zsh": "autoload -U compinit; compinit -u -D; source <(sagatop completion zsh)",
      "fish": "sagatop completion fish | source",
    ]
    try screen.type("\(setup[name] ?? ""); echo READ''Y")
    try screen.press("Enter")
    try screen.wait(for: "READY")
    // zsh calls no function for a `[` without quotes. bash passes the quote on.
    let quoted =
      name == "zsh"
      ? [("sagatop snapshot --check 'lag[gr", "'lag[group="), ("sagatop snapshot --check lag\\[gr", "lag\\[group=")]
      : []
    for (typed, completed) in quoted + [
      ("sagatop snap", "sagatop snapshot"), ("sagatop snapshot --vie", "--view"),
      ("sagatop snapshot --view overv", "--view overview"),
      ("sagatop snapshot --tables sagas,comp", "sagas,compensations"), ("sagatop --context sec", "--context second"),
      ("sagatop snapshot --output=nag", "--output=nagios"),
      ("sagatop snapshot --check completion", "--check completion-rate"),
      ("sagatop snapshot --theme mo", "--theme mono"), ("sagatop --preset lab-m", "--preset lab-mesh"),
      ("sagatop config --orig", "--origin"),
    ] {
      try screen.type(typed)
      try screen.press("Tab")
      try screen.wait(for: completed)
      try screen.press("C-c")
      try screen.press("C-l")
    }
  }
}
