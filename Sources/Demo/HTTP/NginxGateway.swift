import Glibc

/// An nginx process as reverse proxy of a demo HTTP server: loopback only, single process, files in a given directory.
final class NginxGateway {
  let port: UInt16
  private let child: ChildProcess

  /// Path of the installed program; `nil` if there is none. On Debian it is not in the PATH of normal users.
  static var program: String? { ["/usr/sbin/nginx", "/usr/bin/nginx"].first { access($0, X_OK) == 0 } }

  /// Starts it on a port that is no longer used, and waits until it accepts connections.
  init(program: String, port: UInt16, before upstream: UInt16, directory: String) throws {
    self.port = port
    let path = directory + "/nginx.conf"
    let file = Descriptor(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
    let text = Self.configuration(port: port, before: upstream, directory: directory)
    guard file.number >= 0, Output.write(text, to: file.number) else { throw SystemFailure.last("writing \(path)") }
    child = try ChildProcess(
      [program, "-p", directory, "-c", path], environment: CStrings.environment(), place: .background)
    guard child.listens(on: port) else {
      child.end(signal: SIGKILL, patience: 100)
      throw SystemFailure("\(program) does not listen on 127.0.0.1:\(port); is the port taken?")
    }
  }

  var hasEnded: Bool { waitpid(child.pid, nil, WNOHANG) != 0 }

  func end() { child.end(signal: SIGKILL, patience: 100) }

  private static func configuration(port: UInt16, before upstream: UInt16, directory: String) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(directory)/\($0);" }
    return """
      daemon off;
      master_process off;
      pid \(directory)/nginx.pid;
      error_log \(directory)/nginx.log;
      events { worker_connections 256; }
      http {
        access_log off;
        \(temporary.joined(separator: "\n  "))
        server {
          listen 127.0.0.1:\(port);
          location / {
            proxy_pass http://127.0.0.1:\(upstream);
            proxy_set_header Host $http_host;
          }
        }
      }

      """
  }
}
