import Testing

@testable import Demo

@Suite("The command line")
struct ArgumentParserTests {
  private func arguments(_ words: [String]) throws -> Arguments {
    guard case .run(let arguments) = try ArgumentParser.parse(words) else {
      throw UsageError("the words do not open the shop")
    }
    return arguments
  }

  @Test("an option's value is the next argument or follows an equals sign")
  func values() throws {
    let arguments = try arguments(["--rate", "20", "--seed=7", "--nodes=2", "--orders", "50", "--http-port=8080"])
    #expect(arguments.rate == 20)
    #expect(arguments.seed == 7)
    #expect(arguments.nodes == 2)
    #expect(arguments.orders == 50)
    #expect(arguments.httpPort == 8080)
  }

  @Test("everything after -- is the command, including its options")
  func command() throws {
    #expect(try arguments(["--rate=1", "--", "sagatop", "--rate", "-h"]).command == ["sagatop", "--rate", "-h"])
  }

  @Test(
    "help and version take precedence over later arguments",
    arguments: [["-h"], ["--help", "--nonsense"], ["--rate=1", "-h"]])
  func help(_ words: [String]) throws {
    #expect(try ArgumentParser.parse(words) == .help)
  }

  @Test(
    "a broker is a name or an address",
    arguments: [
      ("auto", BrokerChoice.auto), ("noida", .noida), ("mock", .mock), ("127.0.0.1:9092", .existing("127.0.0.1:9092")),
    ])
  func broker(_ word: String, _ expected: BrokerChoice) throws {
    #expect(try arguments(["--broker", word]).broker == expected)
  }

  @Test(
    "an invalid argument is refused with the reason and a suggestion",
    arguments: [
      (["--rat", "3"], "unknown option '--rat'; did you mean '--rate'?"),
      (["--fault=payment-dwn@3"], "unknown fault 'payment-dwn'; did you mean 'payment-down'?"),
      (["--broker=mok"], "unknown broker 'mok'; did you mean 'mock'?"),
      (["--style=nests"], "unknown style 'nests'; the styles are: shop, avro, nest, lab, chat"),
      (["--style=nest", "--fault=stock-out"], "the nest has no fault 'stock-out'"),
      (["--fault=api-hang"], "the shop has no fault 'api-hang'"),
      (["--style=nest", "--scenario=last-unit"], "the nest has no scenario 'last-unit'"),
      (["--scenario", "last-units"], "unknown scenario 'last-units'; did you mean 'last-unit'?"),
      (["--rate=fast"], "--rate takes a number from 0.01 to 5000.0, not 'fast'"),
      (["--rate=nan"], "--rate takes a number from 0.01 to 5000.0, not 'nan'"),
      (["--nodes", "0"], "--nodes takes a whole number from 1 to 16, not '0'"),
      (["--redis-port", "70000"], "--redis-port takes a port from 1 to 65535, not '70000'"),
      (["--seed"], "--seed needs a value"),
      (["--"], "-- is not followed by a command"),
      (["snapshot"], "'snapshot' is not an option; a command goes after --"),
    ])
  func refusals(_ words: [String], _ message: String) {
    #expect(throws: UsageError(message)) { try ArgumentParser.parse(words) }
  }

  @Test(
    "a snapshot waits for the effect of the last fault, the screen starts immediately, and --lead overrides both",
    arguments: [
      (["--", "sagatop"], 0),
      (["--", "sagatop", "snapshot"], 5000),
      (["--", "sh", "-c", "sagatop snapshot -o json"], 5000),
      (["--fault=stock-out@20", "--fault=poison@3", "--", "sagatop", "snapshot"], 25_000),
      (["--fault=stock-out@20", "--", "sagatop"], 0),
      (["--lead=2.5", "--", "sagatop", "snapshot"], 2500),
    ])
  func lead(_ words: [String], _ milliseconds: Int) throws {
    #expect(try arguments(words).leadMilliseconds == milliseconds)
  }
}
