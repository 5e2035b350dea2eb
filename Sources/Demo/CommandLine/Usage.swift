import CSystem

/// The output of `--help` and `--version`.
enum Usage {
  static let version = "sagatop-demo \(SG_VERSION)"

  static let help = """
    usage: sagatop-demo [options] [-- COMMAND ...]

    A small system over Kafka, Redis and HTTP, to be watched. With COMMAND it runs that command with SAGATOP_CONFIG set
    to a configuration for the system, and ends with its exit code. Without, it says how to reach everything and runs
    until it is interrupted.

      --style STYLE           the system to play: \(Style.allCases.map(\.rawValue).joined(separator: ", ")) (shop)
      --rate N                orders per second (10)
      --seed N                same seed, same orders and outcomes (1)
      --nodes N               nodes; in the shop each runs an instance of every service (3)
      --orders N              end ordering after N orders
      --scenario last-unit    in the shop: 100 concurrent orders for the last unit
      --fault NAME[@SECONDS]  begin or end a fault, at once or so many seconds after opening; repeatable
      --broker WHICH          auto, noida, mock or HOST:PORT (auto: noida if it is there, else mock)
      --redis-port N          port of the Redis server (a free one)
      --http-port N           first port of what is served over HTTP (free ones)
      --ledger FILE           append what truly happened as JSON lines
      --lead SECONDS          how long the system is open before COMMAND starts
      --log FILE              where its parts log to
      -h, --help              this text
      -V, --version           the version

    \(Style.allCases.map(faults(of:)).joined(separator: "\n"))
    environment:
      SAGATOP_NOIDA           the noida-db program (else .cache/noida-db, here or above the executable)
    """

  private static func faults(of style: Style) -> String {
    let words = style.faults.filter { $0.undoes == nil }.map { fault in
      let end = Fault.allCases.first { $0.undoes == fault }
      return "  \(fault.rawValue)" + (end.map { ", \($0.rawValue)" } ?? "") + "\n"
    }
    return "faults in the \(style.rawValue), and the words that end them:\n" + words.joined()
  }
}
