import Testing

@testable import Text

@Suite("Literal secrets in commands and requests")
struct LiteralSecretsTests {
  @Test(
    "a secret with its name, a known form or a random form is masked; the rest of the text stays",
    arguments: [
      (#"{"password": "hunter2"}"#, #"{"password": "***"}"#), (#"{"api_key":"abcdef"}"#, #"{"api_key":"***"}"#),
      ("--token=abcdef123", "--token=***"), ("/retry?token=abcdef&x=1", "/retry?token=***&x=1"),
      ("https://h/a?sig=ab%2Bc&x=1", "https://h/a?sig=***&x=1"),
      ("PGPASSWORD=ab psql -h db", "PGPASSWORD=*** psql -h db"),
      ("Authorization: Bearer abc def", "Authorization: ***"), ("X-Api-Key: abc", "X-Api-Key: ***"),
      (#"curl -H "Authorization: Basic YWJj" http://h"#, #"curl -H "Authorization: ***" http://h"#),
      ("mysql --password 'a b' -h db", "mysql --password '***' -h db"), ("mysql -phunter2 db", "mysql -p*** db"),
      ("mysql -psecret", "mysql -p***"), ("mysql -p123456:80 db", "mysql -p*** db"),
      ("mysql -p8080:word", "mysql -p***"), ("mysql -p80:443/sctq db", "mysql -p*** db"),
      ("mysql -p1.2:80 db", "mysql -p*** db"), ("mysql -p8080: db", "mysql -p*** db"),
      ("sshpass -p hunter2 ssh host", "sshpass -p *** ssh host"),
      ("redis-cli -a hunter2 ping", "redis-cli -a *** ping"),
      ("curl -u ada:hunter2 http://h", "curl -u ada:*** http://h"), ("curl -uada:hunter2 x", "curl -uada:*** x"),
      ("http://u:pw@h/ redis://:x@r", "http://u:***@h/ redis://:***@r"),
      ("ghp_abcdefghijklmnop0123", "***"), ("a eyJhbGciOiJIUzI1NiJ9.e30.abc z", "a *** z"),
      ("echo 9f8b2c7de01a44c3", "echo ***"), ("Bearer abcdefg123", "Bearer ***"),
      ("-----BEGIN PRIVATE KEY-----MIIE", "-----BEGIN PRIVATE KEY-----***"),
    ])
  func masked(text: String, masked: String) {
    #expect(LiteralSecrets.masked(text) == masked)
    #expect(LiteralSecrets.isFound(in: text))
  }

  @Test(
    "a reference, a field, a placeholder and an ordinary word are no secrets",
    arguments: [
      #"{"password": "{data.password}"}"#, "--token {reason}", "/tokens/{saga.id}", #"{"reason": "token"}"#,
      "/retry/{saga.id}", "token=", "--password ${env:PASSWORD}", "curl -u ada:$WORD", "-H 'Authorization: ${env:A}'",
      "--password-file /etc/word", "tokenUrl: http://h/token", "kcat -p 0 -b host:9092", "find . -print",
      "ssh -p 2222 h", "docker run -p8080:80 image", "docker run -p127.0.0.1:8080:80/tcp image",
      "podman run -p8000-8010:9000-9010/udp image", "docker run -p53/udp image", "docker run -p=8080:80 image",
      "AbstractOrderSagaV2Handler", "image@sha256:9f8b2c7de01a44c39f8b2c7de01a44c3",
      "7f3a0d3c-1111-4a2b-8c3d-0123456789ab",
      "http://host:8080/a", "kubectl get pods -o json --watch", "max_tokens=100", "mkdir -p out", "",
    ])
  func none(text: String) {
    #expect(LiteralSecrets.masked(text) == text)
    #expect(!LiteralSecrets.isFound(in: text))
  }

  @Test(
    "a password that looks like published ports is one, unless a container program publishes them",
    arguments: [
      ("mysql -p1234:5678 db", "mysql -p*** db"), ("mysql -p1234/tcp", "mysql -p***"),
      ("docker run -pbeef:80:443 image", "docker run -p*** image"),
    ])
  func likePorts(text: String, masked: String) {
    #expect(LiteralSecrets.masked(text) == masked)
  }

  @Test("an option and its value are known in a list of words, too")
  func words() {
    let words = ["redis-cli", "-h", "r", "-a", "hunter2", "--user", "ada:pw", "sh", "-c", "x --token abc"]
    let masked = ["redis-cli", "-h", "r", "-a", "***", "--user", "ada:***", "sh", "-c", "x --token ***"]
    #expect(LiteralSecrets.masked(words) == masked)
    #expect(LiteralSecrets.values(in: words) == ["hunter2", "pw", "abc"])
  }

  @Test("any text is taken", arguments: ["=", ":", "-p", "-u", "\"", "'", "://@", "?=", "token:\"", "ü=ü", "--token"])
  func odd(text: String) {
    _ = LiteralSecrets.masked([text, text])
    #expect(!LiteralSecrets.isFound(in: text))
  }
}
