import Foundation

/// An HTTP proxy that randomly closes connections before or after forwarding, refuses requests and delays them. It logs each call: key,
/// path, what it did, and the server's status.
final class FaultyProxy {
  struct Call {
    var key: String
    var path: String
    /// Whether the request was forwarded to the server.
    var isForwarded: Bool
    /// Status of the server's response.
    var status: Int?
  }

  private static let program = """
    import http.client, http.server, json, random, sys, threading, time
    host, port, log, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    random.seed(seed)
    lock = threading.Lock()
    def note(**entry):
      with lock, open(log, 'a') as file: file.write(json.dumps(entry) + '\\n')
    class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = 'HTTP/1.1'
      def log_message(self, *words): pass
      def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        key = self.headers.get('Idempotency-Key')
        with lock: fault = random.choice(['none'] * 14 + ['before', 'after', '500', '503', 'slow', 'late']) if key else 'none'
        if fault == 'slow': time.sleep(0.4)
        if fault in ('before', '500', '503'):
          note(key=key, path=self.path, forwarded=False, status=None, fault=fault)
          if fault == 'before': return self.end()
          return self.answer(int(fault), b'{"message":"faulty"}')
        upstream = http.client.HTTPConnection(host, port, timeout=20)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ('host', 'connection')}
        upstream.request('POST', self.path, body, headers)
        response = upstream.getresponse()
        text = response.read()
        if key: note(key=key, path=self.path, forwarded=True, status=response.status, fault=fault)
        if fault == 'after': return self.end()
        if fault == 'late': time.sleep(1.5)
        self.answer(response.status, text)
      def end(self):
        self.close_connection = True
        self.connection.close()
      def answer(self, status, text):
        try:
          self.send_response(status)
          self.send_header('Content-Length', str(len(text)))
          self.send_header('Connection', 'close')
          self.end_headers()
          self.wfile.write(text)
        except OSError: pass
        self.close_connection = True
      def finish(self):
        try: super().finish()
        except (OSError, ValueError): pass
    class Server(http.server.ThreadingHTTPServer):
      request_queue_size = 256
      def handle_error(self, *words): pass
    server = Server(('127.0.0.1', 0), Handler)
    with open(log + '.port', 'w') as file: file.write(str(server.server_address[1]) + '\\n')
    server.serve_forever()
    """

  let port: Int
  private let log: URL
  private let process: pid_t

  init(to url: URL, in folder: URL, seed: UInt64) throws {
    log = folder.appendingPathComponent("proxy-\(UUID().uuidString)")
    process = try Run.spawn(
      ["python3", "-c", Self.program, url.host ?? "", "\(url.port ?? 80)", log.path, "\(seed)"],
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], output: "/dev/null",
      errors: folder.appendingPathComponent("proxy-errors").path)
    let (place, pid) = (log.path + ".port", process)
    do {
      port = try eventually(within: 30, "the proxy listens") {
        (try? String(contentsOfFile: place, encoding: .utf8)).flatMap { $0.hasSuffix("\n") ? Int($0.trimmed) : nil }
      }
    } catch {
      kill(pid, SIGKILL)
      throw error
    }
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }

  func calls() throws -> [Call] {
    guard FileManager.default.fileExists(atPath: log.path) else { return [] }
    return try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap {
      guard let object = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] else { return nil }
      return Call(
        key: object["key"] as? String ?? "", path: object["path"] as? String ?? "",
        isForwarded: object["forwarded"] as? Bool ?? false, status: object["status"] as? Int)
    }
  }
}
