import Glibc
import Testing

@testable import Configuration

@Suite("Several files, and the effective configuration")
struct EffectiveConfigurationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func write(_ name: String, _ text: String) throws -> String { try folder.write(text, to: name) }

  private func problems(_ file: String) throws -> [String] {
    let error = try #require(throws: ConfigurationError.self) { try resolve(file) }
    return error.problems
  }

  @discardableResult
  private func resolve(_ file: String, _ environment: [String: String] = [:]) throws -> Settings {
    var overrides = Overrides()
    overrides.configuration = file
    return try SettingsResolver(overrides: overrides, environment: environment).resolve()
  }

  private func shown(_ overrides: Overrides, _ environment: [String: String] = [:], origins: Bool = true) throws
    -> [String]
  {
    try EffectiveConfiguration(overrides: overrides, environment: environment).text(hasOrigins: origins)
      .split(separator: "\n").map(String.init)
  }

  private func line(_ lines: [String], _ name: String) throws -> String {
    try #require(lines.first { $0.contains("\(name):") }, "no line has \(name)")
  }

  @Test("the last included file takes precedence, and the including file over all; paths are relative to their file")
  func layers() throws {
    let file = try write("config.yaml", "include: [a/one.yaml, a/two.yaml]\ncontexts: {c: {preset: spring}}\n")
    try write("a/one.yaml", "theme: mono\nmaxSagas: 200\ncontexts: {c: {kafka: {brokers: one:1}}}\n")
    try write(
      "a/two.yaml",
      "maxSagas: 300\ncontexts: {c: {kafka: {brokers: two:2, properties: {sasl.password: \"${file:pw}\"}}}}\n")
    try write("a/pw", "inner-word\n")
    let settings = try resolve(file)
    #expect(settings.theme == "mono" && settings.limits.maxSagas == 300 && settings.kafka.brokers == "two:2")
    #expect(settings.kafka.properties.map(\.value) == ["inner-word"])
    #expect(settings.files.map { $0.split(separator: "/").last } == ["config.yaml", "one.yaml", "two.yaml"])
  }

  @Test("a schema that is no file, or an empty one, is told with its place, and nothing waits for it")
  func schemas() throws {
    func told(_ name: String) throws -> String {
      let file = try write(
        "config.yaml",
        "currentContext: c\ncontexts:\n  c:\n    preset: spring\n    kafka: {brokers: b:1}\n    schemas:\n      orders: \(name)\n"
      )
      let problems = try problems(file)
      #expect(problems.count == 1)
      return try #require(problems.first).replacing(file, with: "FILE").replacing(
        TextFile.directory(of: file), with: "DIR")
    }
    let pipe = try write("config.yaml", "").replacing("config.yaml", with: "pipe.avsc")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(try told("pipe.avsc") == "FILE:7:15: `schemas`: DIR/pipe.avsc: expected a file, found a pipe or a device")
    #expect(try told("/dev/zero") == "FILE:7:15: `schemas`: /dev/zero: expected a file, found a pipe or a device")
    #expect(try told("none.avsc") == "FILE:7:15: `schemas`: DIR/none.avsc: No such file or directory")
    #expect(try told(".") == "FILE:7:15: `schemas`: DIR/.: Is a directory")
    for name in ["empty.proto", "empty.avsc", "empty.desc"] {
      try write(name, "")
      #expect(try told(name) == "FILE:7:15: `schemas`: DIR/\(name) is empty")
    }
  }

  @Test("an error in an included file is reported with this file's name and position")
  func place() throws {
    let file = try write("config.yaml", "include: one.yaml\nthemes: mono\n")
    let one = try write("one.yaml", "retention: long\n")
    #expect(
      try problems(file) == [
        "\(file):2:1: unknown key `themes`; did you mean `theme`?",
        "\(one):1:12: `retention`: expected a duration such as 30s, 15m or 1h30m, found `long`",
      ])
  }

  @Test("a recursive include by any path is an error at its position")
  func cycle() throws {
    let file = try write("config.yaml", "include: a/one.yaml\n")
    let one = try write("a/one.yaml", "theme: mono\ninclude: ../a/../config.yaml\n")
    let told = try #require(try problems(file).first)
    #expect(told.hasPrefix("\(one):2:10: `include`: ") && told.contains("includes itself"))
  }

  @Test("a missing file, a file without a mapping, or too many files give an error with the position")
  func missing() throws {
    let file = try write("config.yaml", "include: none.yaml\n")
    #expect(try problems(file)[0].contains("config.yaml:1:10: `include`: "))
    #expect(try problems(file)[0].contains("No such file"))
    try write("none.yaml", "")
    #expect(try problems(file)[0].contains("none.yaml:1:1: expected a mapping"))
    let text = try write("text.yaml", "a word of another file\n")
    try write("config.yaml", "include: text.yaml\n")
    #expect(try problems(file) == ["\(file):1:10: `include`: \(text): expected a configuration, a mapping of keys"])
    #expect(mkfifo(file.replacing("config.yaml", with: "pipe"), 0o600) == 0)
    try write("config.yaml", "include: pipe\n")
    #expect(try problems(file)[0].contains("expected a file, found a pipe or a device"))
    let many = try write("many.yaml", "include: [\((0..<64).map { _ in "leaf.yaml" }.joined(separator: ", "))]\n")
    try write("leaf.yaml", "theme: mono\n")
    #expect(try problems(many)[0].contains("at most 64 files"))
  }

  @Test("each value is shown with its origin: file, flag, variable or preset")
  func origins() throws {
    let file = try write(
      "config.yaml",
      """
      include: base.yaml
      contexts:
        c:
          preset: spring
          since: 5m
          services: {pay: "http://pay:80/health"}
          sagas: {order: {steps: {payment: {deadline: 1m}}, events: {payment-failed: {ends: failed}}}}
      """)
    let base = try write("base.yaml", "contexts: {c: {kafka: {brokers: a:1}, protected: true}}\n")
    var overrides = Overrides()
    overrides.configuration = file
    overrides.redis = "redis://r"
    overrides.since = .last(.seconds(90))
    let lines = try shown(overrides, ["SAGATOP_THEME": "mono"])
    #expect(try line(lines, "theme").hasSuffix("# SAGATOP_THEME"))
    #expect(try line(lines, "brokers").hasSuffix("# \(base):1:33"))
    #expect(try line(lines, "protected").hasSuffix("# \(base):1:50"))
    #expect(try line(lines, "preset").hasSuffix("# \(file):4:13"))
    #expect(try line(lines, "since") == "    since: \"90s\"" + String(repeating: " ", count: 28) + "# --since")
    #expect(try line(lines, "servers").hasSuffix("# --redis"))
    #expect(try line(lines, "maxSagas").hasSuffix("# built in"))
    #expect(try line(lines, "compensationDeadline").contains("# preset presets/spring.yaml:"))
    #expect(lines.contains { $0.contains("deadline: \"1m\"") && $0.contains("# \(file):7:") })
    #expect(lines.contains { $0.contains("ends: failed") && $0.contains("# \(file):7:") })
    #expect(!lines.contains { $0.contains("fails: payment") })
  }

  @Test("no secret is shown, also no short one, and references are shown unresolved")
  func secrets() throws {
    let file = try write(
      "config.yaml",
      """
      notify: {webhook: {url: "http://h/x?token=tok-word", secret: hook-word}}
      contexts:
        c:
          preset: spring
          kafka: {brokers: a:1, properties: {sasl.password: abc, sasl.username: "${env:NAME}"}}
          services: {pay: {url: "http://u:pw@pay/", bearer: "${env:TOKEN}", headers: {X-Api-Key: key-word}}}
          redis: {servers: "redis://:red-word@r"}
          apis: {a: {url: "http://a", login: {path: /l, body: {email: e, password: log-word}}}}
      """)
    var overrides = Overrides()
    overrides.configuration = file
    let lines = try shown(overrides, ["NAME": "operator-name", "TOKEN": "token-word"])
    let text = lines.joined(separator: "\n")
    for word in [
      "tok-word", "hook-word", "abc", ":pw@", "key-word", "red-word", "log-word", "operator-name", "token-word",
    ] { #expect(!text.contains(word), "\(word)") }
    #expect(try line(lines, "bearer").contains("\"${env:TOKEN}\"") && line(lines, "bearer").hasSuffix("variable TOKEN"))
  }

  @Test("literal secrets in commands, URLs, headers and bodies are masked, in every output, and told with their places")
  func literalSecrets() throws {
    let file = try write(
      "config.yaml",
      """
      notify:
        webhook: https://hooks.example/services/T0/B0/Zx81kQw2Lm93PqRt
        command: [sh, -c, "curl -H 'Authorization: Bearer note-word' http://h?sig=note-sig"]
      contexts:
        c:
          preset: spring
          kafka: {brokers: a:1}
          kubernetes: {command: [kubectl, --token, kube-word-1]}
          commands: {x: {run: [mysql, -pmysql-word, "redis://:r-word@r"], messages: [{pattern: a}]}}
          sagas:
            order:
              actions:
                retry:
                  expect: {statuses: [completed], within: 30s}
                  http:
                    url: "http://h/retry/{saga.id}?token=query-word"
                    headers: {X-Api-Key: header-word}
                    body: '{"password": "body-word", "id": "{saga.id}"}'
      """)
    var overrides = Overrides()
    overrides.configuration = file
    let text = try shown(overrides).joined(separator: "\n")
    let words = [
      "Zx81kQw2Lm93PqRt", "/services", "note-word", "note-sig", "kube-word-1", "mysql-word", "r-word", "query-word",
      "header-word", "body-word",
    ]
    for word in words { #expect(!text.contains(word), "\(word) is in \(text)") }
    #expect(text.contains("https://hooks.example/***") && text.contains("{saga.id}"))
    let settings = try resolve(file)
    for word in words where word.utf8.count >= 8 && word != "/services" {
      #expect(settings.secrets.mask("<\(word)>") == "<***>", "\(word)")
      #expect(!settings.literalSecrets.joined().contains(word))
    }
    #expect(
      settings.literalSecrets.map { $0.dropFirst(file.count + 1).prefix { $0 != ":" } } == [
        "3", "8", "9", "16", "17", "18",
      ])
    #expect(settings.literalSecrets[3].hasSuffix("put the credentials into the context's `apis`"))
  }

  @Test("a server of the command line is named without its query")
  func serverName() throws {
    var overrides = Overrides()
    (overrides.server, overrides.documents) = ("http://h:1/a?token=server-word", ["/events"])
    overrides.preset = Presets.none
    let settings = try SettingsResolver(overrides: overrides, environment: [:]).resolve()
    #expect(settings.context == "http://h:1")
  }

  @Test("of an included file that is no configuration nothing is quoted, and of odd keys nothing")
  func foreign() throws {
    let file = try write("config.yaml", "include: other\ncontexts: {c: {preset: spring, kafka: {brokers: a:1}}}\n")
    let other = try write("other", "root:$6$salt:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n")
    #expect(try !problems(file).joined().contains("19000"))
    try write("other", "hunter2: x\npin: y\n")
    #expect(try problems(file) == ["\(file):1:10: `include`: \(other): no configuration: none of its keys is known"])
    try write("other", "theme: mono\n\"pass word:x\": y\n\(String(repeating: "k", count: 41)): y\n")
    let odd = try problems(file)
    #expect(
      odd.count == 2 && odd.allSatisfy { $0.contains("unknown key (not shown: it is no plain name); known here:") })
    try write("other", "theme: mono\n\"a b\": y\n\"a b\": z\n")
    #expect(try problems(file) == ["\(other):3:1: this key is a duplicate; the first is in line 2"])
    try write("other", "theme: ${file:secret}\n")
    try write("secret", "root:word-of-root:1\n")
    #expect(try !problems(file).joined().contains("word-of-root"))
  }

  @Test(
    "a configuration, an included file, a preset or a theme that others may change is warned of, with mode and cure")
  func writable() throws {
    let file = try write(
      "config.yaml", "include: a.yaml\ntheme: t.yaml\ncontexts: {c: {preset: p.yaml, kafka: {brokers: a:1}}}\n")
    let preset = "name: p\ntopics: [a]\nsagas: {s: {ids: {id: id}, events: {e: {ends: completed}}}}\n"
    let paths = [
      file, try write("a.yaml", "retention: 1h\n"), try write("p.yaml", preset), try write("t.yaml", "text: {}\n"),
    ]
    func warnings() throws -> [String] { try resolve(file).warnings.filter { $0.contains("users may change it") } }
    for path in paths { chmod(path, 0o644) }
    #expect(try warnings() == [])
    let modes: [(mode: mode_t, text: String)] = [(0o664, "0664"), (0o666, "0666"), (0o602, "0602"), (0o620, "0620")]
    for (path, (mode, shown)) in zip(paths, modes) {
      chmod(path, mode)
      #expect(
        try warnings() == [
          "\(path): other users may change it (mode \(shown)), and it may start programs: `chmod go-w \(path)`"
        ])
      chmod(path, 0o644)
    }
  }

  @Test("keys, theme, filters, checks and notifications need no new sources; all else, also a changed reference, does")
  func digest() throws {
    let context = "contexts: {c: {preset: spring, kafka: {brokers: a:1, properties: {sasl.password: '${file:pw}'}}}}\n"
    let file = try write("config.yaml", context)
    try write("pw", "first")
    let first = try resolve(file).sourceDigest
    for same in [
      "theme: mono\n" + context, "keys: {copy: Y}\nfilters: {a: status:stuck}\nnotify: {bell: true}\n" + context,
      "# a comment\n" + context.replacing("{c: {", with: "{c: {theme: mono, checks: {a: stuck}, "),
    ] {
      try write("config.yaml", same)
      #expect(try resolve(file).sourceDigest == first, "\(same)")
    }
    for other in [
      context.replacing("a:1", with: "a:2"), context.replacing("spring", with: "nest"), "retention: 2h\n" + context,
      context.replacing("{c: {", with: "{c: {protected: true, "), context.replacing("{c: {", with: "{c: {locks: [a], "),
    ] {
      try write("config.yaml", other)
      #expect(try resolve(file).sourceDigest != first, "\(other)")
    }
    try write("config.yaml", context)
    try write("pw", "second")
    #expect(try resolve(file).sourceDigest != first)
  }

  @Test("the effective configuration is a valid configuration with the same meaning")
  func readsBack() throws {
    let file = try write(
      "config.yaml",
      """
      contexts:
        c:
          preset: nest
          kafka: {brokers: [a:1, "b:2"], allowedLag: {"*": {age: 10s}}}
          locks: [{key: "l:{orderId}", lease: 3s}, "m:{orderId}"]
          checks: {one: "lag[group=a]:1:2"}
      """)
    var overrides = Overrides()
    overrides.configuration = file
    let text = try shown(overrides, origins: false).joined(separator: "\n")
    let again = try resolve(try write("again.yaml", text))
    let first = try resolve(file)
    #expect(again.system.sagas == first.system.sagas && again.system.topics == first.system.topics)
    #expect(again.system.actions.map(\.name) == first.system.actions.map(\.name))
    #expect(again.kafka.brokers == first.kafka.brokers && again.checks.map(\.name) == ["one"])
    #expect(again.system.locks == first.system.locks)
  }
}
