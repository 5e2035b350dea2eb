/// What `--help` and `--version` print.
enum Usage {
  static let version = "sagatop-demo 0.1.0"

  static let help = """
    usage: sagatop-demo [options] [-- COMMAND ...]

    A small shop of five services over Kafka, Redis and HTTP, to be watched. With COMMAND it runs that command with
    SAGATOP_CONFIG set to a configuration for the shop, and ends with its exit code. Without, it says how to reach
    everything and runs until it is interrupted.

      --style shop            the system to play: \(ArgumentParser.styles.joined(separator: ", "))
      --rate N                orders per second (10)
      --seed N                same seed, same orders and outcomes (1)
      --nodes N               instances of each service (3)
      --orders N              end ordering after N orders
      --scenario last-unit    100 concurrent orders for the last unit of one product
      --fault NAME[@SECONDS]  begin or end a fault, at once or so many seconds after opening; repeatable
      --broker WHICH          auto, noida, mock or HOST:PORT (auto: noida if it is there, else mock)
      --redis-port N          port of the Redis server (a free one)
      --http-port N           first port of the services' health endpoints (free ones)
      --ledger FILE           append what truly happened as JSON lines
      --lead SECONDS          how long the shop is open before COMMAND starts
      --log FILE              where the services log to
      -h, --help              this text
      -V, --version           the version

    faults, and the words that end them:
    \(faults)
    environment:
      SAGATOP_NOIDA           the noida-db program (else .cache/noida-db, here or above the executable)
    """

  private static var faults: String {
    Fault.allCases.filter { $0.undoes == nil }.map { fault in
      let end = Fault.allCases.first { $0.undoes == fault }
      return "  \(fault.rawValue)" + (end.map { ", \($0.rawValue)" } ?? "") + "\n"
    }.joined()
  }
}
